"""The catalogue's bars: what is said to be missing opens just those who miss it, whatever the item is called."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from linyun.hub.records.filled import filled
from linyun.hub.records.items import known
from linyun.hub.records.models import Person
from linyun.hub.scan.find import Asked, count
from linyun.kernel.declare import Subject
from tests.residents import Home

pytestmark = pytest.mark.django_db
LACKING = re.compile(
    r'<details class="item" id="(\w+)".*?(?=<details class="item"|</details>\s*</details>|$)', re.DOTALL
)


def links(page: str) -> dict[str, str]:
    """By item: the address that lists who has no value for it."""
    found = {}
    for part in LACKING.finditer(page):
        href = re.search(r'href="(/desk/crowds[^"]*)"', part[0])
        if href:
            found[part[1]] = unescape(href[1])
    return found


@pytest.mark.parametrize("subject", [Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING])
def test_every_item_can_be_asked_for_and_counts_those_without(
    person: Callable[..., Person], home: Callable[..., Home], client_of: Callable[[str], Client],
    as_worker: Callable[[], object], subject: Subject,
) -> None:  # fmt: skip
    home(person(name="周桂芳", phone="19900111111", birth_date=date(1949, 3, 5)), person(name="王敏", wechat="wm1"))
    found = links(client_of("lin").get("/desk/items", {"subject": subject.value}).content.decode())
    with as_worker():  # type: ignore[attr-defined]
        every, held = filled(subject)
        items = known(subject)
        assert found.keys() == {code for code in items if held.get(code, 0) < every}
        asked = {code: Asked.text(parse_qs(urlsplit(href).query)["rule"][0], subject) for code, href in found.items()}
        for code in [*list(asked)[:6], *[c for c in ("phone", "wechat", "birth_date") if c in asked]]:
            assert count(asked[code]).yes == every - held.get(code, 0), code


def test_the_link_opens_the_list(person: Callable[..., Person], client_of: Callable[[str], Client]) -> None:
    person(name="周桂芳", phone="19900111111")
    person(name="王敏")
    lin = client_of("lin")
    page = lin.get(links(lin.get("/desk/items").content.decode())["phone"]).content.decode()
    assert "王敏" in page and "周桂芳" not in page


def test_who_may_list_nobody_is_shown_no_way(person: Callable[..., Person], client_of: Callable[[str], Client]) -> None:
    person(name="周桂芳")
    assert links(client_of("shen").get("/desk/items").content.decode()) == {}

"""The picture of ages on the desk: it counts whom the reader may see, and each line opens just those it counts."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client

from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.kernel import clock

pytestmark = pytest.mark.django_db
YEAR = clock.today().year


@pytest.fixture
def people(person: Callable[..., Person]) -> None:
    """Two women of eighty-one, a man of ninety-five, one without a birth date, and one who has left."""
    for name in ("周桂芳", "沈美琴"):
        person(name=name, sex="2", birth_date=date(YEAR - 81, 1, 1))
    person(name="陈阿宝", sex="1", birth_date=date(YEAR - 95, 1, 1))
    person(name="李无日", sex="1", birth_date=None)
    gone = person(name="王迁出", sex="2", birth_date=date(YEAR - 81, 1, 1))
    with within(""):
        Person.objects.filter(pk=gone.pk).update(status="left")


def lines(page: str) -> dict[str, tuple[str, str, str]]:
    """By label: the link, the men, the women."""
    found = re.findall(r'num">(\d+)</span><svg.*?<th scope="row"><a href="(.*?)">(.*?)</a>.*?num">(\d+)<', page)
    return {label: (unescape(href), men, women) for men, href, label, women in found}


def test_ages_are_counted_and_each_line_opens_its_crowd(people: None, client_of: Callable[[str], Client]) -> None:
    lin = client_of("lin")
    page = lin.get("/desk").content.decode()
    found = lines(page)
    assert found["80–89"][1:] == ("0", "2")
    assert found["90 以上"][1:] == ("1", "0")
    assert "另有 1 人没有登记" in page
    crowd = lin.get(found["80–89"][0]).content.decode()
    assert "周桂芳" in crowd and "沈美琴" in crowd
    assert "陈阿宝" not in crowd and "王迁出" not in crowd


def test_a_building_chief_is_not_shown_ages(people: None, client_of: Callable[[str], Client]) -> None:
    assert 'id="ages"' not in client_of("zhou").get("/desk").content.decode()


def test_a_community_without_people_has_no_empty_picture(client_of: Callable[[str], Client]) -> None:
    assert 'id="ages"' not in client_of("lin").get("/desk").content.decode()

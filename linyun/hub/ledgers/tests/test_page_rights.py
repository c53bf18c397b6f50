"""Who may do what on the pages of ledgers."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from linyun.hub.ledgers import screen, services
from linyun.hub.ledgers.tests.screens import page, post, text
from tests.characters import HERE

READS = ("ledgers", "ledger_new", "ledger_blank_new")


@pytest.mark.parametrize("key", ["zhou", "shen", "gu", "lu", "he", "yan"])
@pytest.mark.parametrize("route", READS)
def test_others_are_turned_away_with_a_sentence(client_of, areas, key, route):
    response = client_of(key).get(reverse(route))
    assert response.status_code == 403
    assert "您的岗位不能" in text(response)


def test_a_grid_worker_sees_and_writes_but_neither_exports_closes_nor_makes(client_of, neighbourhood):
    chen = client_of("chen")
    shown = page(chen, "ledger", "residents")
    assert "周桂芳" in text(shown)
    assert 'data-open="export"' not in shown.content.decode()
    assert "封账" not in [t.strip() for t in re.findall(r">([^<]+)</a>", shown.content.decode())]
    for route in ("ledger_export", "ledger_close", "ledger_drop"):
        assert post(chen, route, "residents").status_code == 403


def test_strangers_are_sent_to_sign_in(client_of, areas):
    response = client_of("").get(reverse("ledgers"))
    assert response.status_code == 302
    assert "login" in response.headers["Location"]


def test_the_stranger_next_door_finds_none_of_our_things(client_of, lin, neighbourhood, as_worker):
    with as_worker():
        entry = services.add_entry("honours", {"title": "市级文明小区"}, client_key=uuid4())
        row = services.close("lone_elders", HERE, "2025")
        made = services.make_ledger(
            {"name": "名单", "source": "person", "columns": [{"name": "姓名", "value": "name"}]}
        )
    wu = client_of("wu")
    for route, key in (("entry", entry.pk), ("closing", row.pk), ("ledger", made.code), ("ledger_close", made.code)):
        assert wu.get(reverse(route, args=[key])).status_code == 404, route
    for route, key in (("entry_withdraw", entry.pk), ("closing_export", row.pk), ("ledger_export", made.code)):
        assert wu.post(reverse(route, args=[key]), {"reason": "看看"}).status_code == 404, route
    for code in ("residents", "lone_elders", "visits", "honours"):
        said = text(page(wu, "ledger", code))
        assert not any(word in said for word in ("周桂芳", "陈阿宝", "文明小区"))


def test_a_kind_of_thing_without_a_page_has_no_address():
    assert screen.address_of("planet", uuid4()) == ""
    assert screen.address_of("person", None) == ""
    assert screen.address_of("", uuid4()) == ""

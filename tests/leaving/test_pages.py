"""The page of departures as each reader meets it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linyun.foundation.accounts.models import Post
from linyun.foundation.areas.scope import within
from linyun.foundation.leaving.models import Departure
from linyun.foundation.leaving.rules import State
from linyun.hub.records.models import Person
from tests.characters import HERE
from tests.leaving.conftest import MANY, WHY, departures, run

HERE_PAGE = "/desk/departures"


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def asked(many: list[Person], client_of: Callable[[str], Client]) -> Departure:
    """林老师 asked at the page of residents."""
    client_of("lin").post("/desk/people/export", {"reason": WHY})
    return departures()[0]


def test_whoever_asks_is_told_who_has_to_agree_and_where(
    many: list[Person], client_of: Callable[[str], Client]
) -> None:
    answer = client_of("lin").post("/desk/people/export", {"reason": WHY}, follow=True)
    said = text(answer)
    assert answer.redirect_chain == [("/desk/departures", 303)]
    assert f"名单有 {MANY} 行，超过 200 行要由另一位同事同意" in said
    assert departures()[0].number in said
    assert "街道、区的同事，在这一页处理" in said
    assert "等您处理" not in said, "her own request is not hers to decide"


def test_the_colleague_reads_what_it_is_and_agrees(
    asked: Departure, mei: Post, browser: Callable[[Post], Client], client_of: Callable[[str], Client]
) -> None:
    colleague = browser(mei)
    said = text(colleague.get(HERE_PAGE))
    for word in ("等您处理", "居民名单：全部", WHY, f"{MANY} 行", "林晓岚", asked.number):
        assert word in said
    assert "住户000" not in said, "whoever decides needs nobody's name"
    done = colleague.post(reverse("departure_agree", args=[asked.pk]), follow=True)
    assert "已同意" in text(done)
    run(asked.pk)
    mine = text(client_of("lin").get(HERE_PAGE))
    assert "梅芳已同意" in mine and "每次下载都会记下来" in mine
    assert reverse("departure_file", args=[asked.pk]) in mine
    assert reverse("departure_file", args=[asked.pk]) not in text(colleague.get(HERE_PAGE))


def test_a_refusal_reaches_the_asker(asked: Departure, client_of: Callable[[str], Client]) -> None:
    shen = client_of("shen")
    wordless = shen.post(reverse("departure_refuse", args=[asked.pk]), {"answer": ""}, follow=True)
    assert "请写明为什么不同意" in text(wordless)
    shen.post(reverse("departure_refuse", args=[asked.pk]), {"answer": "请说明是哪一次核对"})
    said = text(client_of("lin").get(HERE_PAGE))
    assert "没有同意" in said and "请说明是哪一次核对" in said


def test_the_asker_is_turned_back_with_a_sentence(asked: Departure, client_of: Callable[[str], Client]) -> None:
    answer = client_of("lin").post(reverse("departure_agree", args=[asked.pk]), follow=True)
    assert "自己的申请要由另一位同事处理" in text(answer)
    assert departures()[0].state == State.ASKED


def test_who_may_decide_is_told_on_the_page_of_the_day(
    asked: Departure, mei: Post, browser: Callable[[Post], Client], client_of: Callable[[str], Client]
) -> None:
    line = "有 1 份导出申请等您处理"
    for client in (browser(mei), client_of("shen"), client_of("gu")):
        assert line in text(client.get("/desk"))
    for key in ("lin", "wu", "chen", "zhou", "lu"):
        assert line not in text(client_of(key).get("/desk"))


def test_asking_again_for_the_same_makes_nobody_decide_twice(
    asked: Departure, client_of: Callable[[str], Client]
) -> None:
    lin = client_of("lin")
    assert asked.number in text(lin.post("/desk/people/export", {"reason": WHY}, follow=True))
    assert departures() == [asked]
    lin.post("/desk/people/export", {"reason": "另一件事"})
    assert len(departures()) == 2


def test_a_file_that_is_not_there_is_said_so(asked: Departure, client_of: Callable[[str], Client]) -> None:
    answer = client_of("lin").post(reverse("departure_file", args=[asked.pk]), follow=True)
    assert "现在不能下载" in text(answer)


@pytest.mark.parametrize("key", ["chen", "zhou", "lu", "he", "yan"])
def test_who_neither_asks_nor_decides_has_no_such_page(key: str, client_of: Callable[[str], Client]) -> None:
    assert client_of(key).get(HERE_PAGE).status_code == 403


def test_what_left_stands_in_pages_with_a_steady_number_of_queries(
    asked: Departure, client_of: Callable[[str], Client], assert_queries: Callable[..., Any]
) -> None:
    lin = client_of("lin")
    with assert_queries(12, at_most=True) as few:
        lin.get(HERE_PAGE)
    with within(HERE):
        for n in range(60):
            row = Departure.objects.get(pk=asked.pk)
            row.pk, row.state, row.says, row._state.adding = None, State.LEFT, f"第{n}份", True
            row.save(force_insert=True)
    with assert_queries(len(few)):
        first = text(lin.get(HERE_PAGE))
    assert "再看后面的" in first


def test_a_broken_cursor_begins_anew(asked: Departure, client_of: Callable[[str], Client]) -> None:
    assert asked.number in text(client_of("shen").get(HERE_PAGE, {"after": "xyz"}))


def test_a_list_that_names_somebody_is_asked_for_without_the_name(
    many: list[Person], client_of: Callable[[str], Client]
) -> None:
    """A filter of visits by person says "a resident"; who that is stands in the parameters, for the job alone."""
    client_of("lin").post("/desk/visits/export", {"reason": WHY, "person": str(many[0].pk)})
    (left,) = departures()
    assert left.says == "走访：一位居民"

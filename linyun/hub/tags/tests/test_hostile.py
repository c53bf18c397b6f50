"""Tags in hostile and careless hands: words too long, ends too far, ended ones asked for in every way, other people's tags."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.hub.records.operations import merge_people, undo
from linyun.hub.records.services import Origin, state
from linyun.hub.tags import counts
from linyun.hub.tags.models import Mark
from linyun.hub.tags.rules import SMALLEST_CELL, STEP, coarse, coarse_share, exact_share
from linyun.hub.tags.services import LONGEST_GROUND, Unsettable, borne_by, retract_tag, set_tag
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level, Subject
from linyun.kernel.rule import RuleError, compile_sql, parse, refuse_forbidden
from tests.characters import BUILDING, HERE, OTHER_BUILDING

TODAY = date(2026, 11, 23)
PEOPLE = [t for t in catalogue.tags.values() if t.subject is Subject.PERSON]
HAND = [t for t in PEOPLE if not t.rule]
OPEN = next(t for t in HAND if t.level < Level.SENSITIVE).code
ENDING = next(t for t in HAND if t.expires_days and t.code != OPEN)
SENSITIVE = next(t for t in HAND if t.level is Level.SENSITIVE)


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test plays on one day."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def hand(person: Person, on: date | None = None) -> set[str]:
    return {b.tag.code for b in borne_by("person", [person.pk], on)[person.pk] if b.mark}


def body(answer: Any) -> str:
    return answer.content.decode()


# What is set


@pytest.mark.parametrize("longer", [1, 1000])
def test_a_ground_that_no_line_holds_is_refused_in_words_and_changes_nothing(as_worker, person, longer):
    p = person()
    with as_worker():
        set_tag(p, OPEN, "上门")
        with pytest.raises(Unsettable, match="依据太长"):
            set_tag(p, OPEN, "长" * (LONGEST_GROUND + longer))
        with pytest.raises(Unsettable, match="原因太长"):
            retract_tag(p, OPEN, "长" * (LONGEST_GROUND + longer))
        assert [b.mark.ground for b in borne_by("person", [p.pk])[p.pk] if b.mark] == ["上门"]
        set_tag(p, OPEN, "长" * LONGEST_GROUND)


@pytest.mark.parametrize(("beyond", "fits"), [(-1, True), (0, True), (1, False), (9999, False)])
def test_a_tag_that_must_end_ends_no_later_than_declared(as_worker, person, beyond, fits):
    """Nobody marks a person for life with a tag that is to be looked at again each year."""
    p, until = person(), TODAY + timedelta(days=(ENDING.expires_days or 0) + beyond)
    with as_worker():
        if fits:
            assert set_tag(p, ENDING.code, "上门", until).until == until
            return
        with pytest.raises(Unsettable, match=f"最长有效 {ENDING.expires_days} 天"):
            set_tag(p, ENDING.code, "上门", until)
        assert hand(p) == set()


def test_a_refused_renewal_leaves_the_tag_that_was_there(as_worker, person):
    p = person()
    with as_worker():
        first = set_tag(p, ENDING.code, "残疾证", TODAY + timedelta(days=9))
        for attempt in ({"ground": ""}, {"ground": "x", "until": TODAY}, {"ground": "x", "until": date(2999, 1, 1)}):
            with pytest.raises(Unsettable):
                set_tag(p, ENDING.code, **attempt)
        first.refresh_from_db()
        assert first.retracted_at is None and hand(p) == {ENDING.code}


def test_the_page_answers_in_words_what_the_verb_refuses(client_of, person):
    p = person()
    client, address = client_of("lin"), reverse("tag_set", args=[p.pk])
    far = {"tag": ENDING.code, "ground": "上门", "until": "2999-01-01"}
    for posted in (
        {"tag": OPEN},
        {"tag": "x", "ground": "上门"},
        {"tag": OPEN, "ground": "上门", "until": "昨天"},
        far,
    ):
        assert client.post(address, posted).status_code == 422
    with within(HERE):
        assert not Mark.objects.exists()


# What has ended


@pytest.fixture
def ended(as_worker, person):
    """Somebody with a tag until tomorrow, looked at the day after."""
    p = person(name="周桂芳")
    with as_worker():
        set_tag(p, OPEN, "邻居说起过", TODAY + timedelta(days=1))
    return p


def test_an_ended_tag_is_seen_nowhere(client_of, as_worker, ended, monkeypatch):
    """Not on the person's page, in the list, in the counts."""
    client = client_of("lin")
    places = {
        "person": reverse("person_tags", args=[ended.pk]),
        "marks": "/desk/tags/marks",
    }
    before = {place: body(client.get(address)) for place, address in places.items()}
    assert "邻居说起过" in before["person"] and "周桂芳" in before["marks"]
    monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=1))
    counts.KEPT.clear()
    assert "邻居说起过" not in body(client.get(places["person"]))
    assert "周桂芳" not in body(client.get(places["marks"]))
    with as_worker():
        assert counts.by_hand(clock.today()) == {}
        assert hand(ended) == set()
        assert Mark.objects.get().ground == "邻居说起过", "the books keep it"


def test_the_terms_of_rules_know_only_what_is_in_force(as_worker, ended, monkeypatch):
    with as_worker():
        for day, n in ((TODAY, 1), (TODAY + timedelta(days=1), 0)):
            compiled = compile_sql(parse("mark_count >= 1", Subject.PERSON, vocabulary()), "s", day, vocabulary())
            with connection.cursor() as cursor:
                query = f"select count(*) from records_person s where {compiled.sql}"  # noqa: S608 - the house's own
                cursor.execute(query, compiled.params)
                assert cursor.fetchone() == (n,), day


# Who sees what


def test_a_chief_sees_no_dictionary_no_marks_and_no_tags_of_a_neighbour(client_of, as_worker, person):
    p = person(name="周桂芳", area=BUILDING)
    with as_worker():
        set_tag(p, SENSITIVE.code, "残疾证")
    chief = client_of("zhou")
    for address in ("/desk/tags", f"/desk/tags/tag?code={SENSITIVE.code}", "/desk/tags/marks"):
        assert chief.get(address).status_code == 403, address
    answer = chief.get(reverse("person_tags", args=[p.pk]))
    assert answer.status_code in (403, 404)
    assert SENSITIVE.name not in body(chief.get("/desk"))


def test_the_list_of_marks_tells_no_sensitive_ones_and_counts_none_of_them(client_of, as_worker, person):
    p = person(name="周桂芳")
    with as_worker():
        set_tag(p, SENSITIVE.code, "残疾证", TODAY + timedelta(days=3))
    page = body(client_of("lin").get("/desk/tags/marks"))
    assert "周桂芳" not in page and "30 天内到期" not in page and "还没有手工设置的标签" in page


def test_looking_at_the_list_of_marks_leaves_a_trace(client_of, as_worker, person):
    with as_worker():
        set_tag(person(), OPEN, "上门")
    client_of("lin").get("/desk/tags/marks")
    with within(HERE):
        assert Act.objects.get(verb="people_listed", detail__by="marks").detail["count"] == 1


def test_a_grid_lists_the_marks_of_its_own_people_alone(client_of, as_worker, person):
    mine, other = person(name="周桂芳", area=BUILDING), person(name="陈阿宝", area=HERE + "002")
    with as_worker():
        for one in (mine, other):
            set_tag(one, OPEN, "上门")
    page = body(client_of("chen").get("/desk/tags/marks"))
    assert "周桂芳" in page and "陈阿宝" not in page


@pytest.mark.parametrize("code", ["", "no_such", "' or 1=1 --", "\u0000", "x" * 5000, "<script>"])
def test_codes_that_are_none_are_not_found_and_never_an_error(client_of, areas, code):
    answer = client_of("lin").get("/desk/tags/tag", {"code": code})
    assert answer.status_code == (200 if not code else 404)


@pytest.mark.parametrize(
    "posted", [{"subject": "cats"}, {"subject": ""}, {"q": "x" * 5000}, {"q": "%"}, {"q": "\u0000"}]
)
def test_any_question_to_the_dictionary_is_answered(client_of, areas, posted):
    assert client_of("lin").get("/desk/tags", posted).status_code == 200


# What follows from items


def test_a_computed_tag_is_there_the_moment_the_item_is_and_gone_when_it_is_corrected(as_worker, person):
    p = person()
    with as_worker():

        def borne() -> set[str]:
            return {b.tag.code for b in borne_by("person", [p.pk])[p.pk]}

        state(p, {"birth_date": "1930-01-01"}, source="roster", origin=Origin("import"))
        assert "aged_60" in borne()
        state(p, {"birth_date": "1990-01-01"}, source="visit", origin=Origin("visit"))
        assert "aged_60" not in borne()


@pytest.mark.parametrize("tag", [t for t in PEOPLE if t.rule][:6], ids=lambda t: t.code)
def test_a_computed_tag_can_be_neither_set_nor_taken_back_by_hand(as_worker, person, tag):
    p = person()
    with as_worker():
        with pytest.raises(Unsettable, match="自动计算"):
            set_tag(p, tag.code, "上门")
        with pytest.raises(Unsettable, match="已经取消或到期"):
            retract_tag(p, tag.code, "不对")


def test_of_two_records_made_one_the_kept_one_keeps_its_tags_and_undo_gives_the_other_its_own_back(as_worker, person):
    stays, goes = person(name="周桂芳"), person(name="周桂芳")
    with as_worker():
        set_tag(stays, OPEN, "上门")
        set_tag(goes, ENDING.code, "残疾证")
        operation = merge_people(stays, goes, "同一人")
        assert OPEN in hand(stays)
        undo(operation.pk, "不是同一人")
        assert hand(goes) == {ENDING.code} and hand(stays) == {OPEN}


# Words that may not be


@pytest.mark.parametrize("word", ["信访", "上访", "维稳"])
def test_names_that_brand_people_are_in_no_dictionary_and_in_no_rule(as_worker, areas, word):
    assert refuse_forbidden(word)
    assert not [t for t in catalogue.tags.values() if word in t.name or any(word in n for n in t.names)]
    with as_worker(), pytest.raises(RuleError):
        parse(f"tag = {word}", Subject.PERSON, vocabulary())


def test_every_tag_set_by_hand_says_what_for_whose_and_how_it_ends():
    assert [t.code for t in HAND if not (t.purpose and t.owner in catalogue.departments and t.meaning)] == []
    assert [t.code for t in HAND if t.level is Level.SENSITIVE and not t.expires_days] == [], "sensitive ones end"


# Numbers


@given(a=st.integers(0, 10_000), b=st.integers(0, 10_000))
def test_rounded_numbers_keep_their_order_and_hide_one_person(a, b):
    shown = coarse(a)
    assert shown is None or abs(shown - a) <= STEP // 2
    assert (shown is None) == (0 < a < SMALLEST_CELL)
    if a <= b and None not in (shown, coarse(b)):
        assert shown <= coarse(b)


@given(part=st.integers(0, 500), rest=st.integers(0, 500))
def test_a_share_never_tells_of_fewer_than_five_on_either_side(part, rest):
    share = coarse_share(part, part + rest)
    if 0 < part < SMALLEST_CELL or 0 < rest < SMALLEST_CELL:
        assert share is None
    assert share is None or 0 < share <= 1
    exact = exact_share(part, part + rest)
    assert exact is None or part >= SMALLEST_CELL


# The command


def test_the_command_of_an_unknown_subject_or_area_says_so(areas):
    with pytest.raises(CommandError):
        call_command("tags", "list", "--subject=cats", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("tags", "forget", stdout=StringIO())


def test_without_an_area_the_command_counts_nobody(as_worker, person):
    with as_worker():
        set_tag(person(), OPEN, "上门")
    out = StringIO()
    call_command("tags", "list", stdout=out)
    assert f"\t{OPEN}\n" in out.getvalue()


def test_counts_kept_for_one_building_are_not_told_in_another(as_character, as_worker, person):
    with as_worker():
        set_tag(person(area=OTHER_BUILDING), OPEN, "上门")
    with as_character("zhou"):
        assert counts.kept_counts(Subject.PERSON, TODAY)[OPEN] == 0
    with as_character("lin"):
        assert counts.kept_counts(Subject.PERSON, TODAY)[OPEN] == 1


def test_what_is_kept_does_not_grow_for_ever(as_worker, areas, monkeypatch):
    monkeypatch.setattr(counts, "counts", lambda *given: {})
    with as_worker():
        for n in range(counts.MOST_KEPT + 20):
            counts.kept_counts(Subject.PERSON, TODAY + timedelta(days=n))
        assert len(counts.KEPT) <= counts.MOST_KEPT + 1

"""What sources say differently: the list in SQL agrees with the page of one person, is settled with a ground, stays inside."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records import disagreements
from linyun.hub.records.lineage import held
from linyun.hub.records.models import Person, Statement, Status
from linyun.hub.records.services import Origin, ReasonMissing, Unstatable, retract, settle, state
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.ids import uuid7
from linyun.kernel.values.identity import make
from tests.characters import BUILDING_THERE
from tests.residents import add_person

DAY = date(2026, 3, 1)


def told(subject: Person, source: str, days: int = 0, **values: object) -> Statement:
    return state(subject, values, source=source, origin=Origin(source), true_on=DAY + timedelta(days=days))


@pytest.fixture
def twice(person, as_worker):
    """周桂芳, whose phone the roster and a visit tell differently."""
    p = person(phone="19900111111", source="roster")
    with as_worker():
        told(p, "visit", phone="19900222222")
    return p


def test_both_words_stand_side_by_side_the_one_that_holds_first(as_worker, twice):
    with as_worker():
        (one,), following, total = disagreements.listed()
        assert (one.person_id, one.item.code, following) == (twice.pk, "phone", None)
        assert [(s.value, s.holds) for s in one.sides] == [("199****2222", True), ("199****1111", False)]
        assert [s.source for s in one.sides] == [catalogue.sources[code].name for code in ("visit", "roster")]
        assert disagreements.count() == total == 1


def test_settled_it_is_gone_and_the_settled_value_holds(as_worker, twice):
    with as_worker():
        (one,), _, _ = disagreements.listed()
        disagreements.settle_with(twice, "phone", one.sides[1].statement, "当面拨通")
        twice.refresh_from_db()
        assert twice.phone == "19900111111"
        assert disagreements.count() == 0
        act = Act.objects.get(verb="value_settled")
    assert act.reason == "当面拨通"


def test_something_newer_opens_it_again(as_worker, twice):
    with as_worker():
        settle(twice, "phone", "19900111111", "当面拨通")
        told(twice, "roster", days=(clock.today() - DAY).days + 1, phone="19900333333")
        assert disagreements.count() == 1


def test_the_same_word_of_two_sources_is_no_disagreement(as_worker, person):
    number = make("310110", date(1950, 1, 1), 998)
    p = person(phone="19900111111", identity_number=number, source="roster")
    with as_worker():
        told(p, "visit", phone="19900111111", identity_number=number)
        assert disagreements.count() == 0


def test_a_document_number_is_compared_by_digest_and_shown_masked(as_worker, person):
    first, second = make("310110", date(1950, 1, 1), 998), make("310110", date(1950, 1, 1), 996)
    p = person(identity_number=first, source="roster")
    with as_worker():
        told(p, "visit", identity_number=second)
        (one,), _, _ = disagreements.listed()
        shown = [s.value for s in one.sides]
        disagreements.settle_with(p, "identity_number", one.sides[1].statement, "看过身份证")
        p.refresh_from_db()
        assert disagreements.count() == 0
    assert first not in str(shown)
    assert second not in str(shown)
    assert shown[0] != shown[1]


def test_sensitive_values_are_not_listed(as_worker, person):
    p = person(aid_type="1", source="roster")
    with as_worker():
        told(p, "visit", aid_type="2")
        (one,), _, _ = disagreements.listed()
    assert one.is_sensitive
    assert {s.value for s in one.sides} == {None}


def test_what_was_taken_back_and_who_left_do_not_count(as_worker, twice, person):
    gone = person(name="迁出者", education="20", source="roster")
    with as_worker():
        told(gone, "visit", education="30")
        assert disagreements.count() == 2
        Person.objects.filter(pk=gone.pk).update(status=Status.LEFT)
        origin = Origin("visit", uuid7())
        state(twice, {"phone": "19900444444"}, source="police", origin=origin, true_on=DAY)
        retract(origin, twice.area)
        assert [d.person_id for d in disagreements.listed()[0]] == [twice.pk]


def test_words_about_a_merged_duplicate_count_for_the_one_kept(as_worker, person):
    kept, double = (
        person(name="周桂芳", phone="19900111111"),
        person(name="周桂芬", phone="19900222222", source="roster"),
    )
    with as_worker():
        Person.objects.filter(pk=double.pk).update(merged_into=kept, status=Status.MERGED)
        codes = {(d.person_id, d.item.code) for d in disagreements.listed()[0]}
    assert codes == {(kept.pk, "phone"), (kept.pk, "name")}


def test_pages_follow_each_other_without_loss(as_worker, person):
    people = [person(name=f"人{n}", phone="19900111111", source="roster") for n in range(5)]
    with as_worker():
        for p in people:
            told(p, "visit", phone="19900222222")
        seen, cursor = [], ""
        while cursor is not None:
            page, cursor, total = disagreements.listed(cursor, size=2)
            assert total == 5
            seen += [d.person_id for d in page]
        assert len(seen) == len(set(seen)) == 5
        assert len(disagreements.listed("nonsense")[0]) == 5


def test_the_stranger_sees_none_of_it(as_character, twice):
    with as_character("wu"):
        assert disagreements.count() == 0
        assert disagreements.listed() == ([], None, 0)
        with pytest.raises(Person.DoesNotExist):
            Person.objects.get(pk=twice.pk)


def test_it_takes_a_ground_and_a_word_of_this_person(as_worker, twice, person):
    with as_worker():
        (one,), _, _ = disagreements.listed()
        with pytest.raises(ReasonMissing):
            disagreements.settle_with(twice, "phone", one.sides[0].statement, "  ")
        with pytest.raises(Unstatable):
            disagreements.settle_with(twice, "sex", one.sides[0].statement, "核对")
        other = person(name="别人", phone="19900999999")
        with pytest.raises(Statement.DoesNotExist):
            disagreements.settle_with(other, "phone", one.sides[0].statement, "核对")


WORDS = st.tuples(
    st.sampled_from(["roster", "visit", "police", "desk", "settle"]),
    st.sampled_from(["10", "20", None]),
    st.integers(0, 4),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=6))
def test_the_list_says_what_the_page_of_one_person_says(as_worker, areas, words):
    """Two statements of the same rule: SQL over everybody, Python over one."""
    p = add_person(name="周桂芳")
    with as_worker():
        for source, value, days in words:
            told(p, source, days, education=value)
        on_page = {code for code, one in held("person", p.pk).items() if one.disagree}
        listed = {d.item.code for d in disagreements.listed(size=100)[0] if d.person_id == p.pk}
    assert listed == on_page


def body(answer) -> str:
    return answer.content.decode()


def test_the_page_lists_and_settles(client_of, twice, assert_queries, as_worker):
    client = client_of("lin")
    client.get("/desk/disagreements")
    with assert_queries(11, at_most=True):
        page = body(client.get("/desk/disagreements"))
    assert "周桂芳" in page
    assert "199****2222" in page
    assert "19900222222" not in page
    with as_worker():
        statement = disagreements.listed()[0][0].sides[0].statement
    address = f"/desk/disagreements/{twice.pk}/phone"
    assert "请写明依据" in body(client.post(address, {"statement": statement, "reason": ""}, follow=True))
    assert "请选择以哪一条为准" in body(client.post(address, {"reason": "核对"}, follow=True))
    assert "各处说法一致" in body(client.post(address, {"statement": statement, "reason": "当面拨通"}, follow=True))


@pytest.mark.parametrize("who", ["chen", "zhou", "shen", "gu", "he", "yan"])
def test_only_workers_settle(client_of, twice, who):
    assert client_of(who).get("/desk/disagreements").status_code == 403


def test_a_stranger_cannot_settle_here(client_of, twice):
    answer = client_of("wu").post(f"/desk/disagreements/{twice.pk}/phone", {"statement": uuid7(), "reason": "核对"})
    assert answer.status_code == 404
    add_person(name="外人", area=BUILDING_THERE)
    with within(""):
        assert Statement.objects.filter(source="settle").count() == 0

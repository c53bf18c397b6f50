"""Finding people: every way of asking, what is too little to ask with, who is not to be found, and what is shown."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.hub.records import operations
from linyun.hub.records.models import Dwelling, Person, Status
from linyun.hub.records.search import LONGEST, search
from linyun.hub.records.services import Origin, sealer, state
from tests.characters import BUILDING_THERE
from tests.residents import add_home, add_person, number_of

BORN = date(1949, 3, 5)
PEOPLE = {
    "周桂芳": ("19900123456", "公交新村12号302室"),
    "周桂英": ("19900654321", "公交新村2号101室"),
    "欧阳志远": ("19900777777", "公交新村2号102室"),
    "阿卜杜·热西提": ("19900888888", "公交新村3号甲单元201室"),
    "Anna Keller": ("19900999999", "公交新村3号B座1102室"),
}


@pytest.fixture
def street(areas: Any) -> SimpleNamespace:
    found = {}
    for n, (name, (phone, address)) in enumerate(PEOPLE.items()):
        p = add_person(name=name, phone=phone, birth_date=BORN.replace(year=1949 + n))
        add_home(p, address=address)
        found[name] = p
    return SimpleNamespace(**{f"p{n}": p for n, p in enumerate(found.values())})


ASKED = [
    ("周桂芳", ["周桂芳"], "full name"),
    ("周桂", ["周桂芳", "周桂英"], "beginning of a name"),
    ("桂", [], "one character in the middle is too little"),
    ("周", ["周桂芳", "周桂英"], "one character begins a name"),
    ("志远", ["欧阳志远"], "given name"),
    ("热西提", ["阿卜杜·热西提"], "part of a long name"),
    ("阿卜杜·热西提", ["阿卜杜·热西提"], "with its dot"),
    ("阿卜杜热西提", [], "without its dot it is another name"),
    ("zgf", ["周桂芳"], "initials"),
    ("zg", ["周桂芳", "周桂英"], "first initials"),
    ("ZGY", ["周桂英"], "initials in capitals"),
    ("zhougui", ["周桂芳", "周桂英"], "spelling"),
    ("ouyang", ["欧阳志远"], "spelling of a double surname"),
    ("oyzy", ["欧阳志远"], "initials of a double surname"),
    ("gf", [], "initials begin at the surname"),
    ("19900123456", ["周桂芳"], "whole phone"),
    ("3456", ["周桂芳"], "end of a phone"),
    ("199001", ["周桂芳"], "beginning of a phone"),
    ("199009999990", [], "a digit too many"),
    ("12号302", ["周桂芳"], "door"),
    ("12-302", ["周桂芳"], "door with a dash"),
    ("12 302", ["周桂芳"], "door with a space"),
    ("公交新村2号", ["周桂芳", "周桂英", "欧阳志远"], "an address up to the number finds those whose number ends so"),
    ("公交新村", sorted(PEOPLE), "an estate"),
    ("甲单元", ["阿卜杜·热西提"], "a unit"),
    (" 周 桂 芳 ", ["周桂芳"], "spaces in a name"),
    ("周桂芳\n", ["周桂芳"], "a line break from a copied cell"),
    ("桂芳周", [], "the wrong way round"),
    ("周桂芳%", ["周桂芳"], "a wildcard is not one"),
    ("zg_", ["周桂芳", "周桂英"], "nor is this"),
]


@pytest.mark.parametrize(("asked", "expected"), [a[:2] for a in ASKED], ids=[a[2] for a in ASKED])
def test_asked_so_found_these(as_worker, street, asked, expected):
    with as_worker():
        assert sorted(h.name for h in search(asked)) == sorted(expected)


@pytest.mark.parametrize("asked", ["anna", "Anna", "B座1102"])
def test_who_has_no_chinese_name_is_found_too(as_worker, street, asked):
    with as_worker():
        assert [h.name for h in search(asked)] == ["Anna Keller"]


@pytest.mark.parametrize("asked", ["Anna王", "B座"])
def test_mixed_writing_is_looked_for_in_names_and_addresses(as_worker, street, asked):
    add_person(name="Anna王")
    with as_worker():
        assert [h.name for h in search(asked)] == [{"Anna王": "Anna王", "B座": "Anna Keller"}[asked]]


@pytest.mark.parametrize("wrong", ["0000", "000X", "1234"])
def test_the_last_four_find_those_of_that_number_only(as_worker, street, wrong):
    number = number_of(BORN)
    p = add_person(name="有号者", identity_number=number)
    with as_worker():
        assert p.pk in [h.id for h in search(number[-4:])]
        assert p.pk in [h.id for h in search(number[-4:].lower())]
        assert wrong == number[-4:] or p.pk not in [h.id for h in search(wrong)]
        assert p.pk not in [h.id for h in search(number[-5:-1])]


@pytest.mark.parametrize("status", [s for s in Status if s != Status.LIVE])
def test_who_is_not_on_the_register_now_is_not_found(as_worker, street, status):
    with as_worker():
        Person.objects.filter(pk=street.p0.pk).update(status=status)
        assert search("周桂芳") == []


def test_a_merged_record_is_found_once_as_the_one_kept(as_worker, street):
    double = add_person(name="周桂芳")
    with as_worker():
        assert len(search("周桂芳")) == 2
        operations.merge_people(street.p0, double, "同一人")
        assert [h.id for h in search("周桂芳")] == [street.p0.pk]


def test_a_new_name_is_found_at_once_by_letters_and_the_old_one_no_more(as_worker, street):
    with as_worker():
        state(street.p0, {"name": "陈美丽"}, source="desk", origin=Origin("desk"))
        assert [h.name for h in search("cml")] == ["陈美丽"]
        assert [h.name for h in search("chenmeili")] == ["陈美丽"]
        assert search("zgf") == []


def test_a_hit_shows_what_tells_namesakes_apart_and_no_number(as_worker, street):
    state_of = {"sex": "2", "identity_number": number_of(BORN)}
    with as_worker():
        state(street.p0, state_of, source="desk", origin=Origin("desk"))
        (hit,) = search("周桂芳")
    assert (hit.sex, hit.birth_year, hit.address) == ("2", 1949, "公交新村12号302室")
    assert number_of(BORN) not in str(hit)
    assert sealer.digest(number_of(BORN)) not in str(hit)


def test_who_moved_is_found_at_the_new_door_only(as_worker, street):
    with as_worker():
        new = Dwelling.objects.get(address="公交新村2号101室")
        for kind in ("actual", "registered"):
            operations.move_in(street.p0, new, kind, date(2026, 5, 1), "搬")
        assert search("12号302") == []
        assert sorted(h.name for h in search("2号101")) == ["周桂芳", "周桂英"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_than_asked_for_the_exact_name_among_them(as_worker, areas, limit):
    for name in ("王敏华", "王敏", "王敏慧", "王敏捷"):
        add_person(name=name)
    with as_worker():
        found = search("王敏", limit=limit)
    assert len(found) == limit
    assert found[0].name == "王敏"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=60), st.text("周桂芳zgf0123456789Xx%_\\'\";-·号室 ", max_size=20)))
def test_nothing_that_is_typed_breaks_it_or_finds_a_stranger(as_worker, street, text):
    with as_worker():
        assert {h.name for h in search(text)} <= set(PEOPLE)


def test_a_very_long_text_is_cut_before_it_is_looked_for(as_worker, street):
    with as_worker():
        assert search("周桂芳" + "啊" * 10_000) == []
        assert [h.name for h in search(" " * 10_000 + "周桂芳")] == ["周桂芳"]
    assert LONGEST < 100


@pytest.mark.parametrize("asked", ["周桂芳", "zgf", "19900123456", "12号302", "公交新村"])
@pytest.mark.parametrize("who", ["wu", "chen", "zhou", "shen"])
def test_each_finds_within_their_area(as_character, street, asked, who):
    """The stranger nobody; those of the grid, the building and the street, who see 1号楼, the same as the worker."""
    add_person(name="远方人", area=BUILDING_THERE)
    with as_character("lin"):
        expected = [h.id for h in search(asked)]
    with as_character(who):
        assert [h.id for h in search(asked)] == ([] if who == "wu" else expected)

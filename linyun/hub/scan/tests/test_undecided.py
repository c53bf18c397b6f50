"""Why somebody cannot be decided: facts as the database holds them agree with what SQL says of the same people."""

from datetime import date, timedelta

import pytest

from linyun.hub.records.models import Kin
from linyun.hub.scan import find
from linyun.hub.scan.find import Asked
from linyun.hub.scan.undecided import facts, missing
from linyun.hub.tags.services import set_tag
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.rule import evaluate

HAND_SET = "标签 = {}"


def hand_set() -> str:
    return next(t.code for t in catalogue.tags.values() if not t.rule and t.subject is Subject.PERSON)


@pytest.fixture
def family(person, home, as_worker):
    """A mother and a daughter of unknown age who live together, and a man of whom only the name is known."""
    mother = person(name="周桂芳", birth_date=date(1945, 1, 1), sex="2")
    daughter = person(name="周敏")
    home(mother, daughter)
    with as_worker():
        Kin.objects.create(area=mother.area, person=mother, relative=daughter, kind="30")
    return mother, daughter, person(name="某人")


RULES = (
    "年龄 >= 70",
    "年龄 >= 70 且 性别 = 女",
    "标签 = 独居老人",
    "子女 有人 (年龄 < 60)",
    "子女 无人 (年龄 < 60) 且 年龄 >= 70",
    "同住家人 人数 (年龄 >= 60) >= 1",
    "现住房屋 有 (有电梯 = 否)",
    "联系电话 为空 或 年龄 < 3",
)


@pytest.mark.parametrize("rule", RULES)
def test_one_person_at_a_time_is_what_the_database_says(as_worker, family, rule):
    with as_worker():
        asked = Asked.text(rule)
        unknown, yes = set(find.ids(asked, unknown=True)), set(find.ids(asked))
        for pk, known in facts(asked, [p.pk for p in family]).items():
            truth = evaluate(asked.rule, known, asked.today)
            assert truth is (None if pk in unknown else pk in yes), rule


@pytest.mark.parametrize("rule", RULES)
def test_everybody_undecided_is_told_what_is_lacking(as_worker, family, rule):
    with as_worker():
        asked = Asked.text(rule)
        unknown = find.ids(asked, unknown=True)
        lacking = missing(asked, unknown)
    assert set(lacking) == set(unknown)
    assert all(lacking.values())


def test_what_is_lacking_is_named_along_the_relation(as_worker, family):
    with as_worker():
        asked = Asked.text("子女 有人 (年龄 < 60)")
        assert missing(asked, [family[0].pk]) == {family[0].pk: ["子女的年龄"]}


def test_only_what_decides_is_asked_for(as_worker, family):
    """Of an old woman's rule a man with unknown sex lacks both; one whose age is known lacks the sex only."""
    with as_worker():
        asked = Asked.text("年龄 >= 70 且 性别 = 女")
        assert missing(asked, [family[2].pk])[family[2].pk] == ["年龄", "性别"]


def test_a_hand_set_tag_counts_as_it_stands(as_worker, family):
    with as_worker():
        set_tag(family[1], hand_set(), "上门核实", until=clock.today() + timedelta(days=3))
        asked = Asked.text(f"tag = {hand_set()} 且 年龄 >= 70")
        assert find.ids(asked, unknown=True) == [family[1].pk]
        assert missing(asked, [family[1].pk]) == {family[1].pk: ["年龄"]}


def test_queries_do_not_grow_with_people(as_worker, family, person, assert_queries):
    more = [person(name=f"某{n}") for n in range(10)]
    with as_worker():
        asked = Asked.text("子女 有人 (年龄 < 60) 且 年龄 >= 70")
        with assert_queries(3):
            facts(asked, [p.pk for p in (*family, *more)])

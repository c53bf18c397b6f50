"""Family and household in rules: every quantity and every count, with all the ways in which the unknown may turn out."""

import itertools
from operator import eq, ge, gt, le, lt, ne

import pytest

from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, Sense, compile_sql, evaluate, needs, parse, why
from linyun.kernel.rule.syntax import Op, Quantity, Related
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY, World

OLD, YOUNG, UNKNOWN = {"age": 70}, {"age": 30}, {"age": None}
FAMILIES = [
    list(family) for size in range(4) for family in itertools.combinations_with_replacement((OLD, YOUNG, UNKNOWN), size)
]
SIGNS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def ways(family: list[dict]) -> list[int]:
    """How many are old, for each way in which the ages not known may turn out."""
    sure, doubtful = family.count(OLD), family.count(UNKNOWN)
    return list(range(sure, sure + doubtful + 1))


def settled(answers: set[bool]) -> bool | None:
    """What is certain: the answer that all ways share."""
    return answers.pop() if len(answers) == 1 else None


def asked(written: str, family: list[dict] | None, subject: Subject = Subject.PERSON, relation: str = "housemate"):
    return evaluate(parse(written, subject, VOCABULARY), {relation: family}, TODAY)


@pytest.mark.parametrize("family", FAMILIES, ids=["".join(str(p["age"])[0] for p in f) or "alone" for f in FAMILIES])
def test_every_quantity_over_every_small_family(family):
    size = len(family)
    counts = ways(family)
    assert asked("同住家人 有人 (年龄 >= 60)", family) is settled({n > 0 for n in counts})
    assert asked("同住家人 无人 (年龄 >= 60)", family) is settled({n == 0 for n in counts})
    assert asked("同住家人 都 (年龄 >= 60)", family) is settled({n == size for n in counts})
    assert asked("非 同住家人 有人 (年龄 >= 60)", family) is settled({n == 0 for n in counts})
    assert asked("非 同住家人 都 (年龄 >= 60)", family) is settled({n < size for n in counts})
    assert asked("同住家人 有人", family) is bool(size)
    assert asked("同住家人 无人", family) is not size
    for number, (sign, holds) in itertools.product(range(5), SIGNS.items()):
        written = f"同住家人 人数 (年龄 >= 60) {sign} {number}"
        expected = settled({holds(n, number) for n in counts})
        assert asked(written, family) is expected, written
        assert asked(f"非 {written}", family) is (None if expected is None else not expected)
        assert asked(f"同住家人 人数 {sign} {number}", family) is holds(size, number)


@pytest.mark.parametrize("family", FAMILIES, ids=["".join(str(p["age"])[0] for p in f) or "alone" for f in FAMILIES])
def test_the_explanation_counts_the_same_people_and_asks_only_where_it_matters(family):
    for quantity in ("有人", "无人", "都"):
        rule = parse(f"同住家人 {quantity} (年龄 >= 60)", Subject.PERSON, VOCABULARY)
        told = why(rule, {"housemate": family}, TODAY)
        assert told.counts == (family.count(OLD), family.count(YOUNG), family.count(UNKNOWN))
        lacking = needs(rule, {"housemate": family}, TODAY)
        assert bool(lacking) is (told.truth is None)
        assert {(n.code, n.steps) for n in lacking} <= {("age", ("housemate",))}


def test_opposites_of_quantities_are_what_one_expects_of_everybody_known():
    """Some is not none; all is none who does not."""
    for family in FAMILIES:
        some, none = asked("同住家人 有人 (年龄 >= 60)", family), asked("非 同住家人 无人 (年龄 >= 60)", family)
        assert some is none
        every, nobody = asked("同住家人 都 (年龄 >= 60)", family), asked("同住家人 无人 (非 年龄 >= 60)", family)
        assert every is nobody
        assert asked("同住家人 人数 (年龄 >= 60) >= 1", family) is some
        assert asked("同住家人 人数 (年龄 >= 60) = 0", family) is asked("同住家人 无人 (年龄 >= 60)", family)


def test_a_relation_nobody_told_of_is_not_an_empty_family():
    for written in (
        "同住家人 有人",
        "同住家人 无人",
        "同住家人 都 (年龄 > 3)",
        "同住家人 人数 >= 0",
        "非 同住家人 有人",
    ):
        rule = parse(written, Subject.PERSON, VOCABULARY)
        assert evaluate(rule, {}, TODAY) is None
        assert [n.code for n in needs(rule, {}, TODAY)] == ["housemate"]
        assert evaluate(rule, {"housemate": []}, TODAY) is not None
        assert why(rule, {}, TODAY).counts is None


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 2), (1, 1), (2, 3), (3, 9)])
def test_a_range_of_a_count_holds_both_ends(low, high):
    for size in range(5):
        family = [YOUNG] * size
        inside = low <= size <= high
        assert asked(f"同住家人 人数 在 {low} 到 {high} 之间", family) is inside
        assert asked(f"count housemate between {low} and {high}", family) is inside
        assert asked(f"同住家人 人数 不在 {low} 到 {high} 之间", family) is not inside


@pytest.mark.parametrize(
    ("written", "household", "answer"),
    [
        ("所在户 有 (户内成员 有人 (年龄 < 6))", [{"member": [{"age": 5}]}], True),
        ("所在户 有 (户内成员 有人 (年龄 < 6))", [{"member": []}], False),
        ("所在户 有 (户内成员 有人 (年龄 < 6))", [], False),
        ("所在户 没有", [], True),
        ("所在户 没有", [{}], False),
        ("所在户 户数 = 2", [{}, {}], True),
        ("所在户 户数 (户内成员 人数 >= 2) = 1", [{"member": [{}, {}]}, {"member": [{}]}], True),
        ("所在户 户数 (户内成员 人数 (年龄 > 3) >= 2) = 1", [{"member": [{"age": 4}, {}]}], None),
        ("所在户 都 (户内成员 都 (年龄 > 3))", [{"member": [{"age": 4}]}, {"member": []}], True),
        ("所在户 都 (户内成员 都 (年龄 > 3))", [{"member": [{"age": 4}]}, {"member": [{"age": 3}]}], False),
        ("所在户 有 (居住房屋 有 (面积 < 20))", [{"dwelling": [{"size_m2": None}]}], None),
        (
            "所在户 有 (居住房屋 有 (面积 < 20))",
            [{"dwelling": [{"size_m2": None}]}, {"dwelling": [{"size_m2": 9}]}],
            True,
        ),
        ("所在户 有 (居住房屋 个数 >= 2)", [{"dwelling": [{}, {}]}], True),
        ("所在户 有 (户内成员 无人 (同住家人 有人 (年龄 < 6)))", [{"member": [{"housemate": [{"age": 5}]}]}], False),
        ("所在户 有 (户内成员 无人 (同住家人 有人 (年龄 < 6)))", [{"member": [{"housemate": []}]}], True),
    ],
)
def test_relations_of_relations(written, household, answer):
    assert asked(written, household, relation="household") is answer


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("户内成员 有人", "户内成员"),
        ("居住房屋 有 (面积 > 3)", "居住房屋"),
        ("所在户 有 (年龄 > 3)", "年龄"),
        ("所在户 有 (同住家人 有人)", "同住家人"),
        ("所在户 有 (标签 = 独居)", "独居"),
        ("所在户 有 (居住房屋 有 (户内成员 有人))", "户内成员"),
        ("同住家人 有人 (人数 > 3)", "人数"),
        ("(同住家人 有人 (年龄 > 3)) 且 面积 > 3", "面积"),
    ],
)
def test_words_of_another_subject_are_refused_where_they_stand(written, at):
    with pytest.raises(RuleError) as refused:
        parse(written, Subject.PERSON, VOCABULARY)
    assert written[refused.value.start : refused.value.end] == at


@pytest.mark.parametrize("number", [0, 1, 99_999, 100_000])
def test_a_count_may_be_as_large_as_a_street(number):
    rule = parse(f"同住家人 人数 >= {number}", Subject.PERSON, VOCABULARY)
    assert rule.where == Related("housemate", Quantity.COUNT, None, Op.GE, number)
    with pytest.raises(RuleError, match="0 到 100000"):
        parse("同住家人 人数 >= 100001", Subject.PERSON, VOCABULARY)


def test_every_relation_gets_an_alias_of_its_own_however_they_nest():
    """Two levels with one alias would compare the child with itself."""
    written = "同住家人 有人 (同住家人 有人 (同住家人 无人 (年龄 < 6)) 且 所在户 有 (户内成员 都 (年龄 > 3)))"
    for sense in Sense:
        sql = compile_sql(parse(written, Subject.PERSON, VOCABULARY), "s", TODAY, sense=sense).sql
        inner = [f"records_person p_t{n}" for n in range(1, 6)]
        assert sum(sql.count(alias) for alias in inner) == 4
        assert sql.count("records_household p_t") == 1


WORLD = World(seed=5, people=30)


def test_whoever_lives_together_does_so_both_ways():
    """In the invented world as in the register: a housemate's housemate is oneself or another housemate."""
    rule = parse("同住家人 都 (同住家人 人数 >= 1)", Subject.PERSON, VOCABULARY)
    shared = [p for p in WORLD.people if p["household_id"] is not None]
    assert shared
    for person in shared:
        assert evaluate(rule, person, TODAY) is True

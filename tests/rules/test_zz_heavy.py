"""A compiled rule and the evaluation of one person agree, person by person, unknowns included, on a real PostgreSQL."""

import json
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import Rule, Sense, Vocabulary, compile_sql, evaluate, parse
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY, World, conditions, tag

TABLES = {
    Subject.PERSON: "records_person",
    Subject.HOUSEHOLD: "records_household",
    Subject.DWELLING: "records_dwelling",
}
SUBJECTS = st.sampled_from(tuple(TABLES))
RULES = SUBJECTS.flatmap(lambda s: conditions(s).map(lambda c: Rule(s, c, VOCABULARY)))

SCHEMA = """
    create table records_person (id int primary key, kind_and_id text, household_id int, name text, id_number bytea,
        sex text, birth_date date, phone text, live_area text collate "C", registered_address text, is_local boolean,
        tail jsonb not null);
    create table records_household (id int primary key, kind_and_id text, dwelling_id int, people int, door text,
        tail jsonb not null);
    create table records_dwelling (id int primary key, kind_and_id text, size_m2 numeric, tail jsonb not null);
    create table visits (person_id int, day date);
    create table tags_mark (kind_and_id text, tag text, since date);
"""


def _fill(pg: psycopg.Connection, world: World) -> None:
    for subject, table in TABLES.items():
        columns = [
            name
            for (name,) in pg.execute(
                "select column_name from information_schema.columns where table_name = %s", [table]
            ).fetchall()
        ]
        items = [f for (s, _), f in VOCABULARY.fields.items() if s is subject and f.is_item and f.code not in columns]
        for row in world.rows(subject):
            values = row.values_
            # A known gap is written as JSON null in one half of the rows and left out in the other.
            tail = {f.code: values[f.code] for f in items if values[f.code] is not None or values["id"] % 2}
            held = {c: values[c] for c in columns if c in values}
            if values.get("id_number") is not None:
                held["id_number"] = b"sealed"
            key = f"{subject} {values['id']}"
            held |= {"kind_and_id": key, "tail": json.dumps(tail, default=str)}
            names, places = ", ".join(held), ", ".join(f"%({c})s" for c in held)
            pg.execute(f"insert into {table} ({names}) values ({places})", held)  # noqa: S608 -- our own names
            for code in values["tags"]:
                pg.execute("insert into tags_mark values (%s, %s, %s)", [key, code, TODAY])
            for day in values.get("days", ()):
                pg.execute("insert into visits values (%s, %s)", [values["id"], day])


@pytest.fixture(scope="module")
def world(pg: psycopg.Connection) -> World:
    """Sixty people with gaps, in fifteen households in eight dwellings."""
    pg.execute(SCHEMA)
    made = World(seed=7)
    _fill(pg, made)
    return made


def _answers(pg: psycopg.Connection, rule: Rule) -> dict[int, tuple[bool | None, bool, bool]]:
    compiled = [compile_sql(rule, "s", TODAY, VOCABULARY, prefix=f"p{n}", sense=sense) for n, sense in enumerate(Sense)]
    value, true, false = (c.sql for c in compiled)
    query = f"select id, {value}, ({true}) is true, ({false}) is true from {TABLES[rule.subject]} s"  # noqa: S608
    params = {name: param for c in compiled for name, param in c.params.items()}
    return {row[0]: row[1:] for row in pg.execute(query, params).fetchall()}


def _assert_same(pg: psycopg.Connection, world: World, rule: Rule) -> set[bool | None]:
    answers = _answers(pg, rule)
    expected = {row.values_["id"]: evaluate(rule, row, TODAY) for row in world.rows(rule.subject)}
    assert {n: a[0] for n, a in answers.items()} == expected
    assert {n for n, a in answers.items() if a[1]} == {n for n, e in expected.items() if e is True}
    assert {n for n, a in answers.items() if a[2]} == {n for n, e in expected.items() if e is False}
    return set(expected.values())


@settings(
    max_examples=10000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(rule=RULES)
def test_random_rules_find_the_same_people(pg, world, rule):
    _assert_same(pg, world, rule)


@pytest.mark.parametrize(
    "written",
    [
        "年龄 >= 70 且 标签 = 独居 且 最近走访 > 30天前",
        "年龄≥70且标签：独居 或 (居住区域 属于 (310110009016、310110009017) 且 非 标签:残疾)",
        "户籍地址 包含 \"低保\" 且 联系电话 为空",
        "户籍地址 包含 \"100%\" 或 姓名 = \"%_\"",
        "同住家人 有人(年龄 < 6)",
        "同住家人 人数(年龄 >= 60) = 1",
        "同住家人 人数(年龄 >= 60) <= 1",
        "非 同住家人 人数(婚姻状况 = 丧偶) != 0",
        "所在户 有(户内成员 都(年龄 >= 60))",
        "所在户 有(居住房屋 有(面积 > 12.5 且 标签 无 出租))",
        "标签 = 民政/老人",
        "标签 无 需关爱",
        "最近走访 过去30天内",
        "特长 有 书法 或 特长 为空",
        "月收入 不超过 3000",
        "age between 60 and 79 and not any housemate",
    ],
)  # fmt: skip
def test_the_rules_workers_write_find_the_same_people(pg, world, written):
    _assert_same(pg, world, parse(written, Subject.PERSON, VOCABULARY))


def test_the_world_shows_all_three_answers(pg, world):
    """A population in which nothing is unknown, or nothing true, would prove little."""
    for written in ("年龄 >= 60", "同住家人 有人(性别 = 女)", "同住家人 都(年龄 < 50)", "标签 = 需关爱"):
        assert _assert_same(pg, world, parse(written, Subject.PERSON, VOCABULARY)) == {True, False, None}


def test_every_kind_of_item_is_read_from_column_and_tail(pg, world):
    """An item whose stored form cannot be read would fail the query for everybody."""
    for (subject, code), field in VOCABULARY.fields.items():
        test = f"{code} is unknown" if field.kind is not Kind.INTEGER else f"{code} > 1"
        _assert_same(pg, world, parse(test, subject, VOCABULARY))


def test_quotes_percent_signs_and_braces_in_values_stay_values(pg, world):
    for text in ("'; drop table visits; --", "%(p0)s", "{s}.id", "{today}", "%%", "\\'", "$1", "/*"):
        rule = parse(f'姓名 = "{text.replace(chr(92), chr(92) * 2)}" 或 姓名 包含 "1"', Subject.PERSON, VOCABULARY)
        _assert_same(pg, world, rule)
    assert pg.execute("select count(*) from visits").fetchone() == (sum(len(p.values_["days"]) for p in world.people),)


def test_a_filter_for_one_persons_household_uses_exists_and_not_a_count(pg, world):
    """The planner can join an ``exists``; a counted subquery it must run for every row."""
    rule = parse("同住家人 有人(年龄 < 6)", Subject.PERSON, VOCABULARY)
    compiled = compile_sql(rule, "s", TODAY, sense=Sense.TRUE)
    query = f"explain select 1 from records_person s where {compiled.sql}"  # noqa: S608
    plan = "\n".join(line for (line,) in pg.execute(query, compiled.params).fetchall())
    assert "Aggregate" not in plan


def test_an_area_rule_can_use_the_index_on_the_area(pg, world):
    pg.execute("create index on records_person (live_area)")
    rule = parse("居住区域 = 310110009016", Subject.PERSON, VOCABULARY)
    compiled = compile_sql(rule, "s", TODAY, sense=Sense.TRUE)
    query = f"explain select 1 from records_person s where {compiled.sql}"  # noqa: S608
    with pg.transaction():
        pg.execute("set local enable_seqscan = off")
        plan = "\n".join(line for (line,) in pg.execute(query, compiled.params).fetchall())
    assert "Index Cond" in plan


@pytest.mark.parametrize(
    ("until", "retracted", "carries"),
    [
        (None, None, True),
        (TODAY + timedelta(days=1), None, True),
        (TODAY, None, False),
        (TODAY - timedelta(days=1), None, False),
        (None, TODAY, False),
    ],
)
def test_a_hand_set_tag_counts_until_its_end_and_not_once_retracted(pg, until, retracted, carries):
    """The template for the product's own table: an expired or retracted claim is no claim."""
    words = Vocabulary(tags=[tag("lone_elder", "独居", "人"), tag("other", "其他", "人")])
    rule = parse("标签 = 独居", Subject.PERSON, words)
    pg.execute("create schema marks; set search_path to marks")
    try:
        pg.execute("create table tags_mark (subject_id int, tag text, until date, retracted_at timestamptz)")
        pg.execute(
            "insert into tags_mark values (1, 'lone_elder', %s, %s), (1, 'other', null, null)", [until, retracted]
        )
        for sense, expected in ((Sense.VALUE, carries), (Sense.TRUE, carries), (Sense.FALSE, not carries)):
            compiled = compile_sql(rule, "s", TODAY, sense=sense)
            query = f"select {compiled.sql} from (values (1), (2)) s(id) order by id"  # noqa: S608
            assert pg.execute(query, compiled.params).fetchall() == [(expected,), (sense is Sense.FALSE,)]
    finally:
        pg.execute("set search_path to public; drop schema marks cascade")

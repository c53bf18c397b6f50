"""A small invented world for the tests of the rule language: vocabulary, people, random rules about them."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from linyun.kernel.clock import years_between
from linyun.kernel.declare import Code, CodeSet, Item, Kind, Level, Relation, Subject, Tag, Term
from linyun.kernel.rule import Vocabulary
from linyun.kernel.rule.syntax import (
    Between,
    Compare,
    Condition,
    Contains,
    Day,
    HasBranch,
    HasCode,
    HasTag,
    Not,
    OneOf,
    Op,
    Quantity,
    Related,
    Unit,
    Unknown,
    Within,
    all_of,
    any_of,
)
from linyun.kernel.rule.vocabulary import Field

TODAY = date(2026, 3, 31)

CODE_SETS = (
    CodeSet("sex", "性别", "GB/T 2261.1-2003", (Code("1", "男", ("男性",)), Code("2", "女", ("女性",)))),
    CodeSet(
        "marital",
        "婚姻状况",
        "GB/T 2261.2-2003",
        (Code("10", "未婚"), Code("20", "已婚"), Code("30", "丧偶"), Code("40", "离婚", ("离异",)), Code("90", "其他")),
    ),
    CodeSet(
        "political",
        "政治面貌",
        "GB/T 4762-1984",
        (Code("01", "中共党员", ("党员",)), Code("03", "共青团员"), Code("13", "群众")),
    ),
    CodeSet(
        "skill",
        "特长",
        "test",
        (Code("a1", "书法"), Code("a2", "理发且美发"), Code("a3", "水电、维修"), Code("a4", "外语（英语）")),
    ),
    CodeSet("living", "居住状态", "test", (Code("1", "独住"), Code("2", "空巢"), Code("3", "与子女同住"))),
    CodeSet("use", "房屋用途", "test", (Code("0", "自住"), Code("2", "出租"))),
)
P, H, D = Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING


def item(code: str, subject: Subject, name: str, kind: Kind, **more: Any) -> Item:
    """An item with the obligatory statements filled in."""
    level = more.pop("level", Level.PERSONAL)
    return Item(code, subject, name, kind, "civil", level, "test", "test", **more)


ITEMS = (
    item("name", P, "姓名", Kind.TEXT, core=True),
    item("id_number", P, "身份证号", Kind.IDENTITY, core=True, level=Level.SENSITIVE),
    item("sex", P, "性别", Kind.CODE, core=True, code_set="sex"),
    item("birth_date", P, "出生日期", Kind.DATE, core=True, names=("生日",)),
    item("phone", P, "联系电话", Kind.PHONE, core=True, names=("电话/手机",)),
    item("live_area", P, "居住区域", Kind.AREA, core=True),
    item("registered_address", P, "户籍地址", Kind.TEXT, core=True, names=("户籍",)),
    item("is_local", P, "本地户籍", Kind.BOOLEAN, core=True),
    item("marital_status", P, "婚姻状况", Kind.CODE, code_set="marital"),
    item("political_status", P, "政治面貌", Kind.CODE, code_set="political"),
    item("skills", P, "特长", Kind.CODES, code_set="skill"),
    item("living", P, "居住状态", Kind.CODE, code_set="living"),
    item("income", P, "月收入", Kind.DECIMAL, unit="元"),
    item("children", P, "子女数", Kind.INTEGER, unit="人"),
    item("retired_on", P, "退休日期", Kind.DATE),
    item("private_firm", P, "非公企业", Kind.BOOLEAN),
    item("or_debt", P, "或有负债", Kind.DECIMAL, unit="元"),
    item("age_band", P, "年龄段", Kind.TEXT),
    item("ethnicity", P, "民族", Kind.TEXT),
    item("remark", P, "备注", Kind.TEXT, names=("其他", "说明")),
    item("people", H, "人数", Kind.INTEGER, core=True),
    item("door", H, "门牌", Kind.TEXT, core=True),
    item("size_m2", D, "面积", Kind.DECIMAL, core=True, unit="平方米"),
    item("use", D, "房屋用途", Kind.CODE, code_set="use"),
    item("other", D, "其他说明", Kind.TEXT, names=("其他",)),
)
TERMS = (
    Term(
        "age",
        "年龄",
        P,
        Kind.INTEGER,
        "extract(year from age({today}, {s}.birth_date))::int",
        unit="岁",
        since="{s}.birth_date",
    ),  # fmt: skip
    Term("last_visit", "最近走访", P, Kind.DATE, "select max(v.day) from visits v where v.person_id = {s}.id"),
    Term("visits", "走访次数", P, Kind.INTEGER, "select count(*) from visits v where v.person_id = {s}.id", unit="次"),
)
RELATIONS = (
    Relation(
        "housemate",
        "同住家人",
        P,
        P,
        # The "or" is here on purpose: it must not reach beyond the relation.
        "records_person {t} where {t}.household_id = {s}.household_id and ({t}.id < {s}.id or {t}.id > {s}.id)"
        " or {t}.household_id is null and {s}.household_id is null and {t}.id = {s}.id + 1",
    ),
    Relation("household", "所在户", P, H, "records_household {t} where {t}.id = {s}.household_id"),
    Relation("member", "户内成员", H, P, "records_person {t} where {t}.household_id = {s}.id", names=("成员",)),
    Relation("dwelling", "居住房屋", H, D, "records_dwelling {t} where {t}.id = {s}.dwelling_id"),
)


def tag(code: str, name: str, path: str, subject: Subject = P, rule: str = "", level: Level = Level.PERSONAL) -> Tag:
    """A tag with the obligatory statements filled in; ``path`` with slashes."""
    return Tag(code, name, tuple(path.split("/")), subject, name, "test", "civil", level, rule)


TAGS = (
    tag("lone_elder", "独居", "人/民政/老人"),
    tag("aged", "高龄", "人/民政/老人", rule="年龄 >= 80"),
    tag("sixty", "60岁以上", "人/基本/年龄", rule="年龄 >= 60"),
    tag("disabled", "残疾", "人/民政/残疾", level=Level.SENSITIVE),
    tag("subsidy", "低保", "人/民政/救助"),
    tag("care", "需关爱", "人/民政", rule="(标签 = 高龄 且 标签 = 独居) 或 同住家人 无人(年龄 在 18 到 59 之间)"),
    tag("other_a", "其他", "人/民政/救助"),
    tag("other_b", "其他", "人/人社/就业"),
    tag("team", "文艺 队（甲）", "人/党群"),
    tag("old_home", "纯老家庭", "户/民政", H, rule="户内成员 都(年龄 >= 60)"),
    tag("let", "出租", "房/居住", D),
)
VOCABULARY = Vocabulary(
    items=ITEMS,
    terms=TERMS,
    relations=RELATIONS,
    tags=TAGS,
    code_sets=CODE_SETS,
    mark_sql="exists (select 1 from tags_mark marked where marked.kind_and_id = {s}.kind_and_id"
    " and marked.tag = any({tags}) and marked.since <= {today})",
)

# Random rules

AREAS = ("31", "310110", "310110009", "310110009016", "310110009017", "310110009016001")
TEXTS = ("低保", "铁岭路", 'a"b\\', "且", "1", "公交新村", "‘’“”", "%_", "李 或 王", "100%")
NUMBERS = st.integers(-3, 130)
DECIMALS = st.decimals(-1, 9999, places=2, allow_nan=False).map(lambda d: d.normalize() + 0)
DAYS = st.builds(Day, st.integers(-40, 40), st.sampled_from(Unit)).map(lambda d: d if d.amount else Day(0))
DATES = st.dates(date(1930, 1, 1), date(2027, 1, 1)) | DAYS
ORDERED = {Kind.INTEGER: NUMBERS, Kind.DECIMAL: DECIMALS, Kind.DATE: DATES}


def _codes(field: Field) -> st.SearchStrategy[str]:
    return st.sampled_from([c.code for c in field.code_set.codes]) if field.code_set else st.sampled_from(TEXTS)


def _ordered_test(field: Field) -> st.SearchStrategy[Condition]:
    values = ORDERED[field.kind]
    if field.kind is Kind.DATE:
        dates = st.dates(date(1930, 1, 1), date(2027, 1, 1))
        pairs = st.lists(dates, min_size=2, max_size=2).map(sorted) | st.lists(
            st.integers(-60, 60).map(Day), min_size=2, max_size=2
        ).map(lambda pair: sorted(pair, key=lambda day: day.amount))
    else:
        pairs = st.lists(values, min_size=2, max_size=2).map(sorted)
    several = st.lists(values, min_size=2, max_size=4, unique=True).map(tuple)
    return (
        st.builds(Compare, st.just(field.code), st.sampled_from(Op), values)
        | pairs.map(lambda pair: Between(field.code, *pair))
        | several.map(lambda some: OneOf(field.code, some))
    )


def field_tests(field: Field) -> st.SearchStrategy[Condition]:
    """Every kind of test that fits a field."""
    code = st.just(field.code)
    known = st.builds(Unknown, code)
    equal = st.sampled_from((Op.EQ, Op.NE))
    match field.kind:
        case Kind.INTEGER | Kind.DECIMAL | Kind.DATE:
            return known | _ordered_test(field)
        case Kind.BOOLEAN:
            return known | st.builds(Compare, code, equal, st.booleans())
        case Kind.CODE:
            several = st.lists(_codes(field), min_size=2, max_size=4, unique=True).map(tuple)
            return known | st.builds(Compare, code, equal, _codes(field)) | st.builds(OneOf, code, several)
        case Kind.CODES:
            return known | st.builds(HasCode, code, _codes(field))
        case Kind.AREA:
            areas = st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True).map(tuple)
            return known | st.builds(Within, code, areas)
        case Kind.TEXT:
            several = st.lists(st.sampled_from(TEXTS), min_size=2, max_size=3, unique=True).map(tuple)
            texts = st.sampled_from(TEXTS)
            return (
                known
                | st.builds(Compare, code, equal, texts)
                | st.builds(OneOf, code, several)
                | st.builds(Contains, code, texts)
            )
        case Kind.PHONE:
            return known | st.builds(Contains, code, st.sampled_from(("19900", "0")))
        case _:
            return known


def leaves(subject: Subject) -> st.SearchStrategy[Condition]:
    """A test of one field or one tag of a subject."""
    fields = st.sampled_from([f for (s, _), f in VOCABULARY.fields.items() if s is subject]).flatmap(field_tests)
    tags = [t for t in TAGS if t.subject is subject]
    branches = sorted({t.path[:n] for t in tags for n in range(1, len(t.path) + 1)})
    return (
        fields
        | st.sampled_from([HasTag(t.code) for t in tags])
        | st.sampled_from([HasBranch(path) for path in branches])
    )


def conditions(subject: Subject, levels: int = 3) -> st.SearchStrategy[Condition]:
    """Conditions about a subject, nested up to so many levels."""
    if levels <= 1:
        return leaves(subject)
    inner = st.deferred(lambda: conditions(subject, levels - 1))
    parts = st.lists(inner, min_size=2, max_size=3)
    relations = [r for r in RELATIONS if r.subject is subject]
    choices = leaves(subject) | parts.map(all_of) | parts.map(any_of) | inner.map(Not)
    return choices | st.sampled_from(relations).flatmap(lambda r: related(r, levels)) if relations else choices


def related(relation: Relation, levels: int) -> st.SearchStrategy[Condition]:
    """Conditions on how many of the related fulfil something."""
    where = st.deferred(lambda: conditions(relation.target, levels - 1))
    some = st.sampled_from((Quantity.ANY, Quantity.NONE))
    code, number = st.just(relation.code), st.integers(0, 4)
    return (
        st.builds(Related, code, some, st.none() | where)
        | st.builds(Related, code, st.just(Quantity.ALL), where)
        | st.builds(Related, code, st.just(Quantity.COUNT), st.none() | where, st.sampled_from(Op), number)
    )


# Random people, as rows for a database and as facts for the evaluator


class Row(Mapping[str, Any]):
    """A row of the world as facts. Relations are looked up when asked for: they lead in circles."""

    def __init__(self, world: "World", subject: Subject, values: dict[str, Any]) -> None:
        self.world = world
        self.subject = subject
        self.values_ = values

    def __getitem__(self, key: str) -> Any:
        for relation in RELATIONS:
            if relation.code == key and relation.subject is self.subject:
                return self.world.step(key, self)
        if self.subject is P and key == "age":
            born = self.values_["birth_date"]
            return None if born is None else years_between(born, TODAY)
        return self.values_[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


class World:
    """A small population with many gaps."""

    def __init__(self, seed: int, people: int = 60) -> None:
        self.random = random.Random(seed)
        self.dwellings = [self._row(D, n) for n in range(8)]
        self.households = [self._row(H, n) for n in range(15)]
        for household in self.households:
            household.values_["dwelling_id"] = self._maybe(self.random.randrange(8))
        self.people = [self._person(n) for n in range(people)]

    def _maybe(self, value: Any) -> Any:
        return None if self.random.random() < 0.3 else value

    def _row(self, subject: Subject, number: int) -> Row:
        values = {
            field.code: self._maybe(self._value(field))
            for (s, _), field in VOCABULARY.fields.items()
            if s is subject and field.is_item
        }
        tags = {t.code for t in TAGS if t.subject is subject and not t.rule and self.random.random() < 0.25}
        return Row(self, subject, {**values, "id": number, "tags": tags})

    def _person(self, number: int) -> Row:
        row = self._row(P, number)
        row.values_["household_id"] = self._maybe(self.random.randrange(15))
        days = [TODAY - timedelta(days=self.random.randrange(90)) for _ in range(self.random.randrange(4))]
        row.values_.update(days=days, last_visit=max(days, default=None), visits=len(days))
        return row

    def _value(self, field: Field) -> Any:
        choose = self.random.choice
        match field.kind:
            case Kind.INTEGER:
                return self.random.randrange(5)
            case Kind.DECIMAL:
                return choose((Decimal("0"), Decimal("12.5"), Decimal("3000"), Decimal("9998.99")))
            case Kind.DATE:
                return date(1930, 1, 1) + timedelta(days=self.random.randrange(35_000))
            case Kind.BOOLEAN:
                return choose((True, False))
            case Kind.CODE:
                return choose([c.code for c in field.code_set.codes]) if field.code_set else "1"
            case Kind.CODES:
                codes = [c.code for c in field.code_set.codes] if field.code_set else []
                return self.random.sample(codes, self.random.randrange(3))
            case Kind.AREA:
                return choose(("310110009016001", "310110009016", "310110009017002", "310104001001", "320100001001"))
            case Kind.PHONE:
                return f"19900{self.random.randrange(10**6):06d}"
            case _:
                return choose(("公交新村1号", "铁岭路低保户", "1", 'xa"b\\y', "李 或 王", "100%", "且"))

    def step(self, relation: str, row: Row) -> list[Row]:
        """What the SQL of the relations gives."""
        at = row.values_
        match relation:
            case "housemate" if at["household_id"] is None:
                return [p for p in self.people if p.values_["household_id"] is None and p.values_["id"] == at["id"] + 1]
            case "housemate":
                same = [p for p in self.people if p.values_["household_id"] == at["household_id"]]
                return [p for p in same if p is not row]
            case "household":
                return [h for h in self.households if h.values_["id"] == at["household_id"]]
            case "member":
                return [p for p in self.people if p.values_["household_id"] == at["id"]]
            case _:
                return [d for d in self.dwellings if d.values_["id"] == at["dwelling_id"]]

    def rows(self, subject: Subject) -> list[Row]:
        """All rows of a subject."""
        return {P: self.people, H: self.households, D: self.dwellings}[subject]

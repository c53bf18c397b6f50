"""The reader of the seeds: what it makes of each form, and that it names the file and the entry it refuses."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linyun.kernel import seeds
from linyun.kernel.declare import Code, CodeSet, Column, Kind, Level, Subject
from linyun.kernel.seeds import Figure, SeedError, figure_of, rows_of

ITEMS = """
subject = "person"
[[group]]
name = "联系"
owner = "community"
level = "personal"
purpose = "联系本人"
basis = "法"
items = [
  { code = "phone", name = "联系电话", kind = "phone", core = true, fresh_days = 365, names = ["手机", "电话"] },
  { code = "height", name = "身高", kind = "decimal", low = 30, high = 250.5, unit = "厘米", \
owner = "health", level = "sensitive", purpose = "体检" },
]
"""
TAG = """
[[group]]
path = ["人", "民政", "老人"]
subject = "person"
owner = "civil_affairs"
level = "personal"
purpose = "探访"
tags = [ { code = "lone", name = "独居老人", meaning = "一人住", %s } ]
"""
LEDGER = """
[[ledger]]
code = "elders"
name = "老人名册"
group = "公共服务"
source = "person"
%s
"""


def write(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return root


def refusal(load: object, root: Path) -> str:
    with pytest.raises(SeedError) as refused:
        list(load(root))  # type: ignore[operator]
    return str(refused.value)


# Code sets


def test_a_code_set_is_read_with_its_other_wordings(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        "codesets/a.toml",
        '[[set]]\ncode = "sex"\nname = "性别"\nstandard = "GB"\nnote = "[m]"\n'
        'codes = [["1", "男", "男性", "M"], ["2", "女"]]',
    )
    assert seeds.load_code_sets(root) == [
        CodeSet("sex", "性别", "GB", (Code("1", "男", ("男性", "M")), Code("2", "女")))
    ]


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ('["1"]', "code, name"),
        ('"1"', "code, name"),
        ('["1", 2]', "code, name"),
        ('["1", "男"], ["1", "女"]', "stands twice"),
    ],
)
def test_a_malformed_code_is_refused_with_its_set(tmp_path: Path, codes: str, why: str) -> None:
    root = write(
        tmp_path, "codesets/a.toml", f'[[set]]\ncode = "sex"\nname = "性别"\nstandard = "GB"\ncodes = [{codes}]'
    )
    said = refusal(seeds.load_code_sets, root)
    assert "a.toml" in said and "set sex" in said and why in said


# Items


def test_an_item_takes_from_its_group_what_it_does_not_say_itself(tmp_path: Path) -> None:
    phone, height = seeds.load_items(write(tmp_path, "items/person.toml", ITEMS))
    assert (phone.subject, phone.kind, phone.group) == (Subject.PERSON, Kind.PHONE, "联系")
    assert (phone.owner, phone.level, phone.purpose, phone.basis) == ("community", Level.PERSONAL, "联系本人", "法")
    assert (phone.core, phone.fresh_days, phone.names) == (True, 365, ("手机", "电话"))
    assert (height.owner, height.level, height.purpose) == ("health", Level.SENSITIVE, "体检")
    assert (height.low, height.high, height.unit, height.core) == (30, 250.5, "厘米", False)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('kind = "phone"', 'kind = "fone"', "'fone' is none of text"),
        ('level = "personal"', 'level = "secret"', "'secret' is none of public"),
        ('name = "联系电话"', 'nmae = "联系电话"', "unknown 'nmae'"),
        ("fresh_days = 365", 'fresh_days = "365"', "wrong type"),
        ("fresh_days = 365", "fresh_days = true", "wrong type"),
        ("core = true", "core = 1", "wrong type"),
        ('names = ["手机", "电话"]', "names = [1]", "texts only"),
        ('purpose = "联系本人"\n', "", "purpose"),
        ('basis = "法"', 'basis = ""', "a legal basis"),
        ('code = "phone"', 'code = "Phone"', "lower-case"),
        ('kind = "phone"', 'kind = "code"', "do not fit"),
    ],
)
def test_a_wrong_item_is_refused_by_file_and_code(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert old in ITEMS
    said = refusal(seeds.load_items, write(tmp_path, "items/person.toml", ITEMS.replace(old, new, 1)))
    assert "person.toml" in said and "group 联系" in said and why in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[group]]\nname = "联系"', "'subject' is missing"),
        ('subject = "pet"', "'pet' is none of person"),
        ('subject = "person"\ngroup = "联系"', "list of tables"),
        ('subject = "person"\ngroup = ["联系"]', "should be a table"),
        ("subject = ", "Invalid value"),
    ],
)
def test_a_file_that_is_no_list_of_items_is_refused(tmp_path: Path, text: str, why: str) -> None:
    said = refusal(seeds.load_items, write(tmp_path, "items/person.toml", text))
    assert "person.toml" in said and why in said


def test_a_folder_without_files_is_a_fault_and_not_an_empty_catalogue(tmp_path: Path) -> None:
    assert "no .toml file" in refusal(seeds.load_items, tmp_path)


# Departments and sources


def test_lists_of_departments_and_sources_are_read(tmp_path: Path) -> None:
    write(tmp_path, "departments.toml", 'departments = [["police", "公安"]]')
    write(tmp_path, "sources.toml", 'sources = [["police", "公安数据", 20, "police"], ["visit", "走访", 40, ""]]')
    assert [d.name for d in seeds.load_departments(tmp_path)] == ["公安"]
    assert [(s.code, s.rank, s.department) for s in seeds.load_sources(tmp_path)] == [
        ("police", 20, "police"),
        ("visit", 40, ""),
    ]


@pytest.mark.parametrize(
    "rows", ['[["police"]]', '["police"]', '[["police", "公安", 20]]', '[["police", "公安", "20", ""]]', '"police"']
)
def test_a_short_or_mistyped_row_is_refused(tmp_path: Path, rows: str) -> None:
    assert "sources.toml" in refusal(seeds.load_sources, write(tmp_path, "sources.toml", f"sources = {rows}"))
    if "公安" not in rows:
        write(tmp_path, "departments.toml", f"departments = {rows}")
        assert "departments.toml" in refusal(seeds.load_departments, tmp_path)


# Tags


def test_a_rule_tag_never_ends_and_a_hand_set_one_does(tmp_path: Path) -> None:
    (by_rule,) = seeds.load_tags(write(tmp_path, "tags/a.toml", TAG % 'rule = "年龄 >= 60", names = ["独居"]'))
    assert (by_rule.path, by_rule.subject, by_rule.level) == (("人", "民政", "老人"), Subject.PERSON, Level.PERSONAL)
    assert (by_rule.rule, by_rule.expires_days, by_rule.names) == ("年龄 >= 60", None, ("独居",))
    (by_hand,) = seeds.load_tags(write(tmp_path, "tags/a.toml", TAG % 'days = 90, level = "sensitive"'))
    assert (by_hand.rule, by_hand.expires_days, by_hand.level) == ("", 90, Level.SENSITIVE)


@pytest.mark.parametrize("said", ['level = "personal"', 'rule = "年龄 >= 60", days = 90'])
def test_a_tag_has_a_rule_or_an_end(tmp_path: Path, said: str) -> None:
    why = refusal(seeds.load_tags, write(tmp_path, "tags/a.toml", TAG % said))
    assert "group 人/民政/老人" in why and "tag lone" in why and "either a rule" in why


def test_a_tag_path_has_three_steps(tmp_path: Path) -> None:
    text = (TAG % "days = 90").replace(', "老人"', "")
    assert "three steps" in refusal(seeds.load_tags, write(tmp_path, "tags/a.toml", text))


def test_only_groups_stand_in_a_file_of_tags(tmp_path: Path) -> None:
    text = 'subject = "person"\n' + TAG % "days = 90"
    assert "unknown ['subject']" in refusal(seeds.load_tags, write(tmp_path, "tags/a.toml", text))


# Ledgers


def test_columns_are_read_with_upper_heads_and_widths(tmp_path: Path) -> None:
    body = 'audited = true\nsort = ["name"]\ncolumns = ["姓名 = name", "家庭 > 联系人 > 姓名 = emergency_contact ~28"]'
    (ledger,) = seeds.load_ledgers(write(tmp_path, "ledgers/a.toml", LEDGER % body))
    assert ledger.columns == (
        Column("姓名", "name"),
        Column("姓名", "emergency_contact", ("家庭", "联系人"), 28),
    )
    assert (ledger.period, ledger.audited, ledger.sort, ledger.rule) == ("current", True, ("name",), "")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "needs columns"),
        ('columns = ["姓名"]', "not written"),
        ('columns = ["姓名 = name"]\nperiod = "week"', "'week' is none of current"),
        ('columns = ["人数 = rule:年龄 >= 60"]', "only a statistic"),
        ('columns = ["姓名 = name"]\nrows = ["男 = 性别 = 男"]', "only a statistic"),
        ('columns = ["姓名 = name"]\nsorted = ["name"]', "unknown 'sorted'"),
    ],
)
def test_a_wrong_ledger_is_refused_by_code(tmp_path: Path, body: str, why: str) -> None:
    said = refusal(seeds.load_ledgers, write(tmp_path, "ledgers/a.toml", LEDGER % body))
    assert "a.toml: ledger elders" in said and why in said


# Statistics


def statistic(body: str) -> str:
    return (LEDGER % body).replace('"person"', '"statistic"')


def test_rows_of_a_statistic_come_back_with_their_rules(tmp_path: Path) -> None:
    text = statistic('columns = ["年龄段 = row_name", "男 = rule:性别 = 男"]\nrows = ["老人 = 年龄 >= 60", "合计 = "]')
    (ledger,) = seeds.load_ledgers(write(tmp_path, "ledgers/a.toml", text))
    assert rows_of(ledger) == [("老人", "年龄 >= 60"), ("合计", "")]
    assert figure_of(ledger.columns[1].value) == Figure("rule", Subject.PERSON, "性别 = 男")


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        ("rule:", Figure("rule", Subject.PERSON, "")),
        ("rule:年龄 >= 60", Figure("rule", Subject.PERSON, "年龄 >= 60")),
        ("rule.dwelling:空置 = 是", Figure("rule", Subject.DWELLING, "空置 = 是")),
        ("sum.dwelling.floor_area:", Figure("sum", Subject.DWELLING, "", "floor_area")),
        ("share:年龄 >= 60 / 性别 = 男", Figure("share", Subject.PERSON, "年龄 >= 60", "", "性别 = 男")),
        ("row_name", None),
        ("entry.deaths", None),
    ],
)
def test_a_figure_is_read(value: str, figure: Figure | None) -> None:
    assert figure_of(value) == figure


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("sum.dwelling:", "only a sum names an item"),
        ("rule.dwelling.floor_area:", "only a sum names an item"),
        ("share:年龄 >= 60", "part / whole"),
        ("rule.car:", "'car' is none of person"),
    ],
)
def test_what_only_looks_like_a_figure_is_refused(value: str, why: str) -> None:
    with pytest.raises(SeedError, match=why):
        figure_of(value)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('columns = ["姓名 = name"]', "needs figures"),
        ('columns = ["面积 = sum.dwelling:"]', "a.toml: ledger elders: figure"),
        ('columns = ["男 = rule:性别 = 男"]\nrows = ["合计 = "]', "row_name go together"),
        ('columns = ["项目 = row_name", "男 = rule:性别 = 男"]', "row_name go together"),
        (
            'columns = ["项目 = row_name", "人 = rule:", "房 = rule.dwelling:"]\nrows = ["合计 = "]',
            "one kind of subject",
        ),
    ],
)
def test_a_statistic_that_cannot_be_counted_is_refused(tmp_path: Path, body: str, why: str) -> None:
    assert why in refusal(seeds.load_ledgers, write(tmp_path, "ledgers/a.toml", statistic(body)))


# Areas


def test_areas_come_parents_first(tmp_path: Path) -> None:
    text = "code,name,kind,parent,form\n31,上海市,province,,\n3101,市辖区,city,31,\n"
    top, city = seeds.iter_areas(write(tmp_path, "areas/a.csv", text))
    assert (top.code, top.parent, city.parent, city.kind) == ("31", "", "31", "city")


@pytest.mark.parametrize(
    "line",
    [
        "3101,市辖区,city,32,",
        "4101,市辖区,city,31,",
        "31,又一个,province,,",
        "3101,市辖区,city,31",
        "3101,孤儿,city,3,",
    ],
)
def test_an_area_below_no_known_one_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    text = f"code,name,kind,parent,form\n31,上海市,province,,\n{line}\n"
    assert "line 3" in refusal(seeds.iter_areas, write(tmp_path, "areas/a.csv", text))


def test_a_list_of_areas_with_other_columns_is_refused(tmp_path: Path) -> None:
    assert "first line" in refusal(seeds.iter_areas, write(tmp_path, "areas/a.csv", "code,name\n31,上海市\n"))


@pytest.mark.parametrize(
    ("name", "short"), [("公交新村居委会", "公交新村"), ("光明村村委会", "光明村"), ("四平路街道", "四平路街道")]
)
def test_a_short_name_is_what_people_say(name: str, short: str) -> None:
    assert seeds.AreaSeed("1", name, "committee", "", "").short == short


# Whatever is written


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


WORDS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["person", "personal", "text", "code_a", "statistic", "姓名 = name", "人 = rule:", "人 = sum.person:", "month"]
    ),
)
ANYTHING = st.recursive(
    WORDS | st.integers(-(2**60), 2**60) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    *("code", "name", "kind", "owner", "level", "purpose", "basis", "names", "core", "low", "path", "tags", "items"),
    *(
        "rule",
        "days",
        "meaning",
        "subject",
        "columns",
        "rows",
        "source",
        "group",
        "sort",
        "codes",
        "standard",
        "period",
    ),
]
ENTRY = st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=9)
LOADERS = {
    "set": ("codesets", seeds.load_code_sets),
    "group": ("tags", seeds.load_tags),
    "ledger": ("ledgers", seeds.load_ledgers),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(LOADERS)), ENTRY | ANYTHING, st.lists(ENTRY, max_size=2))
def test_whatever_a_file_holds_it_is_read_or_refused_by_name(
    tmp_path: Path, key: str, held: object, inner: list[dict[str, object]]
) -> None:
    if isinstance(held, dict) and inner:
        held = {**held, "tags": inner}
    folder, load = LOADERS[key]
    root = write(tmp_path, f"{folder}/a.toml", f"{key} = [{toml(held)}]\n")
    try:
        assert all(made.code for made in load(root))
    except SeedError as why:
        assert "a.toml" in str(why)


HEADS = st.lists(st.text("上下人户年数0-9（）", min_size=1, max_size=5), min_size=1, max_size=3)
VALUES = st.from_regex(r"[a-z][a-z_.0-9]{0,10}", fullmatch=True)


@given(HEADS, VALUES, st.integers(0, 99))
def test_a_written_column_says_what_it_was_written_of(heads: list[str], value: str, width: int) -> None:
    written = " > ".join(heads) + f" = {value}" + (f" ~{width}" if width else "")
    assert seeds._column(written, "here") == Column(heads[-1], value, tuple(heads[:-1]), width)

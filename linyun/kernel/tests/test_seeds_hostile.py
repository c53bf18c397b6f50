"""Files of seeds with a mistake in them: each is refused with the file and the entry, none is read as less than it says."""

from pathlib import Path
from typing import Any

import pytest

from linyun.kernel import seeds
from linyun.kernel.seeds import SeedError

ITEM = '{ code = "phone", name = "电话", kind = "text" }'
ITEMS = 'subject = "person"\n[[group]]\nname = "联系"\nowner = "community"\nlevel = "personal"\npurpose = "联系"\nbasis = "法"\nitems = [%s]\n'  # noqa: E501
SET = '[[set]]\ncode = "sex"\nname = "性别"\nstandard = "GB"\ncodes = [%s]\n'
TAGS = '[[group]]\npath = ["人", "民政", "老人"]\nsubject = "person"\nowner = "c"\nlevel = "personal"\npurpose = "探访"\ntags = [%s]\n'  # noqa: E501
TAG = '{ code = "lone", name = "独居", meaning = "一人住", days = 90 }'
LEDGER = '[[ledger]]\ncode = "%s"\nname = "名册"\ngroup = "服务"\nsource = "%s"\ncolumns = [%s]\n'
RHYTHM = '[[rhythm]]\ncode = "weekly"\nname = "每周"\nrule = "年龄 >= 80"\ndays = %s\njurisdiction = "自定"\nsource = "做法"\n'
HEAD = "code,name,kind,parent,form\n"
TOP = "31,上海市,province,,\n"

TABLE: list[tuple[str, str, str, tuple[str, ...]]] = [
    # loader, file, text, what the sentence holds
    ("code_sets", "codesets/a.toml", SET % "", ("a.toml", "set sex", "needs codes")),
    ("code_sets", "codesets/a.toml", SET % '["1", ""]', ("a.toml", "set sex", "no code or no name")),
    ("code_sets", "codesets/a.toml", SET % '[" ", "男"]', ("a.toml", "set sex", "no code or no name")),
    ("code_sets", "codesets/a.toml", SET % '["1", "男"]' * 2, ("a.toml", "set sex", "'sex' stands twice")),
    ("code_sets", "codesets/a.toml", "[[sets]]\n", ("a.toml", "unknown ['sets']", "only set")),
    ("code_sets", "codesets/a.toml", '[[set]]\ncode = "sex"\ncodes = [["1", "男"]]\n', ("a.toml", "set sex", "name")),
    ("code_sets", "codesets/a.toml", (SET % '["1", "男"]').replace('"sex"', '"Sex"'), ("a.toml", "set Sex", "lower-case")),
    ("items", "items/p.toml", ITEMS.replace("[[group]]", "[[groups]]") % ITEM, ("p.toml", "unknown ['groups']")),
    ("items", "items/p.toml", ITEMS % f"{ITEM}, {ITEM}", ("p.toml", "group 联系", "item phone", "stands twice")),
    ("items", "items/p.toml", ITEMS % ITEM.replace("电话", " "), ("p.toml", "item phone", "name must be stated")),
    ("items", "items/p.toml", ITEMS % ITEM.replace('"text"', '"text", low = 3, high = 1'), ("item phone", "low 3")),
    ("items", "items/p.toml", ITEMS % ITEM.replace('"text"', '"text", fresh_days = 0'), ("item phone", "0 days")),
    ("items", "items/p.toml", ITEMS % ITEM.replace('"text"', '"date", validator = "brith"'), ("p.toml", "'brith'", "birth")),
    ("items", "items/p.toml", ITEMS % ITEM.replace("phone", "电话"), ("p.toml", "item 电话", "lower-case")),
    ("items", "items/p.toml", ITEMS % '{ name = "电话", kind = "text" }', ("p.toml", "item 电话", "code")),
    ("items", "items/p.toml", ITEMS % "3", ("p.toml", "group 联系", "items 1 should be a table")),
    ("items", "items/p.toml", (ITEMS % ITEM).replace("personal", "secret"), ("p.toml", "item phone", "'secret'")),
    ("items", "items/p.toml", (ITEMS % ITEM).replace('owner = "community"\n', ""), ("p.toml", "item phone", "owner")),
    ("items", "items/p.toml", (ITEMS % ITEM).replace('basis = "法"\n', 'basis = ""\n'), ("p.toml", "phone", "basis")),
    ("items", "items/p.toml", ITEMS % ITEM.replace('"text"', '"text", level = 3'), ("p.toml", "level = 3", "wrong type")),
    ("items", "items/p.toml", "subject = person\n", ("p.toml", "Invalid value")),
    ("tags", "tags/t.toml", TAGS % f"{TAG}, {TAG}", ("t.toml", "tag lone", "stands twice")),
    ("tags", "tags/t.toml", TAGS % TAG.replace("一人住", ""), ("t.toml", "tag lone", "meaning must be stated")),
    ("tags", "tags/t.toml", TAGS % TAG.replace("90", "0"), ("t.toml", "tag lone", "end after 0 days")),
    ("tags", "tags/t.toml", TAGS % TAG.replace("90", "true"), ("t.toml", "tag lone", "wrong type")),
    ("tags", "tags/t.toml", TAGS % TAG.replace("lone", "独居"), ("t.toml", "tag 独居", "lower-case")),
    ("tags", "tags/t.toml", (TAGS % TAG).replace('"person"', '"cat"'), ("t.toml", "tag lone", "'cat' is none of")),
    ("tags", "tags/t.toml", (TAGS % TAG).replace('"老人"]', "3]"), ("t.toml", "path should hold texts")),
    ("tags", "tags/t.toml", (TAGS % TAG).replace("tags =", "tag ="), ("t.toml", "unknown 'tag'")),
    ("ledgers", "ledgers/l.toml", LEDGER % ("a", "person", '"姓名 = name"') * 2, ("l.toml", "ledger a", "stands twice")),
    ("ledgers", "ledgers/l.toml", LEDGER % ("a", "person", '"姓名 = "'), ("l.toml", "ledger a", "with a value")),
    ("ledgers", "ledgers/l.toml", LEDGER % ("a", "person", '" > 姓名 = name"'), ("l.toml", "ledger a", "without words")),
    ("ledgers", "ledgers/l.toml", LEDGER % ("a", "person", '"家庭 >  > 姓名 = name"'), ("ledger a", "without words")),
    ("ledgers", "ledgers/l.toml", LEDGER % ("a", "person", "3"), ("l.toml", "ledger a", "texts only")),
    ("ledgers", "ledgers/l.toml", LEDGER % ("a", "statistic", '"人 = rule.cat:"'), ("ledger a", "'cat' is none of")),
    ("ledgers", "ledgers/l.toml", LEDGER % ("a", "", '"姓名 = name"'), ("ledger a", "source must be stated")),
    ("ledgers", "ledgers/l.toml", (LEDGER % ("a", "person", '"姓名 = name"')).replace("服务", ""), ("ledger a", "group")),
    ("rhythms", "rhythms.toml", RHYTHM.replace("[[rhythm]]", "[[rythm]]") % 7, ("rhythms.toml", "unknown ['rythm']")),
    ("rhythms", "rhythms.toml", RHYTHM % 7 * 2, ("rhythms.toml", "weekly", "stands twice")),
    ("rhythms", "rhythms.toml", RHYTHM % 0, ("rhythms.toml", "rhythm weekly", "0 days")),
    ("rhythms", "rhythms.toml", RHYTHM % "7.5", ("rhythms.toml", "rhythm weekly", "wrong type")),
    ("rhythms", "rhythms.toml", (RHYTHM % 7).replace('rule = "年龄 >= 80"\n', ""), ("rhythms.toml", "rule")),
    ("departments", "departments.toml", 'departments = [["a", "甲"], ["a", "乙"]]', ("entry 2", "'a' stands twice")),
    ("departments", "departments.toml", 'departments = [["A", "甲"]]', ("departments.toml", "entry 1", "lower-case")),
    ("departments", "departments.toml", 'departments = [["a", ""]]', ("departments.toml", "entry 1", "name must be")),
    ("departments", "departments.toml", 'department = [["a", "甲"]]', ("departments.toml", "unknown ['department']")),
    ("sources", "sources.toml", 'sources = [["a", "甲", true, ""]]', ("sources.toml", "entry 1", "rank")),
    ("sources", "sources.toml", 'sources = [["a", "甲", 1, ""], ["a", "乙", 2, ""]]', ("entry 2", "stands twice")),
    ("sources", "sources.toml", 'sources = [["a", "", 1, ""]]', ("sources.toml", "entry 1", "name must be")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("loader", "file", "text", "says"), TABLE, ids=[f"{number}-{row[0]}" for number, row in enumerate(TABLE)]
)
def test_a_mistake_is_refused_with_its_file_and_entry(
    tmp_path: Path, loader: str, file: str, text: str, says: tuple[str, ...]
) -> None:
    target = tmp_path / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    with pytest.raises(SeedError) as refused:
        list(getattr(seeds, f"load_{loader}")(tmp_path))
    missing = [part for part in says if part not in str(refused.value)]
    assert missing == [], str(refused.value)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("31010101,黄浦,district,31,\n", "is no area below"),
        ("3101,市辖区,city,31,\n3101,市辖区,city,31,\n", "line 4"),
        ("3101,市辖区,city,31\n", "line 3"),
        ("3201,南京市,city,31,\n", "line 3"),
        ("31,上海市,province,,\n", "line 3"),
        ("310a,某地,city,31,\n", "line 3"),
        ("3101,,city,31,\n", "line 3"),
        ("3101,市辖区,town,31,\n", "line 3"),
        ("310101,黄浦区,city,31,\n", "line 3"),
    ],
)
def test_a_line_that_is_no_area_is_refused_with_its_number(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / "a.csv").write_text(HEAD + TOP + line, "utf-8")
    with pytest.raises(SeedError) as refused:
        list(seeds.iter_areas(tmp_path))
    assert "a.csv" in str(refused.value)
    assert why in str(refused.value)


@pytest.mark.parametrize("loader", ["departments", "sources", "rhythms"])
def test_a_file_that_is_not_there_is_no_empty_list(tmp_path: Path, loader: str) -> None:
    with pytest.raises(SeedError, match=f"{loader}.toml"):
        getattr(seeds, f"load_{loader}")(tmp_path)


@pytest.mark.parametrize("loader", ["code_sets", "items", "tags", "ledgers"])
def test_a_folder_that_is_not_there_is_no_empty_list(tmp_path: Path, loader: str) -> None:
    with pytest.raises(SeedError, match=r"no \.toml file"):
        getattr(seeds, f"load_{loader}")(tmp_path)


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    """Windows' editor puts a mark before UTF-8."""
    (tmp_path / "departments.toml").write_bytes(b"\xef\xbb\xbf" + 'departments = [["police", "公安"]]'.encode())
    assert [d.name for d in seeds.load_departments(tmp_path)] == ["公安"]


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "departments.toml").write_bytes('departments = [["police", "公安"]]'.encode("gb18030"))
    with pytest.raises(SeedError, match=r"departments\.toml"):
        seeds.load_departments(tmp_path)


def test_the_same_code_in_two_files_is_refused_with_the_second(tmp_path: Path) -> None:
    for name in ("a", "b"):
        file = tmp_path / "codesets" / f"{name}.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(SET % '["1", "男"]', "utf-8")
    with pytest.raises(SeedError, match=r"b\.toml: set sex: the code 'sex' stands twice"):
        seeds.load_code_sets(tmp_path)


def test_a_code_may_stand_under_two_subjects(tmp_path: Path) -> None:
    for name in ("person", "household"):
        file = tmp_path / "items" / f"{name}.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text((ITEMS % ITEM).replace('"person"', f'"{name}"'), "utf-8")
    assert [(i.subject.value, i.code) for i in seeds.load_items(tmp_path)] == [
        ("household", "phone"),
        ("person", "phone"),
    ]


@pytest.mark.parametrize(
    ("code", "name", "parts"),
    [
        ("1", "甲 = 乙", ("甲", "= 乙")),
        ("rule:年龄 >= 60", "60岁以上", ("60岁以上", "rule:年龄 >= 60")),
        ("rule:性别 = 男 ~9", "男", ("男", "rule:性别 = 男")),
    ],
)
def test_an_equals_sign_in_a_rule_does_not_cut_the_column(code: str, name: str, parts: tuple[str, ...]) -> None:
    column: Any = seeds._column(f"{name} = {code}", "here")
    assert column.name == parts[0]
    assert column.value.endswith(parts[1].removeprefix("= 乙"))

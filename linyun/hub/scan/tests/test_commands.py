"""`linyun crowd`, `linyun export` and `linyun tags` on the command line: the same people, and sentences for what is wrong."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from tests.characters import HERE, THERE

RULE = "年龄 >= 70"


@pytest.fixture
def elders(areas, person, home):
    """Two old people and a child here, one old person next door."""
    home(person(name="周桂芳", birth_date="1940-01-02", phone="19900000001"), address="公交新村1号101室")
    home(person(name="吴阿发", birth_date="1950-01-02"), address="公交新村1号102室")
    home(person(name="小周", birth_date="2020-01-02"), address="公交新村1号103室")
    person(THERE, name="邻居老太", birth_date="1940-01-02")


def asked(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_the_count_is_of_the_area_alone(elders):
    answer = json.loads(asked("crowd", RULE, "--area", HERE, "--count", "--json"))
    assert (answer["count"], answer["unknown"], answer["of"]) == (2, 0, 3)
    assert "70" in answer["says"]
    assert "ids" not in answer
    assert len(json.loads(asked("crowd", RULE, "--area", HERE, "--json"))["ids"]) == 2


def test_both_languages_ask_for_the_same(elders):
    same = [json.loads(asked("crowd", rule, "--area", HERE, "--json")) for rule in (RULE, "age >= 70")]
    assert same[0] == same[1]


def test_the_count_in_words(elders):
    assert "2 人" in asked("crowd", RULE, "--area", HERE, "--count")


def test_the_table_masks_and_is_recorded(elders):
    rows = list(csv.DictReader(io.StringIO(asked("crowd", RULE, "--area", HERE, "--csv"))))
    assert {row["姓名"] for row in rows} == {"周桂芳", "吴阿发"}
    assert "19900000001" not in str(rows)
    with within(HERE):
        assert Act.objects.filter(verb="crowd_exported").count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crowd", "年龄 >> 70", "--area", HERE], "应为"),
        (["crowd", "年龄 >= 七十岁零", "--area", HERE], "七十岁零"),
        (["crowd", "不知道 = 1", "--area", HERE], "不知道"),
        (["crowd", "", "--area", HERE], "."),
        (["crowd", RULE, "--area", "310110009999"], "310110009999"),
        (["crowd", RULE, "--area", "31011000901x"], "31011000901x"),
        (["crowd", RULE, "--area", HERE, "--csv", "--columns", "没有这列"], "没有这列"),
        (["crowd", RULE, "--area", HERE, "--csv", "--reason", ""], "用途"),
        (["tags", "list", "--area", "1"], "“1”"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(elders, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command(*arguments)


def test_an_export_writes_the_people_asked_for(elders, tmp_path):
    path = tmp_path / "老人.csv"
    answer = json.loads(asked("export", path, "--area", HERE, "--rule", RULE, "--reason", "节前慰问", "--json"))
    assert answer["rows"] == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
    assert {row["姓名"] for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))} == {"周桂芳", "吴阿发"}
    with within(HERE):
        assert Act.objects.get(verb="crowd_exported").reason == "节前慰问"


def test_everybody_is_exported_without_a_rule(elders, tmp_path):
    answer = json.loads(asked("export", tmp_path / "a.csv", "--area", HERE, "--reason", "核对名册", "--json"))
    assert answer["rows"] == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--area", "310110009999", "--reason", "核对"], "310110009999"),
        (["--area", HERE, "--reason", " "], "用途"),
        (["--area", HERE, "--reason", "核对", "--rule", "年龄 >"], "应为"),
        (["--area", HERE, "--reason", "核对", "--columns", "身高体重"], "身高体重"),
    ],
)
def test_an_export_refused_writes_no_file(elders, tmp_path, options, said):
    with pytest.raises(CommandError, match=said):
        call_command("export", tmp_path / "a.csv", *options)
    assert not (tmp_path / "a.csv").exists()


def test_an_export_to_where_nothing_can_be_written_says_so(elders, tmp_path):
    with pytest.raises(CommandError, match="写不了"):
        call_command("export", tmp_path / "nowhere" / "a.csv", "--area", HERE, "--reason", "核对名册")


def test_tags_are_counted_where_an_area_is_given(elders):
    listed = {tag["code"]: tag for tag in json.loads(asked("tags", "list", "--subject", "person", "--json"))}
    assert len(listed) > 100
    assert all(tag["count"] is None for tag in listed.values())
    counted = json.loads(asked("tags", "list", "--subject", "person", "--area", HERE, "--json"))
    assert max(tag["count"] or 0 for tag in counted) >= 2

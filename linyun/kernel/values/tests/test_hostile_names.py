"""Names as hostile files write them: one person under one name, two people never as one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.values.names import parse

HAN = st.text("张王李赵阿卜买提古丽欧阳建国", min_size=2, max_size=4)


@settings(max_examples=40, deadline=None)
@given(HAN, HAN, st.sampled_from(["·", "•", "・", "‧", "∙", "⋅", "●", ".", "．", " · ", "· ", " ．"]))
def test_every_dot_of_a_minority_name_is_the_same_dot(first: str, second: str, dot: str) -> None:
    assert parse(first + dot + second).value == f"{first}·{second}"


@settings(max_examples=40, deadline=None)
@given(HAN, st.sampled_from(["·", "·· ", " ", "、", "，", "\n", "'", "‘"]))
def test_a_sign_left_over_behind_a_name_is_no_part_of_it(name: str, sign: str) -> None:
    assert parse(name + sign).value == name
    assert parse(sign + name).value == name


@pytest.mark.parametrize("cell", ["张\n三丰", "张三\n丰", "张\r\n三丰", "张 \n 三丰"])
def test_a_name_wrapped_in_a_narrow_cell_is_one_person(cell: str) -> None:
    assert parse(cell).value == "张三丰"


def test_a_short_name_wrapped_after_the_surname_is_one_person() -> None:
    assert parse("张\n三").value == "张三"


@pytest.mark.parametrize(
    "cell",
    [
        "张三\n李四",
        "张三丰\n李四",
        "张三-李四",
        "张三等3人",
        "张三等人",
        "张三&李四",
        "张三+李四",
        "张三,男,",
        "张三|李四",
    ],
)
def test_several_people_are_never_taken_as_one(cell: str) -> None:
    found = parse(cell)
    assert found.value is None
    assert found.extra["several"]
    assert "一人一行" in str(found.problem)


@pytest.mark.parametrize(
    "cell", ["O'Brien", "Jean-Luc", "José", "Müller", "John Smith", "王 John", "史密斯", "山田太郎", "M. Li"]
)
def test_foreign_names_keep_their_own_signs(cell: str) -> None:
    assert parse(cell).value == cell


@pytest.mark.parametrize("cell", ["曹䶮", "𠮷野家", "张㐅", "张\ue123", "张\U00020bb7", "〇一"])
def test_rare_characters_are_kept_as_they_are(cell: str) -> None:
    assert parse(cell).value == cell


@pytest.mark.parametrize(("cell", "why"), [("张?", "没有显示"), ("张■", "没有显示"), ("张\ufffd", "没有显示")])
def test_a_character_lost_on_the_way_is_asked_for_and_not_dropped(cell: str, why: str) -> None:
    found = parse(cell)
    assert found.value is None
    assert why in str(found.problem)


@pytest.mark.parametrize(
    ("cell", "value", "beside"),
    [
        ("张三（曾用名：李四）", "张三", "曾用名:李四"),
        ("张三[租户]", "张三", "租户"),
        ("（1）张三", "张三", "1"),
        ("张三 19900123456", "张三", "19900123456"),
        ("张三 党员", "张三", "党员"),
        ("业主：张三（亡）", "张三", "亡"),
    ],
)
def test_what_stands_beside_a_name_is_told_and_not_lost(cell: str, value: str, beside: str) -> None:
    found = parse(cell)
    assert found.value == value
    assert beside in found.extra["beside"]


@settings(max_examples=50, deadline=None)
@given(HAN)
def test_reading_a_read_name_changes_nothing(name: str) -> None:
    once = parse(name).value
    assert once is not None
    assert parse(once).value == once

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.kernel.values import phones
from linyun.kernel.values.tests.disguises import FIXED, cells, full_width

MOBILE, OTHER = "19900123456", "19900123457"
mobiles = st.integers(0, 999_999).map(lambda n: f"19900{n:06d}")

DISGUISES = [
    lambda n: n,
    lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}",
    lambda n: f"{n[:3]} {n[3:7]} {n[7:]}",
    lambda n: "+86 " + n,
    lambda n: "86" + n,
    lambda n: "0086" + n,
    lambda n: "0" + n,
    lambda n: "'" + n,
    full_width,
    lambda n: "手机：" + n,
    lambda n: n + "（本人）",
    lambda n: float(n),
    lambda n: int(n),
]


@given(mobiles, st.sampled_from(DISGUISES))
def test_a_mobile_in_any_disguise_reads_as_itself(number, disguise):
    assert phones.parse(disguise(number)).value == (number,)


@given(mobiles, mobiles, st.sampled_from(["/", "、", ",", "，", ";", "；", " ", "\n", "  ", "|", "或", "和"]))
def test_two_phones_in_a_cell_are_two_in_their_order(one, two, sign):
    assert phones.parse(one + sign + two).value == tuple(dict.fromkeys((one, two)))


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("021-65980000", ("021-65980000",)),
        ("(021)65980000", ("021-65980000",)),
        ("（021）6598 0000", ("021-65980000",)),
        ("02165980000", ("021-65980000",)),
        ("86-21-65980000", ("021-65980000",)),
        ("0512-65980000", ("0512-65980000",)),
        ("0564-3280000", ("0564-3280000",)),
        ("65980000", ("65980000",)),
        (65980000.0, ("65980000",)),
        ("65980000-801", ("65980000-801",)),
        ("021-65980000转801", ("021-65980000-801",)),
        ("65980000分机12", ("65980000-12",)),
        ("400-820-0000", ("4008200000",)),
        ("65980000-65980001", ("65980000", "65980001")),
        ("65980000\n19900123456", ("65980000", MOBILE)),
        (f"{MOBILE}、{MOBILE}", (MOBILE,)),
    ],
)
def test_landlines_with_area_code_extension_and_company(cell, numbers):
    found = phones.parse(cell)
    assert (found.value, found.problem) == (numbers, None)


@pytest.mark.parametrize(("cell", "number"), [(2165980000.0, "021-65980000"), (51265980000.0, "0512-65980000")])
def test_the_zero_that_excel_dropped_from_an_area_code_is_put_back_and_said_so(cell, number):
    found = phones.parse(cell)
    assert found.value == (number,) and "前的 0" in found.notes[0]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1990012345", "10 位"),
        ("199001234567", "12 位"),
        ("110", "不是完整的"),
        ("1.99E+10", "存成了数字"),
        ("张三", "没有电话号码"),
        (1.5, "不是电话号码"),
        (True, "却是日期或是否"),
        ("199****3456", "不是完整的"),
        ("#REF!", "公式出错"),
    ],
)
def test_what_is_no_phone_is_refused_and_named(cell, says):
    found = phones.parse(cell)
    assert found.value is None
    assert says in found.problem


def test_a_good_number_beside_a_broken_one_is_kept():
    found = phones.parse(f"{MOBILE}/6598")
    assert found.value == (MOBILE,)
    assert "6598" in found.problem and "已收下" in found.problem


def test_words_beside_a_number_become_a_note():
    found = phones.parse(f"{MOBILE}(儿子)、{OTHER}女儿")
    assert found.value == (MOBILE, OTHER)
    assert found.extra["words"] == ("儿子", "女儿")
    assert "儿子" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"低保，电话：{MOBILE}，儿子", (MOBILE,)),
        ("联系电话65980000", ("65980000",)),
        ("家里电话 6598 0000 白天在", ("65980000",)),
        ("tel:65980000", ("65980000",)),
        (f"女儿{MOBILE}，单位021-65980000", (MOBILE, "021-65980000")),
        ("身份证310110194803059990", ()),
        ("2000年搬来，住了20多年", ()),
        ("每月3500元", ()),
        ("20260305登记", ()),
        ("", ()),
        (None, ()),
        (12.0, ()),
    ],
)
def test_phones_hidden_in_remarks_are_found_and_nothing_else(text, numbers):
    assert phones.find_in(text) == numbers


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (MOBILE, "199****3456"),
        ("021-65980001", "021-****0001"),
        ("021-65980001-801", "021-****0001"),
        ("65980001", "****0001"),
        ("110", "***"),
    ],
)
def test_a_masked_phone_hides_its_middle(number, shown):
    assert phones.mask(number) == shown


@pytest.mark.parametrize("cell", [None, "", "无", "—", "'", 0, 0.0])
def test_nothing_stated_is_blank(cell):
    assert phones.parse(cell).blank


@given(cells)
def test_no_cell_breaks_the_parser(cell):
    found = phones.parse(cell)
    assert found.value is None or all(n[0].isdigit() for n in found.value)
    phones.find_in(cell)


@pytest.mark.parametrize("cell", FIXED, ids=range(len(FIXED)))
def test_known_breakers_do_not_break_it(cell):
    assert phones.parse(cell).value is None

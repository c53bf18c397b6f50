"""Any roster of valid people, written in any of the ways that offices have, comes out as those people."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.hub.exchange.reading import Sheet, read, understand
from linyun.hub.exchange.reading.tests.rosters import ITEMS, SETS, TODAY, xlsx
from linyun.kernel.values import identity

SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰"

people = st.builds(
    lambda surname, given, born, sequence, phone, door: {
        "name": surname + given,
        "identity_number": identity.make("310110", born, sequence),
        "birth_date": born,
        "phone": f"19900{phone:06d}",
        "address": f"公交新村{door[0]}号{door[1]}0{door[2]}室",
    },
    st.sampled_from(SURNAMES),
    st.text(GIVEN, min_size=1, max_size=2),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    st.integers(990, 999),
    st.integers(0, 999_999),
    st.tuples(st.integers(1, 99), st.integers(1, 6), st.integers(1, 4)),
)
WRITINGS = {
    "name": [str, " ".join, lambda t: f" {t}\u200b", lambda t: f"{t}（户主）"],
    "identity_number": [
        str,
        str.lower,
        lambda t: "'" + t,
        lambda t: f"{t[:6]} {t[6:]}",
        lambda t: f"{t[:14]}-{t[14:]}",
    ],
    "birth_date": [
        date.isoformat,
        lambda d: d,
        lambda d: f"{d.year}.{d.month}.{d.day}",
        lambda d: f"{d:%Y%m%d}",
        lambda d: float(f"{d:%Y%m%d}"),
        lambda d: f"{d.year}年{d.month}月",
    ],
    "phone": [str, float, lambda t: f"{t[:3]}-{t[3:7]}-{t[7:]}", lambda t: t + "（本人）"],
    "address": [
        str,
        lambda t: t.removesuffix("室"),
        lambda t: "上海市杨浦区四平路街道" + t,
        lambda t: t.replace("号", "-"),
    ],
}
HEADERS = {
    "name": ["姓名", "居民姓名", "姓 名*"],
    "identity_number": ["身份证号码", "公民身份号码", "证件号*"],
    "birth_date": ["出生日期", "出生年月（日）"],
    "phone": ["手机", "联系电话", "电话号码"],
    "address": ["居住地址", "门牌号", "家庭住址"],
}
TOPS = [[], [["公交新村居民名册"]], [["公交新村居民名册"], [], ["填报单位：居委会"]]]
FEET = [[], [[], ["合计", "", "", "", ""]], [["填表人：", "", "审核人："], ["注：本表由居委会留存。"]]]


@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(people, min_size=1, max_size=6, unique_by=lambda p: p["identity_number"]))
def test_rosters_in_all_writings_come_out_as_the_people_in_them(data, persons):
    order = data.draw(st.permutations(list(HEADERS)))
    head = [data.draw(st.sampled_from(HEADERS[key])) for key in order]
    body = [[data.draw(st.sampled_from(WRITINGS[key]))(p[key]) for key in order] for p in persons]
    top, foot = data.draw(st.sampled_from(TOPS)), data.draw(st.sampled_from(FEET))
    sheet = read(xlsx([*top, head, *body, *foot]), "名册.xlsx").sheets[0]
    rows = list(understand(sheet, ITEMS, SETS).rows(TODAY))
    assert [p for r in rows for p in r.problems] == []
    assert [r.number for r in rows] == [len(top) + 2 + n for n in range(len(persons))]
    for row, person in zip(rows, persons, strict=True):
        assert {k: row.values[k] for k in ("name", "identity_number", "phone")} == {
            k: person[k] for k in ("name", "identity_number", "phone")
        }
        assert row.values.get("birth_date", person["birth_date"]) == person["birth_date"]
        assert row.address.text == person["address"]


cells = st.one_of(
    st.just(""),
    st.text(max_size=12),
    st.sampled_from(
        ["姓名", "身份证号码", "合计", "同上", "户主", "{name}", "12号302室", "空关", "填表人：", "王建国"]
    ),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, max_size=6), max_size=12))
def test_no_sheet_breaks_the_understanding(rows):
    sheet = Sheet("乱", [list(r) for r in rows])
    found = understand(sheet, ITEMS, SETS)
    assert found.sentence
    for row in found.rows(TODAY):
        assert row.refused or row.values or row.others or row.specials or row.address or row.problems
        assert all(p.reason and p.row == row.number for p in row.problems)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(cells, min_size=4, max_size=4), max_size=12))
def test_no_rows_under_a_good_head_break_the_reading(rows):
    sheet = Sheet("乱", [["姓名", "身份证号码", "居住地址", "与户主关系"], *[list(r) for r in rows]])
    for row in understand(sheet, ITEMS, SETS).rows(TODAY):
        number = row.values.get("identity_number")
        assert number is None or identity.check_digit(number[:17]) == number[17]


def test_five_thousand_rows_take_little_time():
    """The ceiling is 25 s of one core for 100,000 rows of twelve columns; this is a twentieth of it."""
    head = [
        "序号",
        "居住地址",
        "与户主关系",
        "姓名",
        "性别",
        "身份证号码",
        "出生日期",
        "民族",
        "联系电话",
        "文化程度",
        "是否独居",
        "备注",
    ]
    rows = [head]
    for n in range(5_000):
        born = date(1930 + n % 90, 1 + n % 12, 1 + n % 28)
        number = identity.make("310110", born, 990 + n % 10)
        rows.append(
            [n, f"四平路{n % 90}弄{n % 400}号{n % 6 + 1}0{n % 4 + 1}室" if n % 3 == 0 else "", ["户主", "妻", "子"][n % 3],
             SURNAMES[n % 10] + GIVEN[n % 13] + GIVEN[n % 11], "女男"[int(number[16]) % 2], number,
             f"{born.year}.{born.month}.{born.day}", "汉", f"19900{n:06d}", "高中", "否",
             "低保" if n % 7 else "电话：19900100001"]
        )  # fmt: skip
    data = xlsx(rows)
    sheet = read(data, "名册.xlsx").sheets[0]
    read_rows = list(understand(sheet, ITEMS, SETS).rows(TODAY))
    assert len(read_rows) == 5_000 and not any(r.problems for r in read_rows)

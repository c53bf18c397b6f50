"""Workbooks as committees make them, built by hand for the tests, and a small catalogue to read them with."""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl

from linyun.hub.exchange.reading import Row, Table, read, understand
from linyun.kernel.declare import Code, CodeSet, Item, Kind, Level, Subject
from linyun.kernel.values import identity

TODAY = date(2026, 11, 23)
HERE = ("上海市", "杨浦区", "四平路街道", "公交新村居委会")


def item(code, name, kind=Kind.TEXT, names=(), subject=Subject.PERSON, **more):
    """One item of the test catalogue."""
    return Item(code, subject, name, kind, "community", Level.PERSONAL, "走访", "条例", names=tuple(names), **more)


ITEMS = (
    item("name", "姓名", names=("名字", "居民姓名", "被访者姓名"), core=True),
    item("former_name", "曾用名"),
    item("sex", "性别", Kind.CODE, code_set="sex"),
    item("birth_date", "出生日期", Kind.DATE, ("出生年月", "出生年月日", "生日")),
    item("identity_type", "证件类型", Kind.CODE, ("证件种类",), code_set="identity_type"),
    item("identity_number", "证件号码", Kind.IDENTITY, ("身份证", "身份证号", "身份证号码", "公民身份号码", "证件号")),
    item("permit_number", "居住证号码", Kind.IDENTITY, ("居住证号",)),
    item("phone", "联系电话", Kind.PHONE, ("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码")),
    item("emergency_contact", "紧急联系人", names=("联系人",)),
    item("emergency_phone", "紧急联系人电话", Kind.PHONE, ("紧急联系电话",)),
    item("ethnicity", "民族", Kind.CODE, code_set="ethnicity"),
    item("education", "文化程度", Kind.CODE, ("学历",), code_set="education"),
    item("political_status", "政治面貌", Kind.TEXT),
    item("marital_status", "婚姻状况", Kind.TEXT, ("婚姻",)),
    item("living_address", "现住址", names=("居住地址", "家庭住址", "住址", "地址", "门牌号")),
    item("registered_address", "户籍地址", names=("户口所在地", "户籍地")),
    item("lives_since", "入住日期", Kind.DATE, ("居住时间", "入住时间")),
    item("monthly_income", "本人月收入", Kind.DECIMAL, ("月收入",), low=0, high=1_000_000),
    item("lives_alone", "独居", Kind.BOOLEAN, ("是否独居",)),
    item("remark", "备注"),
    item("number", "户号", subject=Subject.HOUSEHOLD),
    item("floor_area", "建筑面积", Kind.DECIMAL, ("面积",), Subject.DWELLING),
    item("layout", "户型", Kind.TEXT, ("房屋户型",), Subject.DWELLING),
    item("room", "室号", Kind.TEXT, (), Subject.DWELLING),
    item("has_lift", "有电梯", Kind.BOOLEAN, ("是否有电梯",), Subject.DWELLING),
    item("name", "单位名称", names=("企业名称", "名称"), subject=Subject.ORGANISATION),
    item("uscc", "统一社会信用代码", names=("信用代码",), subject=Subject.ORGANISATION, validator="uscc"),
    item("contact_phone", "单位电话", Kind.PHONE, ("企业电话",), Subject.ORGANISATION),
)
SETS = {
    s.code: s
    for s in (
        CodeSet("sex", "性别", "GB/T 2261.1-2003", (Code("1", "男", ("男性",)), Code("2", "女", ("女性",)))),
        CodeSet("visit_mode", "走访方式", "自定", (Code("2", "走访", ("上门",)), Code("3", "电话"))),
        CodeSet("ethnicity", "民族", "GB/T 3304-1991", (Code("01", "汉族", ("汉",)), Code("03", "回族"))),
        CodeSet(
            "education", "文化程度", "GB/T 4658-2006",
            (Code("20", "大学本科", ("本科",)), Code("60", "高中"), Code("80", "小学")),
        ),
        CodeSet(
            "identity_type", "证件类型", "GA/T 517-2004", (Code("111", "居民身份证", ("身份证",)), Code("414", "护照")),
        ),
        CodeSet(
            "relation_to_head", "与户主关系", "GB/T 4761-2008",
            (Code("01", "本人"), Code("02", "户主"), Code("10", "配偶"), Code("12", "妻"), Code("20", "子", ("儿子",)),
             Code("30", "女", ("女儿",))),
        ),
    )
}  # fmt: skip


def number(year=1948, month=3, day=5, sequence=991):
    """A valid identity number with a serial kept for us."""
    return identity.make("310110", date(year, month, day), sequence)


WANG, LI, ZHAO, SUN = number(), number(1950, 7, 1, 992), number(1978, 2, 28, 993), number(2010, 12, 31, 994)
WRONG = WANG[:-1] + ("1" if WANG[-1] != "1" else "2")


def xlsx(*sheets: Sequence[Sequence[object]], merges=(), names=(), change=None) -> bytes:
    """An .xlsx of one or more sheets of rows. ``merges``: ranges of the first sheet; ``change(book)`` does the rest."""
    book = openpyxl.Workbook()
    for index, rows in enumerate(sheets):
        page = book.active if index == 0 else book.create_sheet()
        page.title = names[index] if index < len(names) else f"Sheet{index + 1}"
        for row in rows:
            page.append([None if cell == "" else cell for cell in row])
    for merge in merges:
        book.worksheets[0].merge_cells(merge)
    if change:
        change(book)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def table(rows: Sequence[Sequence[object]], **more) -> Table:
    """The first sheet of a workbook of these rows, understood."""
    here = more.pop("here", ())
    remembered = more.pop("remembered", None)
    book = read(xlsx(rows, **more), "名册.xlsx")
    return understand(book.sheets[0], ITEMS, SETS, remembered, here)


def rows_of(rows: Sequence[Sequence[object]], **more) -> list[Row]:
    """The data rows of such a sheet."""
    return list(table(rows, **more).rows(TODAY))


def targets(found: Table) -> dict[str, str]:
    """Header → target of a table."""
    return {g.column.header: g.target for g in found.guesses}

"""Cases of dates, phones, addresses, relations and formulas as people type them."""

from datetime import date
from typing import Any

from linyun.hub.exchange.tests.corpus.making import DOOR, HEAD, MIN, TAO, WANG, ZHOU, Case, of, repacked, written, xlsx

PEOPLE = ["姓名", "出生日期", "联系电话", "住址"]
FULL = ["周桂芳", ZHOU, DOOR, "19900111111"]


def born(cell: object, holds: str | None) -> Case:
    """A birth date without a number to say it, and what is kept."""
    return Case(of(["周桂芳", cell, "", DOOR], head=PEOPLE), (1, 0, 0, 0, 0), holds={"周桂芳": {"birth_date": holds}})


def unborn(cell: object, reason: str, value: str = "") -> Case:
    """A cell that is no birth date: left out, and the rest of the row goes in."""
    return Case(of(["周桂芳", cell, "", DOOR], head=PEOPLE), (1, 0, 0, 0, 0), [(2, "B 出生日期", value or str(cell), reason)],
                holds={"周桂芳": {"birth_date": None, "living_address": DOOR}})  # fmt: skip


def phone(cell: object, holds: str | None, *problem: str, value: str = "") -> Case:
    """A phone cell, what is kept of it, and the words of a complaint."""
    refusals = [(2, "D 联系电话", value or str(cell), problem[0])] if problem else []
    return Case(of([*FULL[:3], cell]), (1, 0, 0, 0, 0), refusals, holds={"周桂芳": {"phone": holds}})


def remark(said: str, *, counts: tuple[int, int, int, int, int] = (1, 0, 0, 0, 0)) -> Case:
    """A remark with a phone in it: kept as a remark, never taken for a phone unasked."""
    return Case(
        of(["周桂芳", ZHOU, said], head=["姓名", "身份证号", "备注"]), counts, holds={"周桂芳": {"phone": None}}
    )


def with_formulas(cached: bool) -> bytes:
    """A sheet whose phone and birth date are formulas, with and without what they came to."""

    def write(book: Any, page: Any) -> None:
        page.write_row(0, 0, [*HEAD, "出生日期"])
        page.write_row(1, 0, FULL[:3])
        page.write_formula(1, 3, '="199"&"00111111"', None, "19900111111" if cached else "")
        page.write_formula(
            1, 4, "=DATE(1949,3,5)", book.add_format({"num_format": "yyyy-mm-dd"}), 17962 if cached else ""
        )

    made = written(write)
    if cached:
        return made
    return repacked(made, lambda name, part: part.replace(b' t="str"', b"").replace(b"<v></v>", b""))


def failed_formula(book: Any, page: Any) -> None:
    """A look-up that found nothing."""
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, FULL[:3])
    page.write_formula(1, 3, "=VLOOKUP(A2,X:Y,2,0)", None, "#N/A")


def identity_formula(book: Any, page: Any) -> None:
    """A number put together by a formula."""
    page.write_row(0, 0, HEAD)
    page.write_formula(1, 1, f'="{ZHOU[:6]}"&"{ZHOU[6:]}"', None, ZHOU)
    page.write_string(1, 0, "周桂芳")


def formatted(book: Any, page: Any) -> None:
    """A date cell shown as 1949年3月."""
    page.write_row(0, 0, PEOPLE)
    page.write_row(1, 0, ["周桂芳", "", "", DOOR])
    page.write_datetime(1, 1, date(1949, 3, 5), book.add_format({"num_format": 'yyyy"年"m"月"'}))


def since_1904(book: Any, page: Any) -> None:
    """Dates and day numbers of a workbook that came from a Mac."""
    page.write_row(0, 0, PEOPLE)
    page.write_row(1, 0, ["周桂芳", "", "", DOOR])
    page.write_datetime(1, 1, date(1949, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    page.write_row(2, 0, ["王福生", 16135, "", DOOR])


def family(*relations: str) -> list[list[str]]:
    """A head and others of the household."""
    numbers = (ZHOU, WANG, MIN, TAO)
    return [[f"居民{'甲乙丙丁'[n]}", r, numbers[n], DOOR if n == 0 else ""] for n, r in enumerate(relations)]


RELATED = ["姓名", "与户主关系", "身份证号", "住址"]
CASES: dict[str, Case] = {
    "born 1948.3.5": born("1948.3.5", "1948-03-05"),
    "born 1948/3/5": born("1948/3/5", "1948-03-05"),
    "born 1948年3月5日": born("1948年3月5日", "1948-03-05"),
    "born 1948年3月": born("1948年3月", "1948-03-01"),
    "born 1948-03-05 in full-width signs": born("１９４８－０３－０５", "1948-03-05"),
    "born 一九四八年三月五日": born("一九四八年三月五日", "1948-03-05"),
    "born 480305": born("480305", "1948-03-05"),
    "born 480305 as a number": born(480305, "1948-03-05"),
    "born 19480305 as a number": born(19480305, "1948-03-05"),
    "born on day 17597": born(17597, "1948-03-05"),
    "born in a date cell": born(date(1948, 3, 5), "1948-03-05"),
    "born in a date cell shown as a month": Case(
        written(formatted), (1, 0, 0, 0, 0), holds={"周桂芳": {"birth_date": "1949-03-05"}}),
    "born in the 1904 system": Case(
        written(since_1904, date_1904=True), (2, 0, 0, 0, 0),
        holds={"周桂芳": {"birth_date": "1949-03-05"}, "王福生": {"birth_date": "1948-03-05"}}),
    "born 1948-02-30": unborn("1948-02-30", "请核对"),
    "born 1949-13-01": unborn("1949-13-01", "请核对"),
    "born 民国37年": unborn("民国37年3月5日", "公历"),
    "born by the moon": unborn("农历正月初五", "公历"),
    "born 3月5日": unborn("3月5日", "没有年份"),
    "born 1948.1 as a number": unborn(1948.1, "分不清"),
    "born 3/5/1948": unborn("3/5/1948", "分不清月和日"),
    "born tomorrow": unborn("2199-01-01", "请核对"),
    "born 不详": born("不详", None),
    "born as words": unborn("四十年代", "不是日期"),
    "two phones with a stroke": phone("13800000000/13900000000", "13800000000; 13900000000"),
    "two phones on two lines": phone("13800000000\n13900000000", "13800000000; 13900000000"),
    "one phone twice": phone("13800000000、138 0000 0000", "13800000000"),
    "a phone with area code": phone("021-65980000", "021-65980000"),
    "a phone with brackets and extension": phone("(021)65980000转801", "021-65980000-801"),
    "a phone with +86": phone("+86 138-0000-0000", "13800000000"),
    "a phone as a number": phone(13800000000, "13800000000"),
    "a phone as a number with a lost zero": phone(2165980000, "021-65980000"),
    "a phone as scientific text": phone("1.38E+10", None, "设为“文本”"),
    "a phone of 12 digits": phone("138000000001", None, "12 位"),
    "a good and a bad phone": phone("13800000000/1390000", "13800000000", "同格的其他号码已收下"),
    "a phone with its owner": phone("13800000000（女儿）", "13800000000"),
    "a phone 无": phone("无", None),
    "a phone full of zeros": phone(0, None),
    "an identity number as a phone": phone(MIN, None, "不是电话号码"),
    "a phone in the remark": remark("电话：13800000000"),
    "a landline in the remark": remark("独居，家里电话 65980000，早上在家"),
    "no phone in the remark but a number": remark(f"原证件 {MIN}"),
    "two columns of phones": Case(
        of(["周桂芳", ZHOU, "19900111111", "021-65980000"], head=["姓名", "身份证号", "手机", "固定电话"]), (1, 0, 0, 0, 0),
        holds={"周桂芳": {"phone": "19900111111", "landline": "021-65980000"}}),
    "three columns of phones": Case(
        of(["周桂芳", ZHOU, "19900111111", "19900222222", "19900111111"], head=["姓名", "身份证号", "电话1", "电话2", "联系方式"]),
        (1, 0, 0, 0, 0), holds={"周桂芳": {"phone": "19900111111; 19900222222"}}),
    "the daughter's phone is not hers": Case(
        of(["周桂芳", ZHOU, "19900111111", "王敏", "19900222222"],
           head=["姓名", "身份证号", "联系电话", "紧急联系人", "紧急联系人电话"]), (1, 0, 0, 0, 0),
        holds={"周桂芳": {"phone": "19900111111"}}),
    "夫 长子 儿媳": Case(of(*family("户主", "夫", "长子", "儿媳"), head=RELATED), (4, 0, 0, 0, 0)),
    "妻 孙女 岳母": Case(of(*family("本人", "妻", "孙女", "岳母"), head=RELATED), (4, 0, 0, 0, 0)),
    "次女 外孙 公公": Case(of(*family("户主本人", "次女", "外孙", "公公"), head=RELATED), (4, 0, 0, 0, 0)),
    "弟媳 保姆 其他": Case(of(*family("户主", "弟媳", "保姆", "其他"), head=RELATED), (4, 0, 0, 0, 0)),
    "a relation that is none": Case(
        of(*family("户主", "隔壁"), head=RELATED), (2, 0, 0, 0, 0), [(3, "B 与户主关系", "隔壁", "请")]),
    "parts of an address in their own columns": Case(
        of(["周桂芳", ZHOU, "四平路", "999弄", "12号", 302], head=["姓名", "身份证号", "路名", "弄", "楼号", "室号"]),
        (1, 0, 0, 0, 0), holds={"周桂芳": {"living_address": DOOR}}),
    "an address with its city and a gap": Case(
        of(["周桂芳", ZHOU, "上海市杨浦区四平路 999 弄 12 号 302 室", ""]), (1, 0, 0, 0, 0)),
    "an address elsewhere": Case(
        of(["周桂芳", ZHOU, "江苏省南京市鼓楼区中山路1号", ""]), (1, 0, 0, 0, 0)),
    "an identity number as an address": Case(
        of(["周桂芳", ZHOU, f"证件 {MIN}", ""]), (1, 0, 0, 0, 0), [(2, "C 住址", f"证件 {MIN}", "请")]),
    "formulas with their results": Case(
        with_formulas(True), (1, 0, 0, 0, 0), holds={"周桂芳": {"phone": "19900111111", "birth_date": "1949-03-05"}}),
    "formulas without results": Case(
        with_formulas(False), (1, 0, 0, 0, 0),
        [(2, "D 联系电话", '="199"&"00111111"', "保存一次"), (2, "E 出生日期", "=DATE(1949,3,5)", "保存一次")]),
    "a number from a formula": Case(written(identity_formula), (1, 0, 0, 0, 0), holds={"周桂芳": {"birth_date": "1949-03-05"}}),
    "a formula that failed": Case(written(failed_formula), (1, 0, 0, 0, 0), [(2, "D 联系电话", "#N/A", "公式出错")]),
    "text that looks like a formula stays text": Case(
        xlsx([[*HEAD, "备注"], [*FULL, "'=1+1"], ["王敏", MIN, DOOR, "", "@陈师傅"]]), (2, 0, 0, 0, 0)),
    "yes and no in many words": Case(
        of(["周桂芳", ZHOU, "是"], ["王敏", MIN, "×"], head=["姓名", "身份证号", "是否独居"]), (2, 0, 0, 0, 0)),
    "true and false cells": Case(of(["周桂芳", ZHOU, True, ""]), (1, 0, 0, 0, 0), [(2, "C 住址", "TRUE", "请")]),
}  # fmt: skip

"""Cases of what stands in the cells that say who somebody is: identity numbers, names, and what contradicts them."""

from linyun.hub.exchange.tests.corpus.making import (
    DOOR,
    HEAD,
    MIN,
    TAO,
    WANG,
    WRONG,
    ZHOU,
    Case,
    no,
    of,
    text,
    written,
    xlsx,
)

LOST = "丢失了末几位"
WOMAN = ["周桂芳", ZHOU, DOOR, "19900111111"]
BORN = ["姓名", "身份证号", "性别", "出生日期"]
PERMIT = "H60123456"
OLD = f"{ZHOU[:6]}{ZHOU[8:17]}"
"""ZHOU as it was before 1999: 15 digits."""
ENDS_IN_X = next(n for day in range(1, 29) if (n := no(f"1950-04-{day:02d}"))[-1] == "X")
RESIDENT = no("1980-01-02")


def number(cell: object, *, counts: tuple[int, int, int, int, int] = (1, 0, 0, 0, 1), reason: str = "",
           value: str = "") -> Case:  # fmt: skip
    """王敏 whose number is the cell, beside a good row."""
    refusals = [(3, "!B 身份证号", value or str(cell), reason)] if reason else []
    return Case(of(WOMAN, ["王敏", cell, DOOR, ""]), counts, refusals)


def good(cell: object) -> Case:
    """A disguised number that is read as it is."""
    return Case(of(WOMAN, ["王敏", cell, DOOR, ""], ["王敏", MIN, DOOR, ""]), (2, 0, 1, 0, 0))


def named(cell: object, name: str, counts: tuple[int, int, int, int, int] = (1, 0, 0, 0, 0)) -> Case:
    """A name in disguise, and what is kept of it."""
    return Case(of([cell, ZHOU, DOOR, ""]), counts, holds={name: {"birth_date": "1949-03-05"}})


def misnamed(cell: object, reason: str, value: str = "") -> Case:
    """A name that is none, beside a good number: the row goes in without it."""
    return Case(of([cell, ZHOU, DOOR, ""]), (1, 0, 0, 0, 0), [(2, "A 姓名", value or str(cell), reason)])


CASES: dict[str, Case] = {
    "as a number that lost its digits": Case(
        written(lambda book, page: (page.write_row(0, 0, HEAD), page.write_row(1, 0, ["王敏", float(MIN[:15] + "000"), DOOR, ""]))),
        (0, 0, 0, 0, 1), [(2, "!B 身份证号", "3.10110197506019E+17", LOST)]),
    "as scientific text": number("3.1011E+17", reason=LOST),
    "as digits that end in 000": number(MIN[:15] + "000", reason="000"),
    "with an apostrophe": good("'" + MIN),
    "with a full-width apostrophe and blanks": good(f"’{MIN[:6]} {MIN[6:14]} {MIN[14:]} "),
    "in full-width digits": good("".join(chr(ord(c) + 0xFEE0) for c in MIN)),
    "with an invisible mark before and a no-break space after": good(f"\u200e{MIN}\xa0"),
    "with its label": good(f"身份证：{MIN}"),
    "as an Excel literal in a text": Case(
        text([HEAD, ["王敏", f'="{MIN}"', DOOR, ""], ["王敏", MIN, DOOR, ""]]), (1, 0, 1, 0, 0), name="名册.csv", sheet="名册"),
    "with a lower-case x": Case(
        of(["甲乙", ENDS_IN_X.lower(), DOOR, ""], ["甲乙", ENDS_IN_X, DOOR, ""]), (1, 0, 1, 0, 0)),
    "15 digits as text": Case(of(["周桂芳", OLD, DOOR, ""], WOMAN[:3]), (1, 0, 1, 0, 0)),
    "15 digits as a number": Case(of(["周桂芳", int(OLD), DOOR, ""], WOMAN[:3]), (1, 0, 1, 0, 0)),
    "15 digits with an impossible day": number("310110490231998", reason="15 位"),
    "17 digits": number(MIN[:17], reason="17 位"),
    "19 digits": number(MIN + "1", reason="19 位"),
    "a wrong check digit": number(WRONG, reason="校验码不对"),
    "an impossible day within": number("310110197502309989", reason="不是一个日子"),
    "born tomorrow": number("310110202912319980", reason="不可能"),
    "starred out": number("310110********9988", reason="星号"),
    "two in one cell": number(f"{ZHOU}/{MIN}", reason="一人一行"),
    "letters O and l for digits": number(MIN.replace("0", "O", 1), reason="不该有的字"),
    "a word that means none": Case(
        of(["王敏", "无", DOOR, "19900333333"], ["陶然", "不详", DOOR, "19900444444"]), (2, 0, 0, 0, 0)),
    "a passport without a type column": number("E12345678", reason="证件类型"),
    "a passport with its type": Case(
        of(["SMITH JOHN", "护照", "E12345678", DOOR], ["王敏", "身份证", MIN, DOOR], head=["姓名", "证件类型", "证件号码", "住址"]),
        (2, 0, 0, 0, 0), holds={"SMITH JOHN": {"living_address": DOOR}}),
    "a Hong Kong pass with its type": Case(
        of(["陈大文", "港澳居民来往内地通行证", PERMIT, DOOR], head=["姓名", "证件类型", "证件号码", "住址"]), (1, 0, 0, 0, 0)),
    "a Taiwan resident's permit follows the citizens' rule": Case(
        of(["林小姐", "830000" + RESIDENT[6:], DOOR, ""]), (0, 0, 0, 0, 1),
        [(2, "!B 身份证号", "830000" + RESIDENT[6:], "校验码不对")]),
    "a number in the name's cell": misnamed(MIN, "不是姓名"),
    "sex against the number": Case(
        of(["周桂芳", ZHOU, "男", "1949-03-05"], head=BORN), (1, 0, 0, 0, 0), [(2, "C 性别", "男", "以身份证号码为准")],
        holds={"周桂芳": {"sex": "2"}}),
    "sex as no sex": Case(of(["周桂芳", ZHOU, "甲", ""], head=BORN), (1, 0, 0, 0, 0), [(2, "C 性别", "甲", "男")]),
    "birth date against the number": Case(
        of(["周桂芳", ZHOU, "女", "1950-01-01"], head=BORN), (1, 0, 0, 0, 0), [(2, "D 出生日期", "1950-01-01", "1949-03-05")],
        holds={"周桂芳": {"birth_date": "1949-03-05"}}),
    "a month of birth that agrees with the number": Case(
        of(["周桂芳", ZHOU, "女", "1949年3月"], head=BORN), (1, 0, 0, 0, 0), holds={"周桂芳": {"birth_date": "1949-03-05"}}),
    "a name with blanks": named("周 桂 芳", "周桂芳"),
    "a name of two with a wide gap": named("周　芳", "周芳"),
    "a name with its head in brackets": named("周桂芳（户主）", "周桂芳"),
    "a name with a serial": named("1、周桂芳", "周桂芳"),
    "a name of a people with dots": named("买买提·艾力", "买买提·艾力"),
    "a name with another kind of dot": named("买买提•艾力", "买买提·艾力"),
    "a compound surname with a gap": named("欧阳 锋", "欧阳锋"),
    "a rare character beyond the plane": named("王\U00020bb7", "王\U00020bb7"),
    "a name in Latin letters": named("Anna Schmidt", "Anna Schmidt"),
    "a name with a lost character": misnamed("张?", "没有显示出来"),
    "a name of one character": misnamed("张", "一个字"),
    "a name that is a number": misnamed(12, "不是文字"),
    "two names in one cell": Case(
        of(["周桂芳、王福生", ZHOU, DOOR, ""], WOMAN), (1, 0, 0, 0, 1), [(2, "!A 姓名", "周桂芳、王福生", "一人一行")]),
    "two names on two lines": Case(
        of(["周桂芳\n王福生", "", DOOR, ""], WOMAN), (1, 0, 0, 0, 1), [(2, "!A 姓名", "周桂芳\n王福生", "一人一行")]),
    "a lost character and only an address": Case(
        of(["张?", "", DOOR, ""], WOMAN), (1, 0, 0, 0, 1), [(2, "!A 姓名", "张?", "没有显示出来")]),
    "an empty dwelling is nobody": Case(of(["空户", "", DOOR, ""], ["", "", DOOR, ""], WOMAN), (1, 0, 0, 0, 0)),
    "a phone without anybody": Case(of(["", "", DOOR, "19900555555"], WOMAN), (1, 0, 0, 0, 1), [(2, "!A 姓名", "", "没有姓名")]),
    "only a name": Case(of(["李建国", "", "", ""], WOMAN), (1, 0, 0, 0, 1), [(2, "!A 姓名", "李建国", "分不清")]),
    "a name and an age": Case(
        of(["李建国", 76, ""], ["周桂芳", 77, DOOR], head=["姓名", "年龄", "住址"]), (1, 0, 0, 0, 1),
        [(2, "!A 姓名", "李建国", "分不清")], holds={"周桂芳": {"birth_date": None}}),
    "the same row twice": Case(of(WOMAN, WOMAN), (1, 0, 1, 0, 0)),
    "the same person twice, and not the same": Case(of(WOMAN, [*WOMAN[:3], "19900999999"]), (1, 0, 0, 1, 0)),
    "the same person in two sheets": Case(xlsx([HEAD, WOMAN], [HEAD, WOMAN]), (1, 0, 1, 0, 0)),
    "the same person twice without a number": Case(
        of(["李建国", "1950-01-01", "19900666666"], ["李建国", "1950-1-1", "199 0066 6666"], head=["姓名", "出生日期", "电话"]),
        (1, 0, 1, 0, 0)),
    "twins": Case(
        of(["陶然", no("2004-12-20", 993), DOOR, ""], ["陶冶", no("2004-12-20", 995), DOOR, ""]), (2, 0, 0, 0, 0)),
    "two of one name in one home, by their numbers": Case(
        of(["王敏", MIN, DOOR, ""], ["王敏", TAO, DOOR, ""]), (2, 0, 0, 0, 0)),
    "two of one name in one home, by their birth dates": Case(
        of(["王敏", "1975-06-01", DOOR], ["王敏", "2004-12-20", DOOR], head=["姓名", "出生日期", "住址"]), (2, 0, 0, 0, 0)),
    "two who have one number": Case(of(["王福生", WANG, DOOR, ""], ["王富生", WANG, DOOR, ""]), (1, 0, 0, 1, 0)),
    "the first of two good, the second lost": Case(
        of(["王敏", MIN, DOOR, ""], ["王敏", MIN[:17], DOOR, ""]), (1, 0, 0, 0, 1), [(3, "!B 身份证号", MIN[:17], "17 位")]),
}  # fmt: skip

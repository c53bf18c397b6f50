"""One table of people in any of the styles in which committees write it down; drawn by hypothesis."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from hypothesis import strategies as st

from linyun.hub.exchange.tests.corpus.making import no, text, xlsx
from linyun.kernel.values.identity import check_digit

WORDS = {
    "name": ("姓名", "名字", "居民姓名", "姓 名", "*姓名", "1、姓名"),
    "number": ("身份证号", "身份证", "证件号", "公民身份号码", "身份证\n号码", "身份证号码（18位）"),
    "address": ("住址", "居住地址", "家庭住址", "现住 址", "实际居住地址"),
    "phone": ("联系电话", "电话", "手机号码", "联系\n方式", "手机"),
}
FIELDS = tuple(WORDS)


class Resident(NamedTuple):
    """What a table says of somebody."""

    name: str
    number: str
    address: str
    phone: str


def wide(value: str) -> str:
    """Digits in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in value)


SPELLINGS: dict[str, tuple[Callable[[str], str], ...]] = {
    "name": (str, lambda v: v if len(v) > 2 else f"{v[0]}　{v[1]}", lambda v: f" {v}", lambda v: f"{v}（退休）"),
    "number": (
        str,
        wide,
        str.lower,
        lambda v: f"'{v}",
        lambda v: f"{v[:6]} {v[6:14]} {v[14:]}",
        lambda v: f"{v}\u200b",
    ),
    "address": (str, wide, lambda v: v.replace("弄", "弄 "), lambda v: f"{v} "),
    "phone": (str, wide, lambda v: f"{v[:3]}-{v[3:7]}-{v[7:]}", lambda v: f"+86 {v}", lambda v: f"{v}/{v}"),
}


@dataclass(frozen=True)
class Style:
    """How a table is written: the file's kind, the head's words and order, what stands around, how cells are spelled."""

    kind: str
    words: tuple[str, ...]
    order: tuple[str, ...]
    titles: int
    serial: bool
    gap: int
    footer: bool
    spelling: int

    def cell(self, field: str, value: str, line: int) -> str:
        """A value in disguise."""
        ways = SPELLINGS[field]
        return ways[(self.spelling + line) % len(ways)](value) if value else ""

    def rows(self, people: list[Resident]) -> list[list[Any]]:
        """The sheet."""
        titles = [["公交新村居民花名册"], ["填报单位：公交新村居委会"], [], ["注：一人一行"], ["2026年11月"], []][
            : self.titles
        ]
        words = dict(zip(FIELDS, self.words, strict=True))
        made: list[list[Any]] = [*titles, ["序号"] * self.serial + [words[f] for f in self.order]]
        for line, one in enumerate(people):
            if self.gap and line and line % self.gap == 0:
                made.append([])
            serial: list[Any] = [line + 1] if self.serial else []
            made.append(serial + [self.cell(f, getattr(one, f), line) for f in self.order])
        if self.footer:
            made += [["合计", f"{len(people)}人"], [], ["填表人：林晓岚", "审核人：沈立群"]]
        return made

    def file(self, people: list[Resident]) -> tuple[bytes, str]:
        """(content, name)."""
        rows = self.rows(people)
        if self.kind == "xlsx":
            return xlsx(rows), "名册.xlsx"
        if self.kind == "html":
            cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
            return f"<html><meta charset=utf-8><table>{cells}</table></html>".encode(), "名册.xls"
        encoding, _, sep = self.kind.partition(" ")
        return text(rows, sep=sep or ",", encoding=encoding), "名册.csv"


KINDS = ("xlsx", "html", "utf-8", "utf-8-sig ;", "gb18030", "utf-16 \t")
styles = st.builds(
    Style,
    kind=st.sampled_from(KINDS),
    words=st.tuples(*(st.sampled_from(words) for words in WORDS.values())),
    order=st.permutations(FIELDS).map(tuple),
    titles=st.integers(0, 6),
    serial=st.booleans(),
    gap=st.integers(0, 3),
    footer=st.booleans(),
    spelling=st.integers(0, 59),
)
_SURNAMES, _GIVEN = "周王李陶张陈沈顾", ("桂芳", "福生", "敏", "然", "建国", "秀英", "志远", "海燕")


@st.composite
def tables(draw: Callable[..., Any], most: int = 6) -> list[Resident]:
    """People of a few homes, each with a number of their own; some without phone, or all without address."""
    # All have an address, or none has: a blank one below a stated one would mean "as above".
    homes = draw(st.sampled_from([("",), ("四平路999弄12号302室", "四平路999弄14号101室", "同心路88弄3号201室")]))
    people = []
    for n in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from(_SURNAMES)) + draw(st.sampled_from(_GIVEN))
        number = no(
            f"{draw(st.integers(1930, 2015))}-{1 + n:02d}-{draw(st.integers(1, 28)):02d}", draw(st.integers(990, 999))
        )
        address = draw(st.sampled_from(homes))
        people.append(Resident(name, number, address, draw(st.sampled_from(["", f"199001111{n:02d}"]))))
    return people


def misspelled(one: Resident) -> Resident:
    """The same person with a wrong check digit."""
    right = check_digit(one.number[:17])
    return one._replace(number=one.number[:17] + ("1" if right != "1" else "2"))

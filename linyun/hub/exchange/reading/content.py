"""What the cells of a column look like, whatever its header says: identity numbers, phones, names, dates, codes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from linyun.hub.exchange.reading.cells import Cell, Sheet, blank
from linyun.kernel.values import addresses, codes, identity, phones
from linyun.kernel.values.pinyin import COMPOUND_SURNAMES
from linyun.kernel.values.text import clean

SAMPLE = 300
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康"
    "毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛"
)
_OFFICE = re.compile(r"(?:局|處|处|科|所|中心|院|館|馆|會|会|署|府|隊|队|部|公司|委|站|處\s*\(\d+\))\s*\Z")
_URL = re.compile(r"\s*https?://")
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]+)?\Z")
_LONG_NUMBER = re.compile(r"['’\s]*\d[\d\s\-]{13,20}[\dXx]\s*\Z")


@dataclass(slots=True)
class Profile:
    """Shares (0 … 1) among the cells of a column that hold something; ``filled`` counts those."""

    filled: int = 0
    text: float = 0.0
    identity: float = 0.0  # valid citizen's numbers
    identity_like: float = 0.0  # long numbers of that shape, valid or not
    phone: float = 0.0
    name: float = 0.0
    day: float = 0.0
    address: float = 0.0
    office: float = 0.0
    url: float = 0.0


def profile(sheet: Sheet, column: int, first: int) -> Profile:
    """Look at up to 300 cells of a column from row ``first`` down."""
    cells: list[Cell] = []
    for row in sheet.rows[first:]:
        if column < len(row) and not blank(row[column]):
            cells.append(row[column])
            if len(cells) >= SAMPLE:
                break
    return _shares(cells)


def _shares(cells: Sequence[Cell]) -> Profile:
    if not cells:
        return Profile()
    total = len(cells)
    texts = [c for c in cells if isinstance(c, str)]

    def share(count: int) -> float:
        return count / total

    return Profile(
        filled=total,
        text=share(len(texts)),
        identity=share(sum(identity.parse(c).value is not None for c in cells if _is_long(c))),
        identity_like=share(sum(_is_long(c) for c in cells)),
        phone=share(sum(_is_phone(c) for c in cells)),
        name=share(sum(is_name(t) for t in texts)),
        day=share(sum(isinstance(c, date) for c in cells)),
        address=share(sum(bool(re.search(r"\d+(?:号|弄|室|幢)", t)) for t in texts)),
        office=share(sum(bool(_OFFICE.search(t)) for t in texts)),
        url=share(sum(bool(_URL.match(t)) for t in texts)),
    )


def _is_long(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_LONG_NUMBER.match(clean(cell)))
    return isinstance(cell, float) and 1e14 <= cell < 1e18


def _is_phone(cell: Cell) -> bool:
    if isinstance(cell, float):
        return 1.3e10 <= cell < 2e10
    return isinstance(cell, str) and len(cell) >= 11 and not _is_long(cell) and phones.parse(cell).value is not None


def is_name(text: str) -> bool:
    """Whether a text looks like a Chinese name: two to four characters that begin with a common surname."""
    bare = clean(text).replace(" ", "")
    return bool(_HAN_NAME.match(bare)) and (bare[0] in SURNAMES or bare[:2] in COMPOUND_SURNAMES)


def is_code_list(sheet: Sheet) -> bool:
    """Whether a sheet is a list of codes for look-up cells: 430102450000-长沙市公安局…, one to a row."""
    filled = [[c for c in row if not blank(c)] for row in sheet.rows]
    rows = [r for r in filled if r]
    if len(rows) < 3 or sum(len(r) == 1 for r in rows) < 0.9 * len(rows):
        return False
    return sum(codes.split_code_name(r[0]) is not None for r in rows) >= 0.8 * len(rows)


def only_text(sheet: Sheet) -> str:
    """The first words of a sheet that holds nothing but sentences in one column, else ""."""
    rows = [[c for c in row if not blank(c)] for row in sheet.rows]
    rows = [r for r in rows if r]
    if not rows or len(rows) > 60 or any(len(r) > 1 or not isinstance(r[0], str) for r in rows):
        return ""
    return clean(rows[0][0])[:40]


def office_share(sheet: Sheet, first: int, width: int) -> float:
    """The share of cells of a sheet that name offices or are web addresses."""
    profiles = [p for p in (profile(sheet, c, first) for c in range(min(width, 30))) if p.filled >= 3]
    texts = sum(p.filled * p.text for p in profiles)
    return sum(p.filled * (p.office + p.url) for p in profiles) / texts if texts >= 3 else 0.0


def place_in_titles(texts: Iterable[str]) -> addresses.Address | None:
    """The building that a title or a sheet's name speaks of: 公交新村12号楼居民名册, 12号. None when there is none."""
    for text in texts:
        if match := _BUILDING_TITLE.search(clean(text)):
            word = "号楼" if match["word"] == "楼" else match["word"]
            found = addresses.parse(f"{match['place']}{match['number']}{word}").value
            if found is not None and found.building:
                return found
    return None


_BUILDING_TITLE = re.compile(
    r"(?P<place>[\u3400-\u9fff]*?(?:\d+弄)?)(?P<number>\d+)(?P<word>号楼|号|幢|栋|楼)"
    r"(?=(?:居民|住户|人员|业主|户籍|实有|人口|房屋|信息)*(?:名单|名册|花名册|登记表|信息表|汇总表|一览表|情况表|\Z))"
)

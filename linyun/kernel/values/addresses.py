"""Addresses as neighbours write them, taken apart: 四平路2500弄12号302室, 公交新村12-302, 3号楼2单元501, 302.

A dwelling is a place (an estate, or a road with its lane), a building, perhaps a unit, and a room. Which estate and
which lane are the same place only a committee's own list can say; see ``Address.place_key``.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from linyun.kernel.values import numerals
from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.text import clean, dashes, excel_error, says_nothing
from linyun.kernel.words import msgid, say

LONGEST = 150
PSEUDO = {
    "collective": ("集体户", re.compile(r"集体户|公共户")),
    "hung": ("空挂户", re.compile(r"空挂户?|挂靠户|挂户")),
    "demolished": ("拆迁地址", re.compile(r"拆迁|已拆|动迁|征收|拆除|灭失")),
    "shops": ("周边商铺", re.compile(r"周边商铺|沿街商铺|沿街店铺")),
    "nowhere": ("无固定住址", re.compile(r"无固定住[所址]|无住[所址]|居无定所|无门牌")),
}
"""Places of real registers that are no dwelling: code → (name, how it is written)."""


class Address(NamedTuple):
    """The parts of an address, each "" when it is not stated. ``building`` and others are bare: "12", "12甲", "B"."""

    area: str = ""  # province … committee, as written
    estate: str = ""  # 公交新村
    road: str = ""  # 四平路
    lane: str = ""  # 2500弄, 2500弄5支弄
    building: str = ""  # 12 of 12号, 12号楼, 12幢
    building_word: str = ""  # 号, 号楼, 幢, 座 …
    unit: str = ""  # 2 of 2单元
    floor: str = ""  # 3 of 3楼, when written
    room: str = ""  # 302; also 底层, 亭子间
    rest: str = ""  # what could not be placed
    pseudo: str = ""  # a key of PSEUDO

    @property
    def place_key(self) -> str:
        """The estate or the road with its lane; "" when neither is stated (the table's own place is meant)."""
        return (self.road + self.lane) or self.estate

    @property
    def key(self) -> str:
        """Equal for equal addresses: place, building, unit, room (or floor, or what is left)."""
        if not (self.building or self.room or self.place_key) or self.pseudo:
            return f"{self.pseudo}|{self.area}{self.place_key}|{self.building}|{self.unit}|{self.room or self.rest}"
        last = self.room or (f"{self.floor}楼" if self.floor else "")
        return f"{self.place_key}|{self.building}|{self.unit}|{last}" + (f"|{self.rest}" if self.rest else "")

    @property
    def text(self) -> str:
        """The address as people write it, without what lies above the road or estate."""
        unit = f"{self.unit}单元" if self.unit else ""
        floor = f"{self.floor}楼" if self.floor and not self.room else ""
        room = self.room + ("室" if self.room[:1].isdigit() else "")
        behind = unit + floor + room + self.rest
        word = self.building_word or "号"
        lettered = _AFTER_LETTER.match(self.building)
        if lettered and not _HAN.match(behind):  # 12号甲302室, but 12甲号亭子间: 甲亭子间 could not be read back
            building = lettered[1] + word + lettered[2]
        else:
            building = self.building + word if self.building else ""
        place = self.road + self.lane if self.road else self.estate + self.lane
        written = place + building + behind
        return (written + (PSEUDO[self.pseudo][0] if self.pseudo else "")) or self.area

    @property
    def is_dwelling(self) -> bool:
        """Whether it names a room, or at least a building with a floor, that people can live in."""
        return bool(self.room or self.building and (self.floor or self.place_key)) and not self.pseudo


def is_within(address: Address, names: Iterable[str]) -> bool:
    """Whether the province … committee written in an address are all among ``names`` (上海 stands for 上海市).

    An address that names no area is taken to be here.
    """
    here = {_AREA_WORD.sub("", n) for n in names}
    return all(_AREA_WORD.sub("", part) in here for part in area_parts(address.area))


def area_parts(area: str) -> list[str]:
    """The names in an area as written: 上海市杨浦区四平路街道 → 上海市, 杨浦区, 四平路街道."""
    return _AREA_PART.findall(area.removeprefix("中国"))


_AREA_PART = re.compile(
    r"(?:上海|北京|天津|重庆)市?|.+?(?:省|自治区|市|自治州|地区|盟|区|县|旗|街道|镇|乡|居委会?|委员会|村委会?|社区)|.+"
)
_AREA_WORD = re.compile(
    r"(?:省|自治区|市|自治州|地区|盟|区|县|旗|街道|镇|乡|社区居委会|居民?委员?会|居委|村民?委员会|村委会?|社区)\Z"
)
_AFTER_LETTER = re.compile(r"(\d+)([甲乙丙丁戊])\Z")
_HAN = re.compile(r"[一-龥]")
_NUMERAL = re.compile(
    rf"({numerals.RUN})(?=支?弄|号|室|单元|幢|栋|楼|层|门牌|座|组|队)|(?<=[号元楼层幢栋座])({numerals.RUN})\Z"
)
_AREA = re.compile(
    r"(?:中国)?(?:(?:上海|北京|天津|重庆)(?!市|[东西南北中一二三四五六七八九十]+路)(?=[一-龥]{2,6}路))?"
    r"(?:(?:[一-龥]{2,7}(?:省|自治区))?(?:[一-龥]{2,7}?(?:市|自治州|地区|盟)(?![场路民政]|花园|广场|公寓|名苑|家园|中心)){0,2}"
    r"(?:(?:(?![村园苑坊弄路号])[一-龥]){2,6}?(?:(?<![社小])区|县|旗)(?![路街弄]))?"
    r"(?:[一-龥]{2,8}?(?:街道|镇|乡)(?![路街弄村新]))?(?:[一-龥]{2,12}?(?:居民?委员?会|居委|村民?委员会|村委会?|社区(?=[一-龥])(?![路街])))?)"
)
_ESTATE_END = (
    "新村|小区|社区|小街坊|花园|花苑|公寓|大厦|大楼|家园|嘉园|广场|名苑|华庭|名邸|雅苑|佳苑|[一二三四五六七八九十]村|"
    "苑|坊|邨|里|园|庭|城|湾|府|居|村"
)
_ESTATE = re.compile(
    rf"[一-龥A-Za-z·]{{1,14}}?(?:{_ESTATE_END})(?:[一二三四五六七八九十东西南北]+(?:区|街坊|期|里|村))?(?:(?![一-龥])|(?=第\d+(?:村民小?)?[组队]))"
)
_TEAM = re.compile(r"(?:第)?(\d{1,3}(?:村民小?)?[组队])")
_ROAD = re.compile(
    r"[一-龥]{1,10}?(?:[东西南北中]?[一二三四五六七八九十]?路|大道|大街|公路|街|巷|胡同|道)(?:[东西南北]段)?(?=\d|\Z|[一-龥A-Za-z]*弄)"
)
_LANE = re.compile(r"(\d+[甲乙丙丁]?弄(?:(?:\d+|[甲乙丙丁])支弄)?)")
_BUILDING = re.compile(
    r"(?:第)?(\d+(?:-\d{1,2}(?=号(?!楼)))?|[A-Za-z](?=座|幢|栋|号楼|楼))[-]?([甲乙丙丁戊A-Za-z]?)(号楼|号|幢|栋|座|#楼?)"
    r"(?:([甲乙丙丁戊](?![一-龥])|[A-Za-z](?=座))座?)?"
)
_UNIT = re.compile(r"(\d+|[A-Za-z甲乙丙丁东西中])(?:单元|门(?!牌))")
_STOREY_OR_BLOCK = re.compile(r"(\d+)楼-?(\d+)")
_FLOOR = re.compile(r"(?:第)?(\d{1,2})(?:楼|层|F)")
_ROOM = re.compile(
    r"(\d{1,4}[A-Za-z甲乙丙丁]?(?:室?[-/、,](?:\d{1,4}[A-Za-z甲乙丙丁]?|[A-Za-z甲乙丙丁](?![A-Za-z])))*)"
    r"(?:室|房|户)?([甲乙丙丁A-Z]?)(?:室)?\Z"
)
_WORD_ROOM = re.compile(
    r"(底层|底楼|阁楼|亭子间|前楼|后楼|前客堂|后客堂|客堂|灶间|前间|后间|前厢房|后厢房|厢房|晒台|地下室|车库)+\Z"
)
_DASHED = re.compile(
    r"(\d{1,4}[甲乙丙丁A-Za-z]?)[-/](?:(\d{1,2})[-/])?(\d{2,4}[A-Za-z甲乙丙丁]?(?:-\d{1,2})?|\d)(?:室)?\Z"
)
_MADE_A_DATE = msgid("这里应是地址，却被表格改成了日期（如 12-3 变成 12 月 3 日）。请把这一列设为“文本”后重填")
_DATE = re.compile(r"(?:19|20)\d{2}[-/年]\d{1,2}[-/月]\d{1,2}日?\Z|\d{1,2}月\d{1,2}日\Z")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_BETWEEN_ROOMS = re.compile(r"(?<=[\d室])[,;](?=\d)")
_SIGNS = re.compile(r"[\s,，。;；:'\"]+")


def parse(cell: Any) -> Parsed[Address]:
    """Take an address apart. An address in which nothing is known keeps its words in ``rest`` or ``area``."""
    if cell is None or isinstance(cell, bool):
        return BLANK if cell is None else refuse(say("这里应是地址，却是是否。请填写门牌"))
    if not isinstance(cell, str | int | float):
        return refuse(say(_MADE_A_DATE))
    if isinstance(cell, str) and (error := excel_error(cell)):
        return refuse(error)
    text = dashes(clean(cell))
    if len(text) > LONGEST:
        return refuse(say("地址太长（{n} 字），不像门牌。请只填地址", n=len(text)))
    if _DATE.match(text):
        return refuse(say(_MADE_A_DATE))
    return BLANK if says_nothing(text) else _parsed(text)


@lru_cache(maxsize=50_000)
def _parsed(text: str) -> Parsed[Address]:
    pseudo = next((code for code, (_, pattern) in PSEUDO.items() if pattern.search(text)), "")
    body = text
    notes: tuple[str, ...] = ()
    if "(" in text:
        body = _BRACKETED.sub(lambda m: m[1] if re.search(r"\d+弄|\d号", m[1]) else "", text)
        inside = [b for b in _BRACKETED.findall(text) if b and b not in body]
        notes = tuple(msgid("地址旁写着“{words}”").format(words=b) for b in inside if b)
    if pseudo:
        body = PSEUDO[pseudo][1].sub("", body)
    body = body.replace("市市辖区", "市")
    body = _NUMERAL.sub(_arabic, _SIGNS.sub("", _BETWEEN_ROOMS.sub("、", body))).replace("—", "-")
    return Parsed(_take_apart(body)._replace(pseudo=pseudo), None, notes)


def _arabic(match: re.Match[str]) -> str:
    number = numerals.value_of(match[0])
    return match[0] if number is None else str(number)


def _take_apart(text: str) -> Address:
    area_match = _AREA.match(text)
    area = area_match[0] if area_match else ""
    text = text[len(area) :]
    parts: dict[str, str] = {"area": area}
    text = _take_place(text, parts)
    text = _take_building(text.lstrip("-/"), parts)
    text = _take_room(text.lstrip("-/"), parts)
    return Address(**parts, rest=text)


def _take_place(text: str, parts: dict[str, str]) -> str:
    """Estate, road and lane, in either order, from the front of the text."""
    for _ in range(3):
        if "road" not in parts and (road := _ROAD.match(text)):
            text = _split_road(road[0], parts) + text[road.end() :]
        elif "lane" not in parts and (lane := _LANE.match(text)):
            parts["lane"], text = lane[1], text[lane.end() :]
        elif "estate" not in parts and (estate := _ESTATE.match(text)):
            parts["estate"], text = _estate_of(estate[0], parts), text[estate.end() :]
            if team := _TEAM.match(text):
                parts["estate"], text = parts["estate"] + team[1], text[team.end() :]
        else:
            break
    return text


def _split_road(found: str, parts: dict[str, str]) -> str:
    """公交新村四平路 is an estate and then a road."""
    split = re.match(r"(.{2,}?(?:新村|小区|花园|花苑|公寓|家园|名苑|[一二三四五六七八九十]村))(?=[一-龥]{2,})", found)
    if split:
        parts["estate"], found = split[1], found[split.end() :]
    parts["road"] = found
    return ""


def _estate_of(found: str, parts: dict[str, str]) -> str:
    """四平路公交新村 is a road and then an estate."""
    split = re.match(r"([一-龥]{2,6}?路)(?=[一-龥]{3,})", found)
    if split and "road" not in parts:
        return found[split.end() :]
    return found


def _take_building(text: str, parts: dict[str, str]) -> str:
    if dashed := _DASHED.match(text):
        parts["building"], parts["room"] = _bare(dashed[1]), _bare(dashed[3])
        parts["unit"] = _bare(dashed[2] or "")
        return ""
    if building := _BUILDING.match(text):
        letter = building[2] or building[4] or ""
        parts["building"] = _bare(building[1]) + letter.upper()
        parts["building_word"] = {"#": "号", "#楼": "号楼", "楼": "号楼"}.get(building[3], building[3])
        text = text[building.end() :].lstrip("-/")
    elif (block := _STOREY_OR_BLOCK.match(text)) and block[2][:-2] != block[1]:
        parts["building"], parts["building_word"] = _bare(block[1]), "号楼"
        text = text[block.end(1) + 1 :].lstrip("-/")
    if unit := _UNIT.match(text):
        parts["unit"], text = _bare(unit[1]), text[unit.end() :].lstrip("-/")
    return text


def _take_room(text: str, parts: dict[str, str]) -> str:
    if "room" in parts:
        return text
    if floor := _FLOOR.match(text):
        parts["floor"], text = _bare(floor[1]), text[floor.end() :].lstrip("-/")
    if room := _ROOM.match(text):
        first, *more = re.split(r"([-/、,])", room[1].replace("室", ""))
        parts["room"] = _bare(first) + "".join(more).replace("/", "、").replace(",", "、") + room[2]
        return ""
    if word := _WORD_ROOM.match(text):
        parts["room"] = word[0]
        return ""
    return text


def _bare(number: str) -> str:
    return (number.lstrip("0") or number[-1:]).upper() if number else ""

"""Names of people: spacing, invisible characters, notes in brackets, two in one cell, words that are no name."""

import re
from typing import Any

from linyun.kernel.values.parsed import BLANK, Parsed, refuse
from linyun.kernel.values.pinyin import COMPOUND_SURNAMES
from linyun.kernel.values.text import EMPTY_MARKS, clean, dashes, excel_error
from linyun.kernel.words import say

_NOBODY = (
    "无 空 空户 空关 空关户 空房 空置 空置房 空屋 无人 无人住 无人居住 未住人 未入住 未装修 装修中 不详 未知 不明 "
    "待查 暂无 没有 查无此人 拒访 拒绝 不在家 敲门无人 未登记 出租 出租房 群租 商铺 店铺 仓库 办公 公司 拆迁 已拆 "
    "已拆迁 动迁 搬走 已搬走 同住人 家属 租户 租客 房东 业主 户主 住户 本人"
)
NOBODY = frozenset(_NOBODY.split())
"""What stands in name columns and is not a person: the dwelling is empty, nobody opened, a role without a name."""

DECEASED = re.compile(r"亡|故|去世|死亡|过世|病逝")
HEAD = re.compile(r"户主|本户|户长")
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
_ALL_HAN = re.compile(rf"[{_HAN}]+\Z")
_HAN_NAME = re.compile(rf"[{_HAN}]+(?:·[{_HAN}]+)*\Z")
_FOREIGN = re.compile(rf"[A-Za-zÀ-ɏ{_HAN}][A-Za-zÀ-ɏ{_HAN} .'·,\-]*\Z")
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●", "·"))
_FULL_STOP = re.compile(rf"(?<=[{_HAN}]) ?\. ?(?=[{_HAN}])")  # stands for the dot of minority names
_WRAPPED = re.compile(rf"[{_HAN}]{{1,2}}\s*\n\s*[{_HAN}]|[{_HAN}]\s*\n\s*[{_HAN}]{{2}}")
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_LEAD = re.compile(r"\A(?:\d{1,4}[.、)]|[★☆*#△▲●○■◆]+|(?:户主|姓名|业主|租户|承租人|房东)[::])\s*")
_SPLIT = re.compile(r"[、,;/|\n\\+&]+")
_NOTE_WORDS = re.compile(r"(?:已故|已亡|亡|去世|死亡|户主|空挂|搬走|已搬走|租户|租|男|女|党员)\Z")
_PHONE = re.compile(r"1[3-9]\d{9}")
_MORE = re.compile(rf"[{_HAN}]-[{_HAN}]|等\d*人\Z")
_SEVERAL = {"several": True}
_LOST = re.compile(r"[?□■�]")


def parse(cell: Any) -> Parsed[str]:
    """Read one person's name. ``extra``: ``beside`` (notes split off), ``head``, ``deceased``, ``several``,
    ``nobody`` (the word that says why there is no person).

    Two people in one cell are refused; so is a name in which a rare character was lost on the way ("张?").
    """
    if cell is None:
        return BLANK
    if not isinstance(cell, str):
        return refuse(say("姓名一格里不是文字。请填写姓名"))
    if error := excel_error(cell):
        return refuse(error)
    if len(cell) <= 4 and cell not in NOBODY and _ALL_HAN.match(cell) and len(cell) > 1 and cell[-2:] != "等人":
        return Parsed(cell)
    lines = "" if _WRAPPED.fullmatch(cell.strip()) else "、"
    text = clean(cell.strip().replace("\n", lines)).translate(_DOTS).strip("'\"`‘’ ")
    if dashes(text) in EMPTY_MARKS:
        return BLANK
    return _with_notes(text)


def _with_notes(text: str) -> Parsed[str]:
    """Split off brackets, numbering and marks, then read what is left."""
    beside = [b.strip() for b in _BRACKET.findall(text) if b.strip()]
    bare = _BRACKET.sub(" ", text).strip()
    while lead := _LEAD.match(bare):
        beside += [w for w in ("户主",) if w in lead[0]]
        bare = bare[lead.end() :]
    beside += _PHONE.findall(bare)
    bare = _PHONE.sub(" ", bare).strip(" :-、,;")
    pieces = bare.split(" ")
    while len(pieces) > 1 and _NOTE_WORDS.match(pieces[-1]):
        beside.append(pieces.pop())
    bare = " ".join(p for p in pieces if p)
    if not bare and beside:
        bare, beside = beside[0], beside[1:]
    if bare in NOBODY:
        return Parsed(None, extra={"nobody": bare})
    found = _bare(bare)
    if found.value is None or not beside:
        return found
    note = "、".join(beside)
    extra = {"beside": tuple(beside), "head": bool(HEAD.search(note)), "deceased": bool(DECEASED.search(note))}
    return Parsed(found.value, found.problem, (*found.notes, say("姓名旁写着“{note}”", note=note)), extra)


def _bare(text: str) -> Parsed[str]:
    if _LOST.search(text):
        return refuse(say("姓名里有一个字没有显示出来（? 或 □）。请对照证件补上"))
    pieces = [p for p in _SPLIT.split(text) if p.strip()]
    if len(pieces) > 1 or _MORE.search(text):
        return Parsed(None, say("一个单元格里有两个人的姓名。请一人一行"), extra=_SEVERAL)
    text = pieces[0].strip() if pieces else ""
    if not re.search(rf"[{_HAN}A-Za-z]", text):
        return refuse(say("姓名一格里不是姓名。请填写姓名"))
    if _ALL_HAN.match(text.replace(" ", "")):
        return _han(text)
    return _mixed(text)


def _han(text: str) -> Parsed[str]:
    """All Han: "张 三" and "欧阳 锋" are one person written with a gap; "张三 李四" are two."""
    pieces = text.split(" ")
    whole = "".join(pieces)
    several = [p for p in pieces if len(p) > 1]
    if len(pieces) > 1 and len(several) > 1 and pieces[0] not in COMPOUND_SURNAMES:
        problem = say("一格里像有两个人的姓名。请一人一行；如是一个人，请去掉空格或用“·”连接")
        return Parsed(None, problem, extra=_SEVERAL)
    if len(whole) == 1:
        return refuse(say("姓名只有一个字。请填写全名"))
    if len(whole) > 20:
        return refuse(say("姓名太长，不像一个人的姓名。请核对"))
    return Parsed(whole)


def _mixed(text: str) -> Parsed[str]:
    joined = re.sub(r" ?· ?", "·", _FULL_STOP.sub("·", text)).strip("·")
    if len(joined) == 1:
        return refuse(say("姓名只有一个字。请填写全名"))
    if _HAN_NAME.match(joined):
        return Parsed(joined)
    if re.search(r"\d", text):
        if len(text) > 20 or re.search(r"\d{3}", text) or re.search(r"[路弄号室楼幢]", text):
            return refuse(say("姓名一格里有门牌或号码。请只填姓名"))
        return Parsed(text, None, (say("姓名里有数字，请核对"),))
    if not 1 < len(text) <= 60 or not _FOREIGN.match(text):
        return refuse(say("姓名里有不该有的符号，或不是全名。请核对"))
    return Parsed(joined)

"""What the sheets of a file are and what their columns mean here: proposed by the reader, remembered, or said by a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from linyun.foundation.areas.models import Area
from linyun.hub.exchange.models import Layout
from linyun.hub.exchange.reading import Kind, Table, Workbook, understand
from linyun.hub.exchange.reading.mapping import SUBJECT_OF, Guess, keys_of, name_of
from linyun.hub.exchange.reading.specials import IGNORED, NAMES
from linyun.hub.exchange.staging import KINDS
from linyun.hub.records.items import known
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Subject
from linyun.kernel.declare import Kind as ItemKind
from linyun.kernel.words import msgid, say

AUTO = "auto"
ASKED = {
    AUTO: frozenset(KINDS),
    "people": frozenset([Kind.PEOPLE]),
    "dwellings": frozenset([Kind.DWELLINGS, Kind.BUILDINGS]),
    "organisations": frozenset([Kind.ORGANISATIONS]),
}
"""What ``--kind`` and the upload page can ask for: the tables that are then taken."""
ABOUT = {
    Kind.PEOPLE: msgid("居民名册"),
    Kind.DWELLINGS: msgid("房屋清单"),
    Kind.BUILDINGS: msgid("楼栋清单"),
    Kind.ORGANISATIONS: msgid("单位名册"),
    Kind.VISITS: msgid("走访记录"),
    Kind.PARKING: msgid("车位清单"),
    Kind.UNKNOWN: msgid("看不出是什么"),
}
"""What a sheet can be, as the mapping page says it."""
VISITS_ELSEWHERE = msgid("这是走访记录，请到“走访”里用“批量上传”导入，会记到每位居民名下")
PARKING_LATER = msgid("这是车位清单，现在还不能导入；里面的业主和房屋请用名册导入")
_TARGETS = {
    Kind.PEOPLE: "@address @registered @estate @road @lane @building @unit @floor @room @household @relation @head_name "
    "@head_identity @head_phone @age @remark",
    Kind.DWELLINGS: "@address @estate @road @lane @building @unit @floor @room @remark",
    Kind.BUILDINGS: "@address @estate @road @lane @building @building_name @storeys @remark",
    Kind.ORGANISATIONS: "@address @road @lane @building @room @remark",
}


def items() -> list[Item]:
    """The items of all subjects usable within the scope."""
    return [item for subject in Subject for item in known(subject).values()]


def tables_of(workbook: Workbook, area: str) -> list[Table]:
    """The sheets of a file as tables, with the mappings that were confirmed for their layouts."""
    layouts = {x.fingerprint: x for x in Layout.objects.filter(area=area)}
    mappings = {mark: layout.mapping for mark, layout in layouts.items()}
    here = [a.name for a in Area.objects.path(area)]
    offered = items()
    read = [understand(sheet, offered, catalogue.code_sets, mappings, here) for sheet in workbook.sheets]
    return [recalled(t, layouts[t.fingerprint]) if t.fingerprint in layouts else t for t in read]


def recalled(table: Table, layout: Layout) -> Table:
    """A table as it was once confirmed, of whatever kind the reader takes it for."""
    letters = {key: g.column.letter for key, g in zip(keys_of(table.guesses), table.guesses, strict=True)}
    targets = {letters[key]: target for key, target in layout.mapping.items() if key in letters}
    if Kind(layout.kind) is table.kind or table.form_of is not None:
        return table
    return replace(
        table.mapped(targets),
        kind=Kind(layout.kind),
        sentence=say("{about}：按上次确认的对应读取", about=ABOUT[Kind(layout.kind)]),
    )


def wanted(tables: Sequence[Table], asked: str) -> list[Table]:
    """The tables to be taken."""
    return [t for t in tables if t.kind in ASKED[asked]]


def said_of(tables: Sequence[Table], asked: str) -> str:
    """What is not taken and why, sheet by sheet, equal reasons once; "" when every sheet with rows is."""
    said: dict[str, list[str]] = {}
    for table in tables:
        if sentence := _not_taken(table, asked):
            said.setdefault(sentence, []).append(table.sheet.name)
        elif table.unclear:
            told = say("{n} 行地址空着，没有当作“同上”。和上一行住在一起的，请写“同上”", n=table.unclear)
            said.setdefault(told, []).append(table.sheet.name)
    if not said and not wanted(tables, asked):
        return say("这个文件是空的，没有可导入的行")
    return "；".join(f"{_together(names)}：{sentence}" for sentence, names in said.items())


def _not_taken(table: Table, asked: str) -> str:
    if table.kind is Kind.VISITS:
        return VISITS_ELSEWHERE
    if table.kind is Kind.PARKING:
        return PARKING_LATER
    if table.kind in KINDS:
        return "" if table.kind in ASKED[asked] else say("这是{about}，这次没有选它，没有读取", about=ABOUT[table.kind])
    return table.sentence if table.form_of or table.kind is not Kind.EMPTY else ""


def _together(names: Sequence[str]) -> str:
    """The names of sheets of which the same is said."""
    first = "、".join(names[:3])
    return first if len(names) <= 3 else say("{names}等 {n} 张表", names=first, n=len(names))


def choices(kind: Kind) -> list[tuple[str, str]]:
    """Meanings that a column of a table of this kind can be given: (target, name), the reader's own ones first."""
    special = [(t, NAMES[t]) for t in _TARGETS.get(kind, "@address @remark").split()]
    subject = SUBJECT_OF.get(kind, Subject.PERSON)
    own = [(f"{subject}.{item.code}", item.name) for item in known(subject).values() if not item.derived]
    return special + own


def corrected(
    tables: Sequence[Table], kinds: Mapping[int, str], targets: Mapping[int, Mapping[str, str]]
) -> Iterator[Table]:
    """The tables with kinds and columns as a person says: ``targets`` is sheet number → letter → target.

    What the page cannot offer is not taken over. Raises ValueError for an unknown kind.
    """
    for number, table in enumerate(tables):
        kind = Kind(kinds.get(number, table.kind))
        offered = {target for target, _ in choices(kind)} | {""}
        said = {letter: target for letter, target in targets.get(number, {}).items() if target in offered}
        changed = table.mapped(said) if said else table
        yield replace(changed, kind=kind) if kind is not table.kind else changed


def doubled(table: Table) -> str:
    """A sentence when two columns of a table have one meaning that only one can have: the second would silently win."""
    for block in table.blocks:
        letters: dict[str, str] = {}
        for guess in (g for g in block if g.target and g.target not in IGNORED):
            item = table.words.items.get(guess.target)
            first = letters.setdefault(guess.target, guess.column.letter)
            if first != guess.column.letter and (item is None or item.kind is not ItemKind.PHONE):
                return say(
                    "工作表“{sheet}”的 {first} 列和 {second} 列都当作“{name}”。请只留一列，另一列选“不采用”",
                    sheet=table.sheet.name,
                    first=first,
                    second=guess.column.letter,
                    name=name_of(guess.target, table.words),
                )
    return ""


def described(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """The tables as JSON for the page, with how many cells of each column are filled and what they look like."""
    return [t.described() | {"looks": {g.column.letter: _looks(g) for g in t.guesses}} for t in tables]


def _looks(guess: Guess) -> str:
    """What the cells of a column look like. Never a cell itself: the page shows no person before the rows are read."""
    looks = guess.profile
    kinds = (
        (say("身份证号码"), looks.identity),
        (say("电话"), looks.phone),
        (say("姓名"), looks.name),
        (say("日期"), looks.day),
        (say("地址"), looks.address),
    )
    name, share = max(kinds, key=lambda pair: pair[1])
    if not looks.filled:
        return say("这一列是空的")
    return say("内容像{name}", name=name) if share > 0.5 else ""

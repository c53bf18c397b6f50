"""From a cell back to where its value comes from: statements, visits, rows typed by hand, those behind a figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from linyun.foundation.ui.wording import identity_mask, phone_mask
from linyun.hub.ledgers import query
from linyun.hub.ledgers.cells import TAGS, Cell, cells_of
from linyun.hub.ledgers.figures import HAND, Figure
from linyun.hub.ledgers.fill import Filled, fill, run, worded
from linyun.hub.ledgers.models import LedgerEntry
from linyun.hub.ledgers.period import Period
from linyun.hub.ledgers.plans import Plan
from linyun.hub.ledgers.query import Query
from linyun.hub.ledgers.scans import source_of
from linyun.hub.records.lineage import Held, Said, held
from linyun.hub.records.services import sealer
from linyun.kernel.declare import Kind, Level, Subject
from linyun.kernel.rule import Rule, Vocabulary
from linyun.kernel.words import lang, listed, say

HIDDEN = "••••"
MOST_BEHIND = 50
_COLUMN = re.compile(r"\{s\}\.(?:tail\s*->>?\s*'([a-z0-9_]+)'|(?!tail\b)([a-z0-9_]+))")


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says: the value in words, and what it leads back to (visit, import_row …)."""

    value: str
    source: str
    day: date
    collector: str
    kind: str
    id: UUID | None
    rank: int


@dataclass(frozen=True, slots=True)
class Stated:
    """An item behind a cell: what holds and what others say beside it."""

    name: str
    now: Word | None
    others: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """Where a cell's value comes from.

    ``how`` says it in a sentence; ``stated`` are the items behind it; ``leads`` are (kind, id) of the things to open:
    the visit, the resident, the entry. ``entry`` is the row typed by hand.
    """

    column: str
    value: Any
    how: str
    stated: tuple[Stated, ...] = ()
    leads: tuple[tuple[str, Any], ...] = ()
    entry: LedgerEntry | None = None


def _shown(cell: Cell, value: Any, level: Level) -> str:
    if value is None or value == "":
        return ""
    if cell.kind is Kind.IDENTITY:
        return str(identity_mask(sealer.open(value)))
    if level >= Level.SENSITIVE:
        return HIDDEN
    if cell.kind is Kind.PHONE:
        return str(phone_mask(value))
    return f"{worded(cell, [value])[0]}{cell.unit}"


def _word(cell: Cell, said: Said, level: Level) -> Word:
    shown = _shown(cell, said.value, level)
    return Word(shown, said.source_name, said.true_on, said.collector, said.origin_kind, said.origin_id, said.rank)


def _stated(cell: Cell, found: Held) -> Stated:
    level = found.item.level
    now = _word(cell, found.now, level) if found.now else None
    return Stated(cell.name, now, tuple(_word(cell, o, level) for o in found.others))


def items_read(cell: Cell, known: dict[str, Cell]) -> list[Cell]:
    """The items of the subject whose columns a cell's expression looks at."""
    if cell.origin == "item":
        return [cell]
    codes = dict.fromkeys(a or b for a, b in _COLUMN.findall(cell.read))
    return [known[c] for c in codes if c in known and known[c].origin == "item"]


def origin_of(plan: Plan, row: Filled, column: int, words: Vocabulary) -> CellOrigin:
    """The origin of one cell of a list. ``row`` is that row filled alone (fill.fill_one), of one row."""
    heading, cell = plan.headings[column], plan.cells[column]
    value = row.data[column][0]
    if heading.kind is Kind.PHONE and value:
        value = phone_mask(value)
    ref, subject_id = row.refs[0], row.subjects[0]
    if cell is None:
        return CellOrigin(heading.full_name, value, say("行号，按台账的顺序编。"))
    if cell.origin == "entry":
        return _typed(plan, heading.full_name, value, cell, ref, subject_id)
    subject = plan.source.subject
    if subject is None:
        return CellOrigin(heading.full_name, value, "", leads=((plan.source.ref_kind, ref),))
    known = dict(cells_of(plan.source, words))
    items = items_read(cell, known)
    everything = held(subject, subject_id) if items else {}
    stated = tuple(_stated(i, everything[i.code]) for i in items if i.code in everything)
    own_row = plan.source.ref_kind != subject.value and cell.code != TAGS
    leads = ((plan.source.ref_kind, ref),) if own_row and not items else ((subject.value, subject_id),)
    return CellOrigin(heading.full_name, value, _how(plan, cell, items, bool(stated)), stated, leads)


def _how(plan: Plan, cell: Cell, items: Sequence[Cell], is_stated: bool) -> str:
    if cell.origin == "item":
        return "" if is_stated else say("这一项还没有人登记过。")
    if cell.code == TAGS:
        return say("由登记的情况按规则算出，或由工作人员设定；最能说明情况的几个。敏感的不在这里。")
    if items:
        return say("由{items}得出。", items=listed(f"“{say(i.name)}”" for i in items))
    if plan.source.subject is not None and plan.source.ref_kind != plan.source.subject.value:
        return say("来自这一条{name}。", name=say(plan.source.name))
    return say("由登记的居住、户籍、走访等情况得出，可打开查看。")


def _typed(plan: Plan, column: str, value: Any, cell: Cell, ref: Any, subject_id: Any) -> CellOrigin:
    """A cell kept by hand: the row it stands in, or the row beside the record."""
    code = cell.code.removeprefix("entry.")
    if plan.source.code == "entry":
        entry = LedgerEntry.objects.filter(pk=ref).first()
    else:
        rows = LedgerEntry.objects.standing().filter(ledger=plan.ledger.code, subject_id=subject_id)
        entry = rows.order_by("-id").first()
    if entry is None or code not in entry.cells:
        leads = ((plan.source.ref_kind, ref),) if plan.source.code != "entry" else ()
        return CellOrigin(column, value, say("这一格由人工登记，还没有填。"), leads=leads, entry=entry)
    return CellOrigin(column, value, say("这一格由人工登记。"), entry=entry)


LABELS = {
    Subject.PERSON: "s.name",
    Subject.DWELLING: "s.address",
    Subject.ORGANISATION: "s.name",
    Subject.PLACE: "s.name",
    Subject.HOUSEHOLD: "coalesce((select p.name from records_membership m join records_person p on p.id = m.person_id"
    " where m.household_id = s.id and m.is_head and m.valid_to is null limit 1), s.number)",
}
"""How a subject is called in a list."""


@dataclass(frozen=True, slots=True)
class FigureOrigin:
    """What stands behind a figure: what is counted, in words, and the first of those counted as (id, name)."""

    column: str
    row: str
    value: Any
    how: str
    subject: Subject | None = None
    behind: tuple[tuple[UUID, str], ...] = ()
    more: bool = False


def figure_origin(
    plan: Plan, area: str, span: Period, row: int, column: int, today: date, words: Vocabulary
) -> FigureOrigin:
    """The origin of one figure of a statistic. Raises IndexError for a place that it does not have."""
    one = plan.only(row, column)
    heading, figure, group = one.headings[0], one.figures[0], one.groups[0]
    value = fill(one, area, span, today, words).data[0][0]
    if figure is None:
        return FigureOrigin(heading.full_name, group.name, value, "")
    if figure.measure == HAND:
        return FigureOrigin(heading.full_name, group.name, value, say("这个数由人工登记。"))
    rules = [r for r in (group.rule, figure.rule) if r is not None]
    behind = run(_behind(plan, figure, rules, area, span, today, words))
    found = tuple((pk, str(name or "")) for pk, name in behind[:MOST_BEHIND])
    how = _counted(figure, rules)
    return FigureOrigin(heading.full_name, group.name, value, how, figure.subject, found, len(behind) > MOST_BEHIND)


def _counted(figure: Figure, rules: Sequence[Rule]) -> str:
    said = ("，并且" if lang() == "zh" else "; and ").join(_bare(r) for r in rules) or say("全部")
    match figure.measure:
        case "share":
            whole = _bare(figure.of) if figure.of else say("全部")
            return say("{part}，占{whole}的百分比。", part=said, whole=whole)
        case "sum":
            return say("把这些的数值相加：{counted}。", counted=said)
        case _:
            return say("数的是：{counted}。", counted=said)


def _bare(rule: Rule) -> str:
    """A rule in words, to stand inside a sentence."""
    return rule.say(lang()).rstrip("。.")


def _behind(
    plan: Plan, figure: Figure, rules: Sequence[Rule], area: str, span: Period, today: date, words: Vocabulary
) -> Query:
    source = source_of(figure.subject)
    params = query.base_params(plan.ledger.code, area, span, today)
    conditions = [query.condition(r, today, words, params, f"b{n}_") for n, r in enumerate(rules)]
    tail = query.from_where(source, [query.IN_AREA, *conditions])
    params["size"] = MOST_BEHIND + 1
    label = LABELS[figure.subject]
    return Query(f"select s.id, {label} from {tail} order by 2 nulls last, 1 limit %(size)s", params)  # noqa: S608

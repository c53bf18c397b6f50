"""How an import is shown: values in words and masked, differences with their sources, columns with their meanings."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linyun.foundation.ui.parts import Change
from linyun.foundation.ui.wording import identity_mask, phone_mask
from linyun.hub.exchange.models import Import, ImportRow
from linyun.hub.exchange.reading import Kind as TableKind
from linyun.hub.exchange.staging import BUILDING
from linyun.hub.exchange.understanding import ABOUT, choices
from linyun.hub.records.items import known
from linyun.hub.records.services import sealer
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Item, Kind, Level, Subject
from linyun.kernel.words import listed, retold, say


def _item(kind: str, code: str) -> Item | None:
    return None if kind == BUILDING else known(Subject(kind)).get(code)


def worded(kind: str, code: str, value: Any) -> Any:
    """A staged value as a page shows it; numbers masked, sensitive values hidden."""
    item = _item(kind, code)
    if item is None or value is None:
        return value
    if item.kind is Kind.IDENTITY:
        return identity_mask(sealer.open(value))
    if item.level >= Level.SENSITIVE:
        return "••••"
    if item.kind is Kind.PHONE:
        return phone_mask(value)
    if item.kind is Kind.CODE:
        return say(catalogue.code_sets[item.code_set].name_of(value))
    if item.kind is Kind.CODES:
        return listed(say(catalogue.code_sets[item.code_set].name_of(code)) for code in value)
    return value


def name_of(kind: str, code: str) -> str:
    """What an item is called."""
    item = _item(kind, code)
    return say(item.name) if item else _("住址") if code == "living_address" else code


def source_line(code: str | None, on: str | None) -> str:
    """Whence a held value comes and since when: 走访 2026-05-01."""
    if not code:
        return ""
    source = catalogue.sources.get(code)
    return f"{say(source.name) if source else code} {on or ''}".strip()


def differences(row: ImportRow) -> list[dict[str, Any]]:
    """What a row would change: each with the held value, its source, and whether the held one stays."""
    shown = []
    for c in row.changes:
        change = Change(
            name_of(row.kind, c["item"]), worded(row.kind, c["item"], c["old"]), worded(row.kind, c["item"], c["new"])
        )
        first = c.get("first_row")
        held = _place(row, c) if first else source_line(c.get("source"), c.get("on"))
        shown.append({"change": change, "held": held, "stays": bool(c.get("loses") or first)})
    return shown


def _place(row: ImportRow, change: dict[str, Any]) -> str:
    """Where in the file the held value stands."""
    sheet = change.get("first_sheet") or row.sheet
    if sheet == row.sheet:
        return _("本表第 %(n)s 行") % {"n": change["first_row"]}
    return _("“%(sheet)s”第 %(n)s 行") % {"sheet": sheet, "n": change["first_row"]}


def lines(rows: Sequence[ImportRow]) -> list[dict[str, Any]]:
    """Rows with their differences."""
    return [{"row": row, "title": title(row), "changes": differences(row)} for row in rows]


def title(row: ImportRow) -> str:
    """Whom a row is about: a name, or an address."""
    return row.name or (row.address or {}).get("text") or (row.address or {}).get("building_name") or ""


def sheets(batch: Import) -> list[dict[str, Any]]:
    """The sheets of a file with each column's meaning and what else it could be given."""
    shown = []
    for number, table in enumerate(batch.tables):
        kind = TableKind(table["form_of"] or table["kind"])
        offered = [(target, say(name)) for target, name in choices(kind)]
        names = dict(offered)
        columns = [
            {
                **c,
                "reason": retold(c["reason"]),
                "looks": retold(table.get("looks", {}).get(c["letter"], "")),
                "unsure": bool(c["target"]) and c["confidence"] < 0.8,
                "options": offered
                if c["target"] in names or not c["target"]
                else [(c["target"], say(c["name"])), *offered],
            }
            for c in table["columns"]
        ]
        told = {"sentence": retold(table["sentence"]), "about": say(ABOUT.get(kind, ""))}
        shown.append({**table, **told, "number": number, "columns": columns})
    return shown


def kinds() -> list[tuple[str, str]]:
    """What a sheet can be said to be."""
    return [
        (str(k), say(ABOUT[k]))
        for k in (TableKind.PEOPLE, TableKind.DWELLINGS, TableKind.BUILDINGS, TableKind.ORGANISATIONS)
    ]


def day(text: str) -> date | None:
    """A date from a form; None when left out. Raises ValueError with a sentence."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(_("日期请写成 2026-11-01 这样")) from error

"""Visits as a file, and the rows of an uploaded list that were not taken."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linyun.foundation.areas import scope
from linyun.foundation.leaving.rules import Leaving, fits
from linyun.foundation.ui.wording import phone_mask
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.work.visits import listing
from linyun.work.visits.events import VisitsExported
from linyun.work.visits.models import Visit
from linyun.work.visits.sheets import PARTS

HEAD = ("日期", "方式", "被访者", "电话", "地址", "情况", "需求和建议", "采取的措施", "处理结果", "约定回访", "走访人")


def leaving(asked: Mapping[str, Any]) -> Leaving:
    """The filtered list of visits, phones masked. ``asked``: the filter as ``listing.Chosen.kept`` has it. Raises TooLong."""
    chosen = listing.Chosen.of(asked)
    fits(chosen.rows().count())
    visits = list(chosen.rows().order_by("-visited_on", "-id"))
    name = f"走访-{scope.current()}-{clock.today():%Y%m%d}.csv"

    people = [v.person_id for v in visits if v.person_id]
    return Leaving.table(chosen.says(), name, HEAD, _rows(visits), ids=people, event=VisitsExported(len(visits)))


def _rows(visits: Iterable[Visit]) -> list[Sequence[Any]]:
    """Visits as rows, each with ``person`` and ``dwelling`` at hand."""
    modes = catalogue.code_sets["visit_mode"]
    return [
        (
            v.visited_on.isoformat(),
            modes.name_of(v.mode),
            v.person.name if v.person else "",
            phone_mask(v.person.phone) if v.person and v.person.phone else "",
            v.dwelling.address if v.dwelling else "",
            v.situation,
            v.needs,
            v.action,
            v.outcome,
            v.follow_up_on.isoformat() if v.follow_up_on else "",
            v.visitor,
        )
        for v in visits
    ]


WHERE = ("工作表", "行", "为什么没有写入")


def rest_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Head and rows of a list that were not taken; the heads are understood when the corrected file is brought again.

    Days that were understood stand with their year: outside its sheet "8月1日" has none.
    """
    parts = [part for part in PARTS if part in ("day", "name", "address", "situation") or _stands(part, rows)]
    head = (*(PARTS[part][0] for part in parts), *WHERE)
    return head, [(*(_told(row, p) for p in parts), row["sheet"], row["number"], row["reason"]) for row in rows]


def _stands(part: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    return any(row["cells"].get(part) for row in rows)


def _told(row: Mapping[str, Any], part: str) -> str:
    understood = row["said"].get(part) if part in ("day", "follow_up_on") else None
    return str(understood or row["cells"].get(part, ""))

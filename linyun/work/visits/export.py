"""Lists as files that a spreadsheet opens rightly: UTF-8 with its mark, and no cell that runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linyun.foundation.ui.wording import phone_mask
from linyun.kernel.catalogue import catalogue
from linyun.work.visits.models import Visit
from linyun.work.visits.sheets import PARTS

CSV = "text/csv; charset=utf-8"
_RUNS = re.compile(r"[=+\-@\t\r]")
HEAD = ("日期", "方式", "被访者", "电话", "地址", "情况", "需求和建议", "采取的措施", "处理结果", "约定回访", "走访人")


def csv_of(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_safe(v) for v in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> Any:
    if value is None:
        return ""
    return "'" + value if isinstance(value, str) and _RUNS.match(value) else value


def visits_csv(visits: Iterable[Visit]) -> bytes:
    """Visits as a file; the person's phone masked. Each with ``person`` and ``dwelling`` at hand."""
    modes = catalogue.code_sets["visit_mode"]
    return csv_of(
        HEAD,
        (
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
        ),
    )


WHERE = ("工作表", "行", "为什么没有写入")


def rest_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows of a list that were not taken, under heads that are understood when the corrected file is brought again.

    Days that were understood stand with their year: outside its sheet "8月1日" has none.
    """
    parts = [part for part in PARTS if part in ("day", "name", "address", "situation") or _stands(part, rows)]
    head = (*(PARTS[part][0] for part in parts), *WHERE)
    return csv_of(head, ((*(_told(row, p) for p in parts), row["sheet"], row["number"], row["reason"]) for row in rows))


def _stands(part: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    return any(row["cells"].get(part) for row in rows)


def _told(row: Mapping[str, Any], part: str) -> str:
    understood = row["said"].get(part) if part in ("day", "follow_up_on") else None
    return str(understood or row["cells"].get(part, ""))

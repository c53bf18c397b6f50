"""Lists as files that a spreadsheet opens rightly: UTF-8 with its mark, and no cell that runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from linyun.foundation.ui.wording import phone_mask
from linyun.kernel.catalogue import catalogue
from linyun.work.visits.models import Visit

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

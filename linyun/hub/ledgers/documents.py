"""A filled or closed ledger as a document: title, lines, columns; and the files made of documents."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

from linyun.foundation.areas.models import Area
from linyun.foundation.leaving.rules import MARKED, File, Mark
from linyun.foundation.ui.answer import file_name
from linyun.foundation.ui.language import official
from linyun.hub.ledgers import csv, xlsx
from linyun.hub.ledgers.closing import Column, Frozen
from linyun.hub.ledgers.fill import Filled
from linyun.hub.ledgers.layout import Heading
from linyun.hub.ledgers.xlsx import Sheet
from linyun.hub.records.services import sealer
from linyun.kernel.declare import Kind
from linyun.kernel.values.identity import mask

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ZIP = "application/zip"
INDEX = "目录"
UNIT = "填报单位："


def unit_name(area: str) -> str:
    """How an office signs: street and committee (四平路街道公交新村居委会), or the area's own name above."""
    path = [a.name for a in Area.objects.path(area[:12]) if len(a.code) >= 6]
    return "".join(path[-2:] if len(area) >= 12 else path[-1:]) or area


@official()
def document(filled: Filled, *, unit: str, by: str, on: date) -> Frozen:
    """A filled ledger as a document, identity numbers sealed."""
    ledger = filled.plan.ledger
    middle = []
    if filled.period.label:
        middle.append(f"统计时间：{filled.period.label}")
    if not filled.plan.source.dated:
        middle.append(f"数据截至：{filled.today.isoformat()}")
    if ledger.unit:
        middle.append(f"单位：{ledger.unit}")
    foot = [] if filled.plan.is_statistic else [f"共 {filled.count} 条"]
    data = tuple(list(filled.sealed.get(n, column)) for n, column in enumerate(filled.data))
    return Frozen(
        title=ledger.name,
        lines=(f"{UNIT}{unit}", "　".join(middle), f"填报人：{by}　填报日期：{on.isoformat()}"),
        foot=(*foot, *([f"说明：{ledger.note}"] if ledger.note else [])),
        headings=filled.headings,
        data=data,
        refs=tuple(str(r) for r in filled.refs),
    )


def masked(sealed: str) -> str:
    """A sealed identity number as anyone may see it."""
    return mask(sealer.open(sealed))


def opened(sealed: str) -> str:
    """A sealed identity number in full. Only for a caller that has the right and recorded the reason."""
    return sealer.open(sealed)


def has_identity(headings: Sequence[Heading]) -> bool:
    """Whether a document holds identity numbers."""
    return any(h.kind is Kind.IDENTITY for h in headings)


def _sheet(kept: Frozen, data: tuple[Column, ...]) -> Sheet:
    return Sheet(kept.title, kept.headings, data, kept.lines, kept.foot)


def _creator(kept: Frozen) -> str:
    return kept.lines[0].removeprefix(UNIT)


def to_xlsx(
    kept: Frozen,
    worded: Callable[[str], str],
    *,
    name: str,
    made_at: datetime,
    digest: str = "",
    mark: Mark | None = None,
) -> File:
    """One document as a workbook. The same document and moment give the same bytes, but for the mark.

    The mark of its departure stands in the properties and at the foot of each printed page; in a closing (``digest``)
    in the properties alone, so that its sheets stay the same bytes.
    """
    target = io.BytesIO()
    told = [f"封账校验码 SHA-256：{digest}"] * bool(digest) + ([mark.text] if mark else [])
    sheet = _sheet(kept, kept.shown(worded))
    foot = mark.text if mark and not digest else ""
    xlsx.write([sheet], target, made_at=made_at, creator=_creator(kept), description="；".join(told), foot=foot)
    return File(file_name(f"{name}.xlsx"), target.getvalue(), XLSX)


def to_csv(kept: Frozen, worded: Callable[[str], str], *, name: str, mark: Mark | None = None) -> File:
    """One document as .csv: one header line, then the rows; no title, no foot. The mark stands in a last column."""
    target = io.BytesIO()
    headings, data = kept.headings, kept.shown(worded)
    if mark is not None:
        headings, data = (*headings, Heading(MARKED, "mark", Kind.TEXT)), (*data, [mark.text] * kept.count)
    csv.write(headings, data, target)
    return File(file_name(f"{name}.csv"), target.getvalue(), CSV)


def to_workbook(
    kept: Sequence[tuple[str, Frozen]],
    worded: Callable[[str], str],
    *,
    name: str,
    made_at: datetime,
    mark: Mark | None = None,
) -> File:
    """Many documents, each with its group, as the sheets of one workbook behind an index that leads to them."""
    headings = (
        Heading("序号", "seq", Kind.INTEGER),
        Heading("台账", "name", Kind.TEXT, width=40),
        Heading("类别", "group", Kind.TEXT, width=20),
        Heading("条数", "count", Kind.INTEGER),
    )
    titles = [d.title for _, d in kept]
    data = (range(1, len(kept) + 1), titles, [g for g, _ in kept], [d.count for _, d in kept])
    lines = kept[0][1].lines if kept else ("", "", "")
    index = Sheet("台账目录", headings, data, (lines[0], "", lines[2]), name=INDEX, links=titles)
    target = io.BytesIO()
    sheets = [index, *(_sheet(d, d.shown(worded)) for _, d in kept)]
    creator, told = _creator(kept[0][1]) if kept else "", mark.text if mark else ""
    xlsx.write(sheets, target, made_at=made_at, creator=creator, description=told, foot=told)
    return File(file_name(f"{name}.xlsx"), target.getvalue(), XLSX)


def to_archive(files: Sequence[tuple[str, File]], *, name: str) -> File:
    """Files, each with its folder, as one .zip. They are compressed already, so they are only put together."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for folder, file in files:
            with archive.open(f"{file_name(folder)}/{file.name}", "w") as entry:
                entry.write(file.content)
    return File(file_name(f"{name}.zip"), target.getvalue(), ZIP)

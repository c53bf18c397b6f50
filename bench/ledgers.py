"""Ledger files of one community of 5,000 people: all of them in CPU seconds, and one sheet against openpyxl with the same look.

Both writers get the same rows, already read, and give the same sheet: title, line, merged head, borders, fonts, texts as texts.
With LibreOffice at hand the workbook of all ledgers is opened by it too.
"""

import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.machine import taking

PEOPLE, SHEET = 5000, "residents"


def furnish() -> str:
    """A committee with invented people; answers its code."""
    from bench.imports import AREAS, COMMITTEE
    from linyun.foundation.acts.actor import Actor, acting
    from linyun.foundation.areas.scope import within
    from linyun.foundation.areas.services import load as load_areas
    from linyun.kernel.declare import Role
    from linyun.kernel.synth.estates import Area
    from linyun.kernel.synth.world import generate
    from linyun.site.demo.load import load

    load_areas(iter(AREAS), "bench")
    world = generate([Area(COMMITTEE, "公交新村居委会")], PEOPLE, 4, date(2026, 11, 1))
    with acting(Actor(name="bench", role=Role.OPERATOR, area="", channel="command")), within(""):
        load(world)
    return COMMITTEE


def with_openpyxl(sheet: Any) -> bytes:
    """The same sheet as a project would write it with openpyxl: a format per cell, shared where it can be."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    from linyun.hub.ledgers.layout import depth, head_cells, widths
    from linyun.kernel.declare import Kind

    book = Workbook()
    ws = book.active
    thin = Border(*[Side(style="thin")] * 4)
    body, bold, title = Font(name="宋体", size=10.5), Font(name="宋体", size=10.5, bold=True), Font(size=18, bold=True)
    grey, middle = PatternFill("solid", fgColor="F2F2F2"), Alignment("center", "center", wrap_text=True)
    left = Alignment("left", "center", wrap_text=True)
    count = len(sheet.headings)
    ws.cell(1, 1, sheet.title).font = title
    ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=count)
    ws.cell(2, 1, "　".join(sheet.lines))
    for cell in head_cells(sheet.headings):
        top, first = cell.row + 3, cell.column + 1
        there = ws.cell(top, first, cell.text)
        there.font, there.fill, there.border, there.alignment = bold, grey, thin, middle
        if cell.rows > 1 or cell.columns > 1:
            ws.merge_cells(None, top, first, top + cell.rows - 1, first + cell.columns - 1)
    begin = 3 + depth(sheet.headings)
    texts = [h.kind in (Kind.IDENTITY, Kind.PHONE) for h in sheet.headings]
    for n, row in enumerate(zip(*sheet.data, strict=True), begin):
        for column, value in enumerate(row, 1):
            there = ws.cell(n, column, value)
            there.font, there.border = body, thin
            there.alignment = left if isinstance(value, str) and len(value) > 8 else middle
            if texts[column - 1]:
                there.number_format = "@"
    for n, width in enumerate(widths(sheet.headings, sheet.data), 1):
        ws.column_dimensions[get_column_letter(n)].width = width
    ws.page_setup.orientation, ws.freeze_panes = "landscape", f"A{begin}"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def best(write: Callable[[], bytes], times: int) -> tuple[float, int]:
    """The least processor seconds of some runs, and the size of the file."""
    found, size = [], 0
    for _ in range(times):
        with taking() as taken:
            size = len(write())
        found.append(taken.cpu)
    return min(found), size


def one_sheet(area: str) -> dict[str, Any]:
    """One long ledger, ours and openpyxl."""
    from linyun.hub.ledgers import xlsx
    from linyun.hub.ledgers.documents import document, masked
    from linyun.hub.ledgers.services import filled, span_of
    from linyun.hub.ledgers.xlsx import Sheet
    from linyun.kernel import clock
    from linyun.kernel.catalogue import catalogue

    kept = document(
        filled(SHEET, area, span_of(catalogue.ledgers[SHEET], "")), unit="公交新村居委会", by="林晓岚", on=clock.today()
    )
    sheet = Sheet(kept.title, kept.headings, kept.shown(masked), kept.lines, kept.foot)

    def ours() -> bytes:
        target = io.BytesIO()
        xlsx.write([sheet], target, made_at=clock.now())
        return target.getvalue()

    quick, small = best(ours, 5)
    slow, large = best(lambda: with_openpyxl(sheet), 2)
    return {
        "rows": sheet.count,
        "columns": len(sheet.headings),
        "ours_cpu_s": round(quick, 3),
        "openpyxl_cpu_s": round(slow, 3),
        "openpyxl / ours": round(slow / quick, 1),
        "ours_bytes": small,
        "openpyxl_bytes": large,
    }


def database_cpu() -> float:
    """Processor seconds of the server process behind this connection; 0 when it runs on another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def every_ledger(area: str, folder: Path) -> dict[str, Any]:
    """All ledgers, a file each and as one workbook: processor seconds here and in the database."""
    from linyun.hub.ledgers import exports
    from linyun.kernel.catalogue import catalogue

    exports.export_all(area)
    before = database_cpu()
    with taking() as files:
        rows = sum(made.document.count for made, _file in exports.export_each(area))
    between = database_cpu()
    with taking() as book:
        file, _rows = exports.export_all(area)
    after = database_cpu()
    (folder / "all.xlsx").write_bytes(file.content)
    return {
        "ledgers": len(catalogue.ledgers),
        "rows": rows,
        "files_cpu_s": round(files.cpu + between - before, 2),
        "workbook_cpu_s": round(book.cpu + after - between, 2),
        "of_which_database_s": round(after - between, 2),
        "workbook_bytes": len(file.content),
    }


def opened_by_libreoffice(folder: Path) -> str:
    """Whether LibreOffice opens the workbook and finds every sheet."""
    from openpyxl import load_workbook

    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return "not installed"
    command = [office, "--headless", "--convert-to", "ods", "--outdir", str(folder), str(folder / "all.xlsx")]
    done = subprocess.run(
        [*command, f"-env:UserInstallation=file://{folder}/profile"], capture_output=True, check=False
    )
    again = [office, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "again")]
    subprocess.run([*again, str(folder / "all.ods"), f"-env:UserInstallation=file://{folder}/profile"], check=False,
                   capture_output=True)  # fmt: skip
    back = folder / "again" / "all.xlsx"
    if done.returncode or not back.exists():
        return f"not opened: {done.stderr.decode(errors='replace')[-200:]}"
    ours, theirs = (load_workbook(f, read_only=True).sheetnames for f in (folder / "all.xlsx", back))
    return "opened" if ours == theirs else f"{len(theirs)} of {len(ours)} sheets"


def measure() -> dict[str, Any]:
    """All of it."""
    from linyun.foundation.acts.actor import Actor, acting
    from linyun.foundation.areas.scope import within
    from linyun.kernel.declare import Role

    area = furnish()
    actor = Actor(name="bench", role=Role.WORKER, area=area, channel="command")
    with tempfile.TemporaryDirectory() as folder, acting(actor), within(area):
        return {
            "people": PEOPLE,
            "one sheet": one_sheet(area),
            "all ledgers": every_ledger(area, Path(folder)),
            "LibreOffice": opened_by_libreoffice(Path(folder)),
        }


if __name__ == "__main__":
    from bench.machine import set_up

    set_up()
    print(json.dumps(measure(), ensure_ascii=False, indent=1))  # noqa: T201

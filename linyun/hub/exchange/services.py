"""The verbs of imports: bring in, check, apply, undo. A half-good file loses nothing."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.areas.codes import committee_of
from linyun.foundation.areas.models import Area
from linyun.hub.exchange.applying import apply as apply_rows
from linyun.hub.exchange.applying import unapply
from linyun.hub.exchange.events import FileUploaded, ImportApplied, ImportUndone
from linyun.hub.exchange.matching import match
from linyun.hub.exchange.models import Import, ImportRow, Layout
from linyun.hub.exchange.reading import Kind, Table, Workbook, read, understand
from linyun.hub.exchange.reading.returning import corrections
from linyun.hub.exchange.staging import stage
from linyun.hub.records.items import known
from linyun.hub.records.models import Statement
from linyun.hub.records.projection import project
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.ids import uuid7
from linyun.kernel.values.vault import Vault

vault = Vault(settings.DATA_KEYS)
OUTCOMES = ("created", "updated", "unchanged", "conflicts", "refused")


class Unusable(ValueError):
    """A file or a step that cannot be done; the text says what was found and how to mend it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a file would do or did: numbers of rows by outcome, and every refused row or cell."""

    rows: int
    created: int
    updated: int
    unchanged: int
    conflicts: int
    refused: int
    refusals: list[dict[str, Any]]


def _layouts(area: str) -> dict[str, Mapping[str, str]]:
    return {x.fingerprint: x.mapping for x in Layout.objects.filter(area=area)}


def _tables(workbook: Workbook, area: str) -> list[Table]:
    items = list(known(Subject.PERSON).values())
    here = [a.name for a in Area.objects.path(area)]
    return [understand(sheet, items, catalogue.code_sets, _layouts(area), here) for sheet in workbook.sheets]


def bring_in(
    content: bytes, filename: str, *, area: str, as_of: date | None = None, client_key: UUID | None = None
) -> Import:
    """Read a file and stage its rows; nothing in the records changes. Sent again, it answers the first.

    Raises Unusable with a sentence for a file that holds no rows of residents or cannot be read.
    """
    who = current()
    require(who, "import.bring", area)
    if client_key and (before := Import.objects.filter(client_key=client_key).first()):
        return before
    workbook = read(content, filename)
    tables = _tables(workbook, area)
    people = [t for t in tables if t.kind is Kind.PEOPLE]
    batch = Import.objects.create(
        id=uuid7(),
        area=committee_of(area),
        filename=filename[:200],
        digest=hashlib.sha256(content).hexdigest(),
        content=vault.lock(content),
        kind="people",
        as_of=as_of or clock.today(),
        tables=[t.described() for t in tables],
        uploaded_by=who.name,
        uploaded_by_id=who.account_id,
        client_key=client_key,
        message="" if people else said_of(tables),
    )
    batch.total = stage(batch, _rows(people))
    batch.save(update_fields=["total"])
    record(FileUploaded(batch.pk, batch.filename, batch.total), area=batch.area, subject=("import", batch.pk))
    return batch


def said_of(tables: list[Table]) -> str:
    """What the sheets of a file without residents seem to be, in one paragraph."""
    said = [f"{t.sheet.name}：{t.sentence}" for t in tables if t.sentence and t.kind is not Kind.EMPTY]
    return "；".join(said) or "这个文件是空的，没有可导入的行"


def corrections_of(batch: Import) -> bytes:
    """The rows and cells that were not taken, as a file like the one that came, with the reasons."""
    workbook = read(vault.open(bytes(batch.content)), batch.filename)
    return corrections(_tables(workbook, batch.area), reported(batch).refusals)


def _rows(tables: list[Table]) -> Iterator[Any]:
    for table in tables:
        yield from table.rows(clock.today())


def check(batch: Import) -> Report:
    """Dry run: what each row would do. Changes nothing but the staged rows' outcomes."""
    match(batch)
    report = reported(batch)
    batch.counts = {name: getattr(report, name) for name in ("rows", *OUTCOMES)}
    if batch.state == Import.State.READ:
        batch.state = Import.State.CHECKED
    batch.save(update_fields=["counts", "state"])
    return report


def reported(batch: Import) -> Report:
    """The numbers and refusals of a checked or applied import."""
    numbers = dict(batch.rows.values_list("outcome").annotate(n=Count("id")))
    refusals = [
        problem
        for problems in batch.rows.exclude(problems=[]).order_by("sheet", "number").values_list("problems", flat=True)
        for problem in problems
    ]
    counts = {name: numbers.get(name, 0) for name in OUTCOMES}
    return Report(rows=sum(counts.values()), **counts, refusals=refusals)


def apply(batch_id: UUID) -> Report:
    """Put the rows into the records. Applied before, it answers what it did. Raises Unusable after an undo."""
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(current(), "import.apply", batch.area)
    if batch.state == Import.State.APPLIED:
        return reported(batch)
    if batch.state == Import.State.UNDONE:
        raise Unusable("这次导入已经撤销。需要时请重新上传这个文件")
    report = check(batch)
    apply_rows(batch)
    batch.state, batch.applied_at, batch.done = Import.State.APPLIED, clock.now(), batch.total
    batch.save(update_fields=["state", "applied_at", "done"])
    record(
        ImportApplied(batch.pk, report.created, report.updated, report.conflicts, report.refused),
        area=batch.area,
        subject=("import", batch.pk),
    )
    return report


def take_on(batch: Import) -> None:
    """Mark an import as being applied; the page then hands it to the job queue. Raises Unusable when it is done or begun."""
    require(current(), "import.apply", batch.area)
    if batch.state not in (Import.State.CHECKED, Import.State.READ, Import.State.FAILED):
        raise Unusable("这次导入已经在办或已经办完")
    batch.state = Import.State.APPLYING
    batch.save(update_fields=["state"])


def undo(batch_id: UUID) -> int:
    """Take an import back in one step: the records are as before. Answers how many people stay because others rely on them."""
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(current(), "import.undo", batch.area)
    if batch.state != Import.State.APPLIED:
        raise Unusable("只有已经导入的才能撤销")
    rows = ImportRow.objects.filter(batch=batch).values("id")
    stated = Statement.objects.filter(origin_id__in=rows, retracted_by=None)
    touched = list(stated.values_list("subject_id", flat=True))
    stated.update(retracted_by=uuid7())
    kept = unapply(batch)
    project("person", touched)
    batch.state, batch.undone_at = Import.State.UNDONE, clock.now()
    batch.save(update_fields=["state", "undone_at"])
    record(ImportUndone(batch.pk, kept), area=batch.area, subject=("import", batch.pk))
    return kept

"""The verbs of imports: bring in, map, check, apply, undo. A half-good file loses nothing."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils.timezone import localtime

from linyun.foundation.accounts.policy import require
from linyun.foundation.acts.actor import current
from linyun.foundation.acts.services import record
from linyun.foundation.acts.turns import wait_for_turn
from linyun.foundation.areas.codes import COMMITTEE, committee_of
from linyun.foundation.areas.models import Area
from linyun.foundation.leaving.rules import File, Leaving, Mark
from linyun.foundation.ui.language import official
from linyun.hub.exchange import progress
from linyun.hub.exchange.applying import STEPS
from linyun.hub.exchange.applying import apply as apply_rows
from linyun.hub.exchange.events import (
    FileUploaded,
    ImportApplied,
    ImportUndone,
    ManyConfirmed,
    MappingConfirmed,
    PhonesMoved,
    RefusedRowsTaken,
)
from linyun.hub.exchange.matching import match
from linyun.hub.exchange.models import Import, Layout
from linyun.hub.exchange.reading import Sheet, Table, read
from linyun.hub.exchange.reading.cells import column_of
from linyun.hub.exchange.reading.returning import corrections
from linyun.hub.exchange.staging import KINDS, stage
from linyun.hub.exchange.understanding import ASKED, AUTO, corrected, described, doubled, said_of, tables_of, wanted
from linyun.hub.exchange.undoing import unapply
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.ids import uuid7
from linyun.kernel.values.text import text_of
from linyun.kernel.values.vault import Vault
from linyun.kernel.words import listed, msgid, retold, say

vault = Vault(settings.DATA_KEYS)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUTCOMES = ("created", "updated", "unchanged", "conflicts", "refused")
OPEN = (Import.State.READ, Import.State.CHECKED, Import.State.FAILED)
MANY_CHANGES = 200
"""From more changed people on, an import is confirmed by typing how many."""
GIVEN_UP = timedelta(minutes=5)
"""A job that says nothing for so long is taken to be dead; the import can then be started again."""


class Unusable(ValueError):
    """A file or a step that cannot be done; the text says what was found and how to mend it."""

    def __str__(self) -> str:
        return retold(super().__str__())


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


def sources() -> list[tuple[str, str]]:
    """Whose word a file can be: a roster of the committee, or a department's feed. (code, name)."""
    return [("roster", catalogue.sources["roster"].name)] + [
        (s.code, s.name) for s in catalogue.sources.values() if s.department
    ]


def _checked(area: str, kind: str, source: str, as_of: date) -> str:
    """The committee that a file is for. Raises Unusable for what cannot be imported so."""
    committee = committee_of(area)
    if len(committee) < COMMITTEE or not Area.objects.filter(pk=committee).exists():
        raise Unusable(say("没有“{area}”这个居委会。请填写 12 位的居委会代码，例如 310110009016", area=area))
    if kind not in ASKED:
        raise Unusable(say("没有“{kind}”这种导入，可以选：{names}", kind=kind, names="、".join(ASKED)))
    if source not in dict(sources()):
        raise Unusable(say("请选择名单的来源"))
    if as_of > clock.today():
        raise Unusable(say("名单反映的日期不能晚于今天。请改成名单统计的那一天"))
    return committee


@official()
def bring_in(
    content: bytes,
    filename: str,
    *,
    area: str,
    kind: str = AUTO,
    source: str = "roster",
    as_of: date | None = None,
    client_key: UUID | None = None,
) -> Import:
    """Read a file and stage its rows; nothing in the records changes. Sent again, it answers the first.

    ``kind``: a key of ASKED. ``as_of``: the day whose state the file describes, today when left out. Raises Unreadable
    with a sentence for a file that cannot be read, Unusable for an unknown area, kind or source.
    """
    who = current()
    require(who, "import.bring", area)
    if client_key and (before := Import.objects.filter(client_key=client_key).first()):
        return before
    on = as_of or clock.today()
    committee = _checked(area, kind, source, on)
    tables = tables_of(read(content, filename), committee)
    digest = hashlib.sha256(content).hexdigest()
    batch = Import.objects.create(
        id=uuid7(),
        area=committee,
        filename=filename[-200:],
        digest=digest,
        content=vault.lock(content),
        kind=kind,
        source=source,
        as_of=on,
        uploaded_by=who.name,
        uploaded_by_id=who.account_id,
        client_key=client_key,
    )
    _stage(batch, tables)
    record(FileUploaded(batch.pk, batch.filename, batch.total), area=batch.area, subject=("import", batch.pk))
    return batch


def _stage(batch: Import, tables: Sequence[Table]) -> None:
    chosen = wanted(tables, batch.kind)
    total = 0
    for kind in dict.fromkeys(t.kind for t in chosen):
        total += stage(batch, _rows([t for t in chosen if t.kind is kind]), KINDS[kind])
    batch.total = total
    batch.tables = described(tables)
    batch.message = "；".join(filter(None, (_seen_before(batch), said_of(tables, batch.kind))))
    batch.save(update_fields=["total", "tables", "message"])


def _rows(tables: Sequence[Table]) -> Iterator[Any]:
    for table in tables:
        yield from table.rows(clock.today())


def _seen_before(batch: Import) -> str:
    """That the very same file was applied here already, and when and by whom."""
    same = Import.objects.filter(area=batch.area, digest=batch.digest, state=Import.State.APPLIED).exclude(pk=batch.pk)
    before = same.order_by("-applied_at").values_list("applied_at", "uploaded_by").first()
    if before is None or before[0] is None:
        return ""
    return say("这个文件和 {who} 在 {day} 导入过的完全一样", who=before[1], day=f"{localtime(before[0]):%Y-%m-%d}")


@official()
def map_columns(batch_id: UUID, kinds: Mapping[int, str], targets: Mapping[int, Mapping[str, str]]) -> Report:
    """Read a file again with the meanings that a person gave its columns, and remember them for its layouts.

    ``kinds``: sheet number → kind; ``targets``: sheet number → column letter → target, "" leaves a column out.
    Raises Unusable when the import is under way or done, and when two columns are given one meaning.
    """
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(current(), "import.bring", batch.area)
    if batch.state not in OPEN:
        raise Unusable(say("这次导入已经在办或已经办完，不能再改对应关系"))
    tables = list(corrected(_tables(batch), kinds, targets))
    said = [t for n, t in enumerate(tables) if n in kinds or n in targets]
    if twice := next(filter(None, map(doubled, said)), ""):
        raise Unusable(twice)
    batch.rows.all()._raw_delete(batch.rows.db)
    _stage(batch, tables)
    for table in said:
        Layout.objects.update_or_create(
            area=batch.area,
            fingerprint=table.fingerprint,
            defaults={"kind": str(table.kind), "mapping": table.mapping, "confirmed_by": current().name},
        )
    record(MappingConfirmed(batch.pk, len(said)), area=batch.area, subject=("import", batch.pk))
    return check(batch)


def _tables(batch: Import) -> list[Table]:
    return tables_of(read(vault.open(bytes(batch.content)), batch.filename), batch.area)


@official()
def corrections_of(batch: Import, mark: str = "") -> bytes:
    """The rows and cells that were not taken, as a file like the one that came, with the reasons."""
    return corrections(_tables(batch), reported(batch).refusals, mark=mark)


def leaving(asked: Mapping[str, Any]) -> Leaving:
    """The rows of an import that were not taken, to correct and bring again. ``asked``: import."""
    batch = Import.objects.get(pk=asked["import"])
    require(current(), "import.see", batch.area)
    refused = batch.rows.exclude(problems=[])
    people = [pk for pk in refused.values_list("record_id", flat=True) if pk]

    def write(mark: Mark) -> File:
        name = f"待更正-{batch.filename.rsplit('.', 1)[0]}.xlsx"
        return File(name, corrections_of(batch, mark.text), XLSX)

    own = batch.uploaded_by_id == current().account_id
    says = say("没有收下的行：{day} 导入的名单", day=batch.uploaded_at.date().isoformat())
    event = RefusedRowsTaken(batch.pk, batch.counts.get("refused", 0))
    return Leaving(says, refused.count(), people, event, write, given_back=own)


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
    """The numbers and refusals of a checked or applied import. Identity numbers in refusals are masked."""
    numbers = dict(batch.rows.order_by().values_list("outcome").annotate(n=Count("id")))
    refusals = [
        problem
        for problems in batch.rows.exclude(problems=[]).order_by("sheet", "number").values_list("problems", flat=True)
        for problem in problems
    ]
    counts = {name: numbers.get(name, 0) for name in OUTCOMES}
    return Report(rows=sum(counts.values()), **counts, refusals=refusals)


def as_typed(refusals: Sequence[Mapping[str, Any]], content: bytes, filename: str) -> list[dict[str, Any]]:
    """Refusals with what stands in the cells of the file, for whoever holds the file: to mend a number it must be seen.

    The house keeps and shows these values masked; what this answers goes to a terminal or a file, never into a table,
    a log or an act.
    """
    sheets = {}
    if any("*" in str(r["value"]) for r in refusals):
        sheets = {sheet.name: sheet for sheet in read(content, filename).sheets}
    return [
        {**{k: r[k] for k in ("sheet", "row", "column", "reason", "scope")}, "value": _typed(r, sheets)}
        for r in refusals
    ]


def _typed(refusal: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> str:
    letters = str(refusal["column"]).partition(" ")[0]
    masked = str(refusal["value"])
    if "*" not in masked or refusal["sheet"] not in sheets or not (letters.isascii() and letters.isalpha()):
        return masked
    return text_of(sheets[refusal["sheet"]].cell(int(refusal["row"]) - 1, column_of(letters)))


MOVE_PHONES = """
update exchange_importrow
set values = jsonb_set(values, '{phone}', to_jsonb(concat_ws('; ', values ->> 'phone',
      (select string_agg(p, '; ') from jsonb_array_elements_text(hints -> 'phones') p))), true), hints = null
where batch_id = %s and kind = 'person' and hints ? 'phones' and outcome <> 'refused'
"""


def move_phones(batch_id: UUID) -> int:
    """Take the phones that stand in remarks for phones; answers how many rows got one. Raises Unusable once applied."""
    batch = Import.objects.select_for_update().get(pk=batch_id)
    require(current(), "import.apply", batch.area)
    if batch.state not in OPEN:
        raise Unusable(say("这次导入已经在办或已经办完，请到居民页面更正电话"))
    with connection.cursor() as cursor:
        cursor.execute(MOVE_PHONES, [batch.pk])
        moved = int(cursor.rowcount)
    check(batch)
    record(PhonesMoved(batch.pk, moved), area=batch.area, subject=("import", batch.pk))
    return moved


def changes_in(batch: Import) -> int:
    """How many rows would change the records."""
    return sum(batch.counts.get(name, 0) for name in ("created", "updated", "conflicts"))


def take_on(batch: Import, typed: str = "") -> None:
    """Mark an import as being applied; the page then hands it to the job queue.

    ``typed``: the number of changes, asked for from MANY_CHANGES on. Raises Unusable when it does not fit, and when the
    import is done or under way.
    """
    require(current(), "import.apply", batch.area)
    told = progress.progress_of(batch.pk)
    dead = batch.state == Import.State.APPLYING and (told is None or told.at < clock.now() - GIVEN_UP)
    if batch.state not in OPEN and not dead:
        raise Unusable(say("这次导入已经在办或已经办完"))
    changes = changes_in(batch)
    if changes > MANY_CHANGES:
        if typed.strip().replace(",", "").replace("，", "") != str(changes):
            raise Unusable(say("这次会改动 {n} 行。请核对结果，把这个数填进确认框再导入", n=changes))
        record(ManyConfirmed(batch.pk, changes), area=batch.area, subject=("import", batch.pk))
    progress.begin(batch)
    batch.state, batch.message = Import.State.APPLYING, ""
    batch.save(update_fields=["state", "message"])


def apply(batch_id: UUID, tell: progress.Tell = progress.silent) -> Report:
    """Put the rows into the records. Applied before, it answers what it did. Raises Unusable after an undo."""
    batch = Import.objects.select_for_update().defer("content").get(pk=batch_id)
    require(current(), "import.apply", batch.area)
    if batch.state == Import.State.APPLIED:
        return reported(batch)
    if batch.state == Import.State.UNDONE:
        raise Unusable(say("这次导入已经撤销。需要时请重新上传这个文件"))
    _one_at_a_time(batch.area)
    total = len(STEPS) + 1
    tell(0, total, msgid("正在核对是谁"))
    report = check(batch)
    apply_rows(batch, lambda said: tell(STEPS.index(said) + 1, total, said))
    batch.state, batch.applied_at, batch.done = Import.State.APPLIED, clock.now(), batch.total
    batch.save(update_fields=["state", "applied_at", "done"])
    record(
        ImportApplied(batch.pk, report.created, report.updated, report.conflicts, report.refused),
        area=batch.area,
        subject=("import", batch.pk),
    )
    return report


def said_of_undo(kept: Sequence[str]) -> str:
    """What an undo came to, naming those who stay."""
    if not kept:
        return say("已撤销，数据和导入前一样")
    named = listed(kept[:10]) + (say("等") if len(kept) > 10 else "")
    return say("已撤销。{named} {n} 位居民已经有了走访等别的记录，原样保留", named=named, n=len(kept))


def _one_at_a_time(area: str) -> None:
    """Imports into one committee go one after the other: the second matches against what the first wrote."""
    wait_for_turn(f"import {area}")


def undo(batch_id: UUID) -> list[str]:
    """Take an import back in one step: the records are as before. Answers who stays because others rely on them, by name."""
    batch = Import.objects.select_for_update().defer("content").get(pk=batch_id)
    require(current(), "import.undo", batch.area)
    if batch.state != Import.State.APPLIED:
        raise Unusable(say("只有已经导入的才能撤销"))
    _one_at_a_time(batch.area)
    kept = unapply(batch)
    batch.state, batch.undone_at = Import.State.UNDONE, clock.now()
    batch.save(update_fields=["state", "undone_at"])
    record(ImportUndone(batch.pk, len(kept)), area=batch.area, subject=("import", batch.pk))
    return kept

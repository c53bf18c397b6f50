"""The reader of a table: line by line to rows. What is wrong is said with row, column and reason."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from linyun.hub.exchange.reading.cells import Cell, Sheet, blank
from linyun.hub.exchange.reading.columns import Columns, Field, prepare
from linyun.hub.exchange.reading.days import Days
from linyun.hub.exchange.reading.header import Head
from linyun.hub.exchange.reading.homes import Homes
from linyun.hub.exchange.reading.lines import Line, Lines
from linyun.hub.exchange.reading.mapping import HEADS_BESIDE, HEADS_OWN, SUBJECT_OF, Guess, Kind
from linyun.hub.exchange.reading.places import DITTO
from linyun.hub.exchange.reading.rows import CELL, ROW, Problem, Row, Skipped
from linyun.hub.exchange.reading.words import Vocabulary
from linyun.kernel.declare import CodeSet
from linyun.kernel.declare import Kind as ItemKind
from linyun.kernel.values import dates, identity, names, numbers, phones, reading
from linyun.kernel.values.codes import matcher
from linyun.kernel.values.parsed import BLANK, Parsed
from linyun.kernel.values.text import clean, text_of, tidy
from linyun.kernel.words import msgid, say

_ASIDE = {
    Line.TOTAL: msgid("合计行"),
    Line.SIGNATURE: msgid("签名或日期行"),
    Line.NOTE: msgid("说明行"),
    Line.TEMPLATE: msgid("模板占位行"),
    Line.HEAD: msgid("重复的表头"),
    Line.SECTION: msgid("小标题"),
}
_NOBODY = msgid("没有姓名，也没有身份证号码。请至少填写一项")


class Reader:
    """Reads one block of a table from top to bottom. ``skipped`` fills as rows are taken."""

    def __init__(
        self,
        sheet: Sheet,
        head: Head,
        kind: Kind,
        guesses: Sequence[Guess],
        words: Vocabulary,
        sets: Mapping[str, CodeSet],
        today: date,
        here: Sequence[str] = (),
    ) -> None:
        self.sheet, self.head, self.kind, self.today = sheet, head, kind, today
        self.columns: Columns = prepare(sheet, kind, guesses, words, sets, today)
        self.skipped: list[Skipped] = []
        self._person = kind in (Kind.PEOPLE, Kind.VISITS)
        self._lines = Lines(head, sheet.merges, self.columns.name.index if self.columns.name else None, words.plain)
        self.homes = Homes(sheet, head, self.columns, sets, here, words, heads=is_heads(guesses))
        self._has_remark = f"{SUBJECT_OF[kind]}.remark" in words.items
        self._modes = next((matcher(s) for s in sets.values() if s.name == "走访方式"), None)
        self._days = Days([sheet.name, *head.titles], today, sheet.epoch_1904)
        self._fill, self._continued = self._spread()

    def rows(self) -> Iterator[Row]:
        """The data rows in order."""
        for index in range(self.head.first, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            line = self._lines.what(index, cells)
            if line is Line.OTHER_TABLE:
                yield self._other_table(index, cells)
                return
            if line is Line.DATA:
                row = self._row(index, cells)
                if row is not None:
                    yield row
            elif line is not Line.BLANK:
                self._aside(index, line, cells)

    def _other_table(self, index: int, cells: Sequence[Cell]) -> Row:
        """A second table below with columns of its own: said loudly, and not misread."""
        row = Row(self.sheet.name, index + 1, [*cells], refused=True)
        shown = "、".join(text_of(c) for c in cells if not blank(c))[:60]
        reason = say("从这一行起是另一张表，列名和上面不同，没有读取。请把它分到单独的工作表再导入")
        row.problems.append(
            Problem(row.sheet, row.number, next(iter(self.columns.labels.values())), shown, reason, ROW)
        )
        return row

    def _aside(self, index: int, line: Line, cells: Sequence[Cell]) -> None:
        self.skipped.append(Skipped(index + 1, _ASIDE[line]))
        if line is Line.SECTION:
            self.homes.begin_section(next(c for c in cells if not blank(c)))

    def _row(self, index: int, cells: Sequence[Cell]) -> Row | None:
        if index in self._continued:
            self.skipped.append(Skipped(index + 1, say("与上一行合并的单元格")))
            return None
        row = Row(self.sheet.name, index + 1, self._filled(index, cells), hidden=index in self.sheet.hidden_rows)
        if self._person:
            why = self._read_person(row)
            if why:
                self.skipped.append(Skipped(row.number, why))
                self.homes.take(row)
                return None
        self._read_fields(row)
        if self._person:
            self._read_birth_and_sex(row)
        self._read_specials(row)
        self.homes.take(row)
        if not (self._person or row.values or row.others or row.specials or row.address or row.problems):
            self.skipped.append(Skipped(row.number, say("没有可用的内容")))
            return None
        return row

    def _filled(self, index: int, cells: Sequence[Cell]) -> list[Cell]:
        """The row's cells to full width, with merged ranges and 同上 filled from above."""
        full = list(cells) + [""] * (self.columns.width - len(cells))
        for column, top, left in self._fill.get(index, ()):
            full[column] = self.sheet.cell(top, left)
        if not DITTO.isdisjoint(full):
            for column in [c for c, cell in enumerate(full) if cell in DITTO and c in self.columns.labels]:
                full[column] = self._above(index, column)
        return full

    def _above(self, index: int, column: int) -> Cell:
        """What 同上 stands for; the word itself where a number or name would be copied to another person."""
        person = self.columns
        if column in (f.index for f in (person.name, person.identity) if f):
            return self.sheet.cell(index, column)
        for above in range(index - 1, max(self.head.bottom, index - 200), -1):
            cell = self.sheet.cell(above, column)
            if not blank(cell) and cell not in DITTO:
                return cell
        return ""

    def _spread(self) -> tuple[dict[int, list[tuple[int, int, int]]], set[int]]:
        """Merged ranges that reach down: where to copy from, and the rows that only continue a person."""
        fill: dict[int, list[tuple[int, int, int]]] = {}
        continued: set[int] = set()
        single = {f.index for f in (self.columns.name, self.columns.identity) if f}
        for merge in self.sheet.merges:
            if merge.bottom == merge.top or merge.bottom < self.head.first:
                continue
            # A range may reach down to the last row that Excel knows; the sheet ends before.
            for row in range(merge.top + 1, min(merge.bottom + 1, len(self.sheet.rows))):
                if single & set(range(merge.left, merge.right + 1)):
                    continued.update([row] if self.columns.name and merge.left <= self.columns.name.index else [])
                elif merge.left in self.columns.labels:
                    fill.setdefault(row, []).append((merge.left, merge.top, merge.left))
        return fill, continued

    def _read_person(self, row: Row) -> str:
        """Name and number. Answers why the line is no person's row, "" when it is."""
        number = self._read_identity(row)
        name = self._read_name(row, number)
        if name.extra.get("nobody") and number.blank and not row.refused:
            return say("没有人（{word}）", word=name.extra["nobody"])
        if name.value is None and number.blank and not row.refused:
            if not row.problems and not self._says_more(row):
                return say("没有人") if self.homes.stated(row.cells) else say("没有内容")
            shown = self.columns.name or self.columns.identity
            if shown and not row.problems:
                self._complain(row, shown.index, _NOBODY, whole=True)
            row.problems = [p._replace(scope=ROW) for p in row.problems]
            row.refused = True
        return ""

    def _read_identity(self, row: Row) -> Parsed[str]:
        column = self.columns.identity
        if column is None or blank(row.cells[column.index]):
            return BLANK
        cell = row.cells[column.index]
        document = clean(row.cells[self.columns.document.index]) if self.columns.document else ""
        found = identity.parse(cell, today=self.today, document=document)
        if found.problem:
            self._complain(row, column.index, found.problem, whole=True, shown=identity.mask(text_of(cell)))
        elif found.value is not None:
            row.values[column.item.code] = found.value
            row.notes += [f"{column.label}：{note}" for note in found.notes]
        return found

    def _read_name(self, row: Row, number: Parsed[str]) -> Parsed[str]:
        column = self.columns.name
        if column is None:
            return BLANK
        found = names.parse(row.cells[column.index])
        if found.extra.get("several"):
            self._complain(row, column.index, found.problem or "", whole=True)
        elif found.problem or found.extra.get("nobody") and number.value:
            self._complain(row, column.index, found.problem or say("这里应是姓名。请对照证件填写"))
        if found.value is not None:
            row.values[column.item.code] = found.value
            row.is_head, row.deceased = bool(found.extra.get("head")), bool(found.extra.get("deceased"))
            row.notes += [f"{column.label}：{note}" for note in found.notes]
        return found

    def _says_more(self, row: Row) -> bool:
        """Whether the row states anything of a person beside number, address and remark."""
        person = [f.index for f in (*self.columns.fields, self.columns.birth, self.columns.sex) if f and f.own]
        return any(not blank(row.cells[i]) for i in person)

    def _read_fields(self, row: Row) -> None:
        cells = row.cells
        for column in self.columns.fields:
            cell = cells[column.index]
            if cell == "":
                continue
            found = column.memo.get(cell) or column.parse(cell)
            if found.value is not None:
                self._store(row, column, found)
            if found.problem:
                shown = identity.mask(text_of(cell)) if column.item.kind is ItemKind.IDENTITY else None
                self._complain(row, column.index, found.problem, shown=shown)
            if found.notes:
                row.notes += [f"{column.label}：{note}" for note in found.notes]

    def _store(self, row: Row, column: Field, found: Parsed[Any]) -> None:
        code = column.item.code
        target = row.values if column.own else row.others.setdefault(str(column.item.subject), {})
        value = found.value
        if column.item.kind is ItemKind.PHONE and code in target:
            value = phones.JOIN.join(dict.fromkeys((target[code] + phones.JOIN + value).split(phones.JOIN)))
        target[code] = value
        precision = found.extra.get("precision")
        if precision and precision != "day":
            row.precisions[code] = precision

    def _read_birth_and_sex(self, row: Row) -> None:
        """Birth date and sex, held against the identity number, which wins."""
        number = row.values.get(self.columns.identity.item.code) if self.columns.identity else None
        if (column := self.columns.birth) and not blank(row.cells[column.index]):
            self._read_birth(row, column, identity.birth_date(number) if number else None)
        if (column := self.columns.sex) and not blank(row.cells[column.index]):
            found = column.parse(row.cells[column.index])
            stated = identity.sex(number) if number else None
            if found.problem:
                self._complain(row, column.index, found.problem)
            elif stated and found.value in ("1", "2") and found.value != stated:
                self._complain(row, column.index, say("与身份证号码里的性别不符，以身份证号码为准。请核对"))
            elif found.value is not None:
                self._store(row, column, found)

    def _read_birth(self, row: Row, column: Field, stated: date | None) -> None:
        cell = row.cells[column.index]
        found = column.parse(cell)
        hint = stated or self._born_about(row)
        if found.problem and hint:
            about = reading.Circumstances(self.today, hint=hint, epoch_1904=self.sheet.epoch_1904)
            found = dates.parse(cell, reading.bounds_of("birth", about))
        if found.problem:
            self._complain(row, column.index, found.problem)
        elif found.value and stated and not _agrees(found, stated):
            self._complain(
                row,
                column.index,
                say("与身份证号码里的出生日期 {stated} 不符，以身份证号码为准。请核对", stated=stated),
            )
        elif found.value and (stated is None or found.extra["precision"] == "day"):
            self._store(row, column, found)
            row.notes += [f"{column.label}：{note}" for note in found.notes]

    def _born_about(self, row: Row) -> date | None:
        """The year of birth by the age column, to settle a century."""
        age = self.columns.age
        found = numbers.integer(row.cells[age], 0, 125) if age is not None else None
        return date(self.today.year - found.value, 7, 1) if found and found.value is not None else None

    def _read_specials(self, row: Row) -> None:
        for target, index in self.columns.specials.items():
            cell = row.cells[index]
            if blank(cell):
                continue
            if target in ("@visit_date", "@date"):
                found = self._days.read(cell)
                if found.value:
                    row.specials["@visit_date"] = found.value
                elif found.problem:
                    self._complain(row, index, found.problem, whole=self.kind is Kind.VISITS)
            elif target == "@visit_mode" and self._modes is not None:
                mode = self._modes.match(cell)
                if mode.value is not None:
                    row.specials[target] = mode.value
                elif mode.problem:
                    self._complain(row, index, mode.problem, whole=self.kind is Kind.VISITS)
            else:
                row.specials[target] = tidy(cell)
        remark = self.columns.remark
        if remark is not None and (text := tidy(row.cells[remark])):
            self._read_remark(row, remark, text)

    def _read_remark(self, row: Row, index: int, text: str) -> None:
        row.specials["@remark"] = text
        if self._has_remark:
            row.values["remark"] = text
        held = {n for v in row.values.values() if isinstance(v, str) for n in v.split(phones.JOIN)}
        hidden = [n for n in phones.find_in(text) if n not in held]
        if hidden:
            row.specials["phones_in_remark"] = tuple(hidden)
            shown = "、".join(phones.mask(n) for n in hidden)
            row.notes.append(
                say("{label}：备注里有电话 {shown}，可以填到电话栏", label=self.columns.labels[index], shown=shown)
            )

    def _complain(self, row: Row, index: int, reason: str, *, whole: bool = False, shown: str | None = None) -> None:
        value = identity.mask_within(text_of(row.cells[index])) if shown is None else shown
        label, scope = self.columns.labels[index], ROW if whole else CELL
        row.problems.append(Problem(row.sheet, row.number, label, value[:200], identity.mask_within(reason), scope))
        row.refused = row.refused or whole


def is_heads(guesses: Sequence[Guess]) -> bool:
    """Whether a block was made of the columns of heads that stand beside their members."""
    return any(g.target in HEADS_OWN.values() and g.reason == HEADS_BESIDE for g in guesses)


def _agrees(found: Parsed[date], stated: date) -> bool:
    value, precision = found.value, found.extra["precision"]
    if value is None:
        return True
    if precision == "year":
        return value.year == stated.year
    return (value.year, value.month) == (stated.year, stated.month) and (precision == "month" or value == stated)

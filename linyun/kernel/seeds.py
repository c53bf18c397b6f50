"""Reads the catalogue's content from seeds/ (TOML, CSV) into declarations.

What is shipped as data is written for people who know the field, not for programmers: groups state what their entries
share, a code is a line of a list, a column of a ledger is one text. This module knows those forms; README.md in the
folder describes them. Whatever does not fit is refused with the file and the entry.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from linyun.kernel.declare import (
    Code,
    CodeSet,
    Column,
    DeclarationError,
    Department,
    Item,
    Kind,
    Ledger,
    Level,
    Rhythm,
    Source,
    Subject,
    Tag,
)
from linyun.kernel.values.reading import BOUNDS, VALIDATORS

Table = Mapping[str, Any]
T = TypeVar("T")

_SHARED = {"name": str, "owner": str, "level": str, "purpose": str, "basis": str}
_ITEM = {
    **_SHARED,
    "code": str,
    "kind": str,
    "code_set": str,
    "names": list,
    "unit": str,
    "fresh_days": int,
    "derived": str,
    "core": bool,
    "standard": str,
    "help": str,
    "validator": str,
    "low": (int, float),
    "high": (int, float),
}
_TAG_SHARED = {"path": list, "subject": str, "owner": str, "level": str, "purpose": str, "source": str}
_TAG = dict.fromkeys(("code", "name", "meaning", "rule", "level", "owner", "purpose", "source"), str) | {
    "names": list,
    "days": int,
}
_RHYTHM = {"code": str, "name": str, "rule": str, "days": int, "jurisdiction": str, "source": str}
_LEDGER = {
    "code": str, "name": str, "group": str, "source": str, "rule": str, "period": str, "due": str, "audited": bool,
    "sort": list, "unit": str, "note": str, "columns": list, "rows": list,
}  # fmt: skip
AREA_DIGITS = {"province": 2, "city": 4, "district": 6, "street": 9, "committee": 12}
PERIODS = ("current", "month", "quarter", "year")
STATISTIC = "statistic"
ROW = "row:"
_COLUMN = re.compile(r"(?P<path>.+?) = (?P<value>.*?)(?: ~(?P<width>\d+))?\Z", re.S)
_FIGURE = re.compile(
    r"(?P<measure>rule|share|sum)(?:\.(?P<subject>[a-z]+))?(?:\.(?P<item>[a-z0-9_]+))?:(?P<rule>.*)\Z", re.S
)


class SeedError(DeclarationError):
    """A file of the seeds does not hold what it should; the text names the file and the entry."""


class AreaSeed(NamedTuple):
    """One area of the shipped list. ``parent`` is "" for the top; ``form`` tells a street's or committee's nature:

    subdistrict · town · township · other for streets, residents · village · virtual for committees, else "".
    """

    code: str
    name: str
    kind: str
    parent: str
    form: str

    @property
    def short(self) -> str:
        """The name as people say it: 公交新村 for 公交新村居委会. Repeats more often than names do."""
        return re.sub(r"(?<=.)(居委会|村委会)\Z", "", self.name)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a statistic: how many subjects fulfil ``rule``, the sum of their ``item``, or their share in percent.

    ``measure``: rule (a count), sum, share. An empty ``rule`` holds for all. ``of``: the whole of a share. In a table
    with rows, the row's rule is added to ``rule`` and never to ``of``.
    """

    measure: str
    subject: Subject
    rule: str
    item: str = ""
    of: str = ""


def load_code_sets(root: Path) -> list[CodeSet]:
    """All code sets of ``codesets/``. Raises SeedError."""
    return _once((_code_set(entry, where), where) for entry, where in _entries(root, "codesets", "set"))


def load_items(root: Path) -> list[Item]:
    """All items of ``items/``, in the order of the files' names and lines. Raises SeedError."""
    found: list[tuple[Item, str]] = []
    for path, file in _files(root, "items", {"subject", "group"}):
        subject = _choice(Subject, _one(file, "subject", str, path), path)
        for group, where in _listed(file, "group", path):
            shared = _checked(group, {**_SHARED, "items": list}, where)
            found += [(_item(entry, at, subject, shared), at) for entry, at in _listed(shared, "items", where)]
    return _once(found)


def load_departments(root: Path) -> list[Department]:
    """The lines of work of ``departments.toml``. Raises SeedError."""
    return _once(
        (_made(Department, where, **dict(zip(("code", "name"), _row(row, "code name", where), strict=True))), where)
        for row, where in _rows(root, "departments")
    )


def load_sources(root: Path) -> list[Source]:
    """The sources of ``sources.toml``. Raises SeedError."""
    found: list[tuple[Source, str]] = []
    for row, where in _rows(root, "sources"):
        if not (len(row) == 4 and isinstance(row[2], int) and not isinstance(row[2], bool)):
            raise SeedError(f"{where}: expected [code, name, rank, department]")
        code, name, department = _row([row[0], row[1], row[3]], "code name department", where)
        found.append((_made(Source, where, code=code, name=name, rank=row[2], department=department), where))
    return _once(found)


def load_tags(root: Path) -> list[Tag]:
    """The tag dictionary of ``tags/``. Raises SeedError."""
    found: list[tuple[Tag, str]] = []
    for group, where in _entries(root, "tags", "group"):
        shared = _checked(group, {**_TAG_SHARED, "tags": list}, where)
        found += [(_tag(entry, place, shared), place) for entry, place in _listed(shared, "tags", where)]
    return _once(found)


def load_rhythms(root: Path) -> list[Rhythm]:
    """How often whom a committee visits, of ``rhythms.toml``. Raises SeedError."""
    path = root / "rhythms.toml"
    listed = _listed(_parsed(path, {"rhythm"}), "rhythm", path)
    return _once((_made(Rhythm, where, **_checked(entry, _RHYTHM, where)), where) for entry, where in listed)


def load_ledgers(root: Path) -> list[Ledger]:
    """The ledgers of ``ledgers/``. A statistic has its rows behind its columns (see ``rows_of``). Raises SeedError."""
    return _once((_ledger(entry, where), where) for entry, where in _entries(root, "ledgers", "ledger"))


def iter_areas(root: Path) -> Iterator[AreaSeed]:
    """The areas of ``areas/*.csv``, parents before children. Raises SeedError at the first line that does not fit."""
    for path in sorted((root / "areas").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            if next(reader, None) != list(AreaSeed._fields):
                raise SeedError(f"{path}: the first line should be {','.join(AreaSeed._fields)}")
            known = {""}
            for row in reader:
                digits = AREA_DIGITS.get(row[2]) if len(row) == 5 and row[1] and row[0].isdecimal() else None
                if (
                    not digits
                    or digits != len(row[0])
                    or row[3] not in known
                    or not row[0].startswith(row[3])
                    or row[0] in known
                ):
                    raise SeedError(f"{path}, line {reader.line_num}: {','.join(row)!r} is no area below a known one")
                known.add(row[0])
                yield AreaSeed(*row)


def figure_of(value: str) -> Figure | None:
    """The figure that a statistic's column means; None for another cell (``row_name``, ``entry.deaths``).

    ``rule:年龄 >= 60`` counts persons, ``rule.household:`` all households, ``sum.dwelling.floor_area:`` adds up, and
    ``share:年龄 >= 60 / 居住在本居委 = 是`` divides. Raises SeedError for a value that only looks like one of these.
    """
    found = _FIGURE.match(value)
    if not found:
        return None
    measure, item = found["measure"], found["item"] or ""
    if (measure == "sum") != bool(item):
        raise SeedError(f"figure {value!r}: only a sum names an item, and must (sum.dwelling.floor_area:)")
    rule, slash, whole = found["rule"].partition(" / ") if measure == "share" else (found["rule"], "", "")
    if measure == "share" and not slash:
        raise SeedError(f"figure {value!r}: a share is written share:part / whole")
    return Figure(measure, _choice(Subject, found["subject"] or "person", value), rule.strip(), item, whole.strip())


def rows_of(ledger: Ledger) -> list[tuple[str, str]]:
    """The rows of a statistic as (name, rule); an empty rule holds for all. No rows: one row of figures."""
    return [(c.name, c.value.removeprefix(ROW)) for c in ledger.columns if c.value.startswith(ROW)]


def _once(made: Iterable[tuple[T, str]]) -> list[T]:
    """The declarations, after no code was found to stand twice (of items: twice for a subject)."""
    found: dict[tuple[Any, str], T] = {}
    for entry, where in made:
        key = (getattr(entry, "subject", "") if isinstance(entry, Item) else "", getattr(entry, "code", ""))
        if key in found:
            raise SeedError(f"{where}: the code {key[1]!r} stands twice")
        found[key] = entry
    return list(found.values())


def _files(root: Path, folder: str, keys: set[str]) -> Iterator[tuple[Path, Table]]:
    found = sorted((root / folder).glob("*.toml"))
    if not found:
        raise SeedError(f"{root / folder}: no .toml file there")
    for path in found:
        yield path, _parsed(path, keys)


def _parsed(path: Path, keys: set[str]) -> Table:
    try:
        file = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as why:
        raise SeedError(f"{path}: {why}") from why
    if unknown := set(file) - keys:
        raise SeedError(f"{path}: unknown {sorted(unknown)}; only {', '.join(sorted(keys))} stands here")
    return file


def _entries(root: Path, folder: str, key: str) -> Iterator[tuple[Table, str]]:
    for path, file in _files(root, folder, {key}):
        yield from _listed(file, key, path)


def _listed(table: Table, key: str, where: object) -> Iterator[tuple[Table, str]]:
    """The tables of a list, each with its place: the file, then the entries down to it."""
    listed = table.get(key, [])
    if not isinstance(listed, list):
        raise SeedError(f"{where}: {key} should be a list of tables")
    for number, entry in enumerate(listed, 1):
        if not isinstance(entry, dict):
            raise SeedError(f"{where}: {key} {number} should be a table")
        path = entry.get("path")
        said = (
            entry.get("code") or entry.get("name") or ("/".join(map(str, path)) if isinstance(path, list) else number)
        )
        yield entry, f"{where}: {key.removesuffix('s')} {said}"


def _rows(root: Path, name: str) -> Iterator[tuple[list[Any], str]]:
    path = root / f"{name}.toml"
    for number, row in enumerate(_one(_parsed(path, {name}), name, list, path), 1):
        yield row if isinstance(row, list) else [row], f"{path}: entry {number}"


def _row(row: list[Any], expected: str, where: str) -> list[str]:
    if len(row) != len(expected.split()) or not all(isinstance(cell, str) for cell in row):
        raise SeedError(f"{where}: expected texts for {expected}")
    return row


def _one(table: Table, key: str, kind: type, where: object) -> Any:
    value = table.get(key)
    if not isinstance(value, kind):
        raise SeedError(f"{where}: {key!r} is missing or no {kind.__name__}")
    return value


def _checked(entry: Table, allowed: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The entry, after every key was found to be known and of its type. Lists of names hold texts."""
    for key, value in entry.items():
        if key not in allowed:
            raise SeedError(f"{where}: unknown {key!r}; known are {', '.join(allowed)}")
        is_truth = isinstance(value, bool)
        if not isinstance(value, allowed[key]) or is_truth != (allowed[key] is bool):
            raise SeedError(f"{where}: {key} = {value!r} is of the wrong type")
        if key in ("names", "path", "sort", "columns", "rows") and not all(isinstance(v, str) for v in value):
            raise SeedError(f"{where}: {key} should hold texts only")
    return dict(entry)


def _choice(options: Any, written: str, where: object) -> Any:
    try:
        return options(written)
    except ValueError:
        names = ", ".join(o.value for o in options)
        raise SeedError(f"{where}: {written!r} is none of {names}") from None


def _level(written: str, where: str) -> Level:
    if written.upper() not in Level.__members__:
        raise SeedError(f"{where}: level {written!r} is none of {', '.join(Level.__members__).lower()}")
    return Level[written.upper()]


def _made(build: Any, where: str, **values: Any) -> Any:
    """A declaration; what it refuses, or lacks, is told with the place."""
    try:
        return build(**values)
    except (DeclarationError, TypeError) as why:
        raise SeedError(f"{where}: {why}") from why


def _code_set(entry: Table, where: str) -> CodeSet:
    fields = _checked(entry, {"code": str, "name": str, "standard": str, "codes": list, "note": str}, where)
    fields.pop("note", None)
    codes = []
    for row in fields.pop("codes", []):
        if not (isinstance(row, list) and len(row) >= 2 and all(isinstance(cell, str) for cell in row)):
            raise SeedError(f"{where}: {row!r} should be [code, name, other wordings …]")
        if not (row[0].strip() and row[1].strip()):
            raise SeedError(f"{where}: {row!r} has no code or no name")
        codes.append(Code(row[0], row[1], tuple(row[2:])))
    if not codes:
        raise SeedError(f"{where}: a code set needs codes")
    made: CodeSet = _made(CodeSet, where, **fields, codes=tuple(codes))
    return made


def _item(entry: Table, where: str, subject: Subject, group: Table) -> Item:
    shared = {key: group[key] for key in ("owner", "level", "purpose", "basis") if key in group}
    fields = {**shared, "level": "", **shared, **_checked(entry, _ITEM, where)}
    fields["kind"] = _choice(Kind, fields.get("kind", ""), where)
    fields["level"] = _level(fields["level"], where)
    fields["names"] = tuple(fields.get("names", ()))
    if (validator := fields.get("validator", "")) and validator not in {*VALIDATORS, *BOUNDS}:
        raise SeedError(f"{where}: validator {validator!r} is none of {', '.join([*VALIDATORS, *BOUNDS])}")
    made: Item = _made(Item, where, subject=subject, group=group.get("name", ""), **fields)
    return made


def _tag(entry: Table, where: str, group: Table) -> Tag:
    fields = {**{k: v for k, v in group.items() if k != "tags"}, **_checked(entry, _TAG, where)}
    if len(fields.get("path", ())) != 3:
        raise SeedError(f"{where}: a path has three steps, the tag itself is the fourth")
    if ("rule" in fields) == ("days" in fields):
        raise SeedError(f"{where}: a tag has either a rule or, set by hand, the days after which it ends")
    fields["path"] = tuple(fields["path"])
    fields["subject"] = _choice(Subject, fields.get("subject", ""), where)
    fields["level"] = _level(fields.get("level", ""), where)
    fields["names"] = tuple(fields.get("names", ()))
    fields["expires_days"] = fields.pop("days", None)
    made: Tag = _made(Tag, where, **fields)
    return made


def _ledger(entry: Table, where: str) -> Ledger:
    fields = _checked(entry, _LEDGER, where)
    columns = [_column(text, where) for text in fields.pop("columns", [])]
    rows = [_column(text, where) for text in fields.pop("rows", [])]
    statistic = fields.get("source") == STATISTIC
    if not columns or not all(column.value for column in columns):
        raise SeedError(f"{where}: a ledger needs columns, each with a value")
    if empty := [key for key in ("name", "group", "source") if not fields.get(key, "").strip()]:
        raise SeedError(f"{where}: {', '.join(empty)} must be stated")
    if fields.get("period", "current") not in PERIODS:
        raise SeedError(f"{where}: period {fields['period']!r} is none of {', '.join(PERIODS)}")
    try:
        figures = [figure for c in columns if (figure := figure_of(c.value))]
    except SeedError as why:
        raise SeedError(f"{where}: {why}") from why
    if statistic:
        _check_statistic(columns, rows, figures, where)
    elif rows or figures:
        raise SeedError(f"{where}: only a statistic has figures and rows")
    fields["columns"] = (*columns, *(Column(r.name, ROW + r.value, r.head) for r in rows))
    fields["sort"] = tuple(fields.get("sort", ()))
    made: Ledger = _made(Ledger, where, **fields)
    return made


def _column(text: str, where: str) -> Column:
    """``上层表头 > 表头 = 取值 ~宽``; the upper heads and the width may be absent."""
    found = _COLUMN.match(text)
    if not found:
        raise SeedError(f"{where}: column {text!r} is not written 表头 = 取值")
    *head, name = found["path"].split(" > ")
    if not all(part.strip() for part in (*head, name)):
        raise SeedError(f"{where}: column {text!r} has a head without words")
    return Column(name, found["value"].strip(), tuple(head), int(found["width"] or 0))


def _check_statistic(columns: list[Column], rows: list[Column], figures: list[Figure], where: str) -> None:
    if not figures:
        raise SeedError(f"{where}: a statistic needs figures (rule:, sum.…:, share:)")
    if rows and len({figure.subject for figure in figures}) > 1:
        raise SeedError(f"{where}: the figures of a table with rows count one kind of subject")
    if bool(rows) != any(c.value == "row_name" for c in columns):
        raise SeedError(f"{where}: rows and a column row_name go together")

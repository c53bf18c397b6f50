"""What an importer must say about a made roster: which rows do what, which cells are refused and why."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

REASONS = {
    "check_digit": "身份证号校验码不对",
    "lost_digits": "身份证号被存成数字，末几位已丢失",
    "length": "身份证号位数不对",
    "identity_date": "身份证号里的出生日期不存在",
    "ambiguous": "没有证件号，同名的不止一人，无法确定是谁",
    "birth_date": "出生日期不存在",
    "unknown_word": "不是选项里的词",
    "phone": "电话号码位数不对",
    "visit_date": "走访日期不存在或在今天之后",
    "visit_mode": "不认识的走访方式",
    "unknown_person": "名册里没有这个人",
}
"""Codes of reasons, and what they say. The wording of an importer is its own; the code tells what must be meant."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that must be refused. ``row`` counts from 1, ``column`` is a letter; ``scope``: row or cell."""

    sheet: str
    row: int
    column: str
    header: str
    value: str
    reason: str
    scope: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a data row must do: created, updated, unchanged, conflicts or refused. ``changes``: item → (old, new)."""

    sheet: str
    row: int
    name: str
    outcome: str
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """Everything that must come out of one roster when it is imported into the world it was made from."""

    file: str
    style: str
    area: str
    outcomes: tuple[Outcome, ...]
    refusals: tuple[Refusal, ...]
    phones_in_remarks: tuple[tuple[str, int, str], ...] = ()
    """(sheet, row, phone) where a phone stands only in the remark."""

    def count(self, outcome: str) -> int:
        """How many rows have this outcome."""
        return sum(o.outcome == outcome for o in self.outcomes)

    @property
    def counts(self) -> dict[str, int]:
        """Rows and the five outcomes; the five sum up to the rows."""
        names = ("created", "updated", "unchanged", "conflicts", "refused")
        return {"rows": len(self.outcomes)} | {name: self.count(name) for name in names}

    def as_dict(self) -> dict[str, Any]:
        """For JSON: counts beside the lists, each refusal with its reason in words."""
        refusals = [asdict(r) | {"why": REASONS[r.reason]} for r in self.refusals]
        return (
            {"file": self.file, "style": self.style, "area": self.area}
            | self.counts
            | {"refusals": refusals, "outcomes": [asdict(o) for o in self.outcomes]}
            | {"phones_in_remarks": [list(entry) for entry in self.phones_in_remarks]}
        )

    def write_beside(self, path: Path) -> Path:
        """Write ``<file>.expected.json`` beside the roster; returns its path."""
        target = path.with_name(path.name + ".expected.json")
        target.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return target


def letter(column: int) -> str:
    """Excel's name of a column, counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def ordered(refusals: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """By sheet as they stand in the file, row and column."""
    return tuple(sorted(refusals, key=lambda r: (r.sheet, r.row, r.column)))

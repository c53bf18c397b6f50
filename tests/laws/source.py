"""The house's own source as the laws read it: files, syntax trees, apps. Planted trees can be read in its place."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "linyun"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LAYERS = ("kernel", "foundation", "hub", "work", "community", "front", "site")
"""From below to above."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file. ``name`` is its path from the root, with slashes."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text, self.name)

    @property
    def lines(self) -> int:
        """How many lines it has, blank ones and comments included."""
        return len(self.text.splitlines())

    @property
    def is_test(self) -> bool:
        """Whether it belongs to the tests."""
        return self.name.startswith("tests/") or "/tests/" in self.name or self.name == "conftest.py"

    @property
    def is_migration(self) -> bool:
        """Whether Django generated or replays it."""
        return "/migrations/" in self.name

    @property
    def app(self) -> str:
        """The app it stands in, as ``hub/records``; "" outside of apps."""
        parts = self.name.split("/")
        return "/".join(parts[1:3]) if parts[0] == "linyun" and len(parts) > 3 else ""

    def functions(self) -> Iterator[Function]:
        """All functions and methods, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def calls(self) -> Iterator[ast.Call]:
        """All calls."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node


def layer_of(app: str) -> int:
    """How high an app (``hub/records``) stands."""
    return LAYERS.index(app.split("/")[0])


def dotted(node: ast.expr) -> str:
    """``models.ForeignKey`` for such an expression, "" for others."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


@lru_cache
def everything() -> tuple[Source, ...]:
    """All Python files of the repository that are ours: the package, the tests, the bench."""
    found = [ROOT / "conftest.py"]
    for top in ("linyun", "tests", "bench"):
        found += sorted((ROOT / top).rglob("*.py"))
    return tuple(Source(p.relative_to(ROOT).as_posix(), p.read_text()) for p in found if "__pycache__" not in p.parts)


def code() -> list[Source]:
    """The product: without tests and migrations."""
    return [s for s in everything() if s.name.startswith("linyun/") and not s.is_test and not s.is_migration]


def proofs() -> list[Source]:
    """The tests, with their bench."""
    return [s for s in everything() if s.is_test]


OUTSIDE = frozenset({"node_modules", "out", "__pycache__", "linyun.egg-info"})


@lru_cache
def files() -> tuple[Path, ...]:
    """Every file of the repository, without what is made, installed or kept by tools (folders beginning with a dot)."""
    found: list[Path] = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = sorted(f for f in inside if f not in OUTSIDE and (not f.startswith(".") or f == ".ci"))
        found += (Path(folder, name) for name in sorted(names))
    return tuple(found)


@lru_cache
def templates() -> tuple[Path, ...]:
    """All page templates."""
    return tuple(sorted(PACKAGE.glob("*/*/templates/**/*.html")))

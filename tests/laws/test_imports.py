"""Imports go down, never up: the contracts of .importlinter, and what they cannot see."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from configparser import ConfigParser

import pytest
from importlinter.cli import lint_imports

from tests.laws.source import LAYERS, PACKAGE, ROOT, Source, code, dotted, everything

MOST_INSIDE_FUNCTIONS = 0.01
"""Imports of our own code inside functions hide the direction and appear only when the line runs."""


def test_contracts_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    verdict = lint_imports(str(ROOT / ".importlinter"), no_cache=True, no_logo=True)
    assert verdict == 0, capsys.readouterr().out


def test_contracts_have_no_exceptions() -> None:
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    assert len(contracts.sections()) > 5
    ignoring = [s for s in contracts.sections() for key in contracts[s] if "ignore" in key or key == "skip_descendants"]
    assert ignoring == []


def test_an_upward_import_breaks_the_contracts(tmp_path: object) -> None:
    """The guard is on guard: a room of the hub that looks up to the desk is found."""
    assert isinstance(tmp_path, type(ROOT))
    house = tmp_path / "linyun"
    for layer in LAYERS:
        (house / layer).mkdir(parents=True)
        (house / layer / "__init__.py").write_text("")
    for room in ("foundation/accounts", "foundation/acts", "foundation/areas", "foundation/leaving", "foundation/ui",
                 "hub/exchange", "hub/ledgers", "hub/scan", "hub/tags", "hub/records", "front/desk"):  # fmt: skip
        (house / room).mkdir()
        (house / room / "__init__.py").write_text("")
    (house / "__init__.py").write_text("")
    (tmp_path / ".importlinter").write_text((ROOT / ".importlinter").read_text())

    def verdict() -> str:
        run = [sys.executable, "-c", "from importlinter.cli import lint_imports; lint_imports(no_cache=True)"]
        return subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    assert "0 broken" in verdict()
    (house / "hub/records/services.py").write_text("import linyun.front.desk\n")
    assert (
        "linyun.hub.records.services is not allowed to import" in " ".join(verdict().split()) or "BROKEN" in verdict()
    )


def ours(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import is of our own code."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
    return any(name.split(".")[0] == "linyun" for name in names)


def inside_functions(source: Source) -> Iterator[int]:
    """Lines on which our own code is imported inside a function."""
    for function in source.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and ours(node):
                yield node.lineno


def test_imports_stand_at_the_top() -> None:
    hidden = [f"{s.name}:{line}" for s in code() for line in inside_functions(s)]
    every = sum(ours(n) for s in code() for n in ast.walk(s.tree) if isinstance(n, ast.Import | ast.ImportFrom))
    assert len(hidden) < every * MOST_INSIDE_FUNCTIONS, "\n".join(hidden)


def test_relative_imports_are_not_used() -> None:
    relative = [f"{s.name}:{n.lineno}" for s in everything() for n in ast.walk(s.tree)
                if isinstance(n, ast.ImportFrom) and n.level > 0]  # fmt: skip
    assert relative == []


KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def keys_by_name(source: Source) -> Iterator[str]:
    """Foreign keys that name another app's table in a string: the import that nobody sees."""
    for call in source.calls():
        if dotted(call.func).split(".")[-1] in KEYS:
            for value in (*call.args[:1], *(k.value for k in call.keywords if k.arg in ("to", "through"))):
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value:
                    yield f"{source.name}:{call.lineno} {value.value}"


LOOKUPS = ("apps.get_model", "get_model", "apps.get_app_config", "ContentType.objects.get_by_natural_key")
SIGNALS = ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init")


def side_doors(source: Source) -> Iterator[str]:
    """Model look-ups by name and model signals: business that happens where nobody called it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in LOOKUPS:
            yield f"{source.name}:{node.lineno} {dotted(node.func)}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models.signals"):
            yield f"{source.name}:{node.lineno} model signals"
        if isinstance(node, ast.Attribute) and node.attr in SIGNALS:
            yield f"{source.name}:{node.lineno} {node.attr}"


def found(sources: Iterable[Source], law: object) -> list[str]:
    """What a law finds."""
    assert callable(law)
    return [line for source in sources for line in law(source)]


def test_keys_and_lookups_go_through_imports() -> None:
    assert found(code(), keys_by_name) == []
    assert found(code(), side_doors) == []


def test_the_laws_on_names_find_what_is_planted() -> None:
    planted = Source(
        "linyun/hub/records/models.py",
        "from django.db.models.signals import post_save\n"
        "a = models.ForeignKey('desk.Page', on_delete=models.CASCADE)\n"
        "b = apps.get_model('desk', 'Page')\n"
        "def f():\n    from linyun.front import desk\n",
    )
    assert found([planted], keys_by_name) == ["linyun/hub/records/models.py:2 desk.Page"]
    assert [line.split(" ", 1)[1] for line in found([planted], side_doors)] == ["model signals", "apps.get_model"]
    assert list(inside_functions(planted)) == [5]


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without __init__.py is invisible to the contracts."""
    folders = {p.parent for p in PACKAGE.rglob("*.py") if "__pycache__" not in p.parts}
    assert [str(f.relative_to(ROOT)) for f in sorted(folders) if not (f / "__init__.py").exists()] == []

"""Words that do not occur in the house, and things that do not stand in its files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.laws.source import ROOT, Source, everything, files

HERE = Path(__file__).name

TEXT = {".py", ".html", ".css", ".js", ".toml", ".md", ".txt", ".in", ".sh", ".cfg", ".ini", ".yml", ".yaml", ".json",
        ".csv", ".sql", ".lark", ".svg", ".service", ".conf", ".po", ""}  # fmt: skip
FOREIGN = {
    "a registry's address": r"\bpypi\.org|pythonhosted\.org|registry\.npm|npmmirror|npmjs\.(?:com|org)|\btuna\.",
    "a path of one machine": r"(?<![\w.])/(?:work/(?:main|shared|\.)|home/\w+/)|/tmp/brief|\.pyenv",
    "a tool of one workplace": r"\b(?:anthropic|claude|copilot|chatgpt)\b",
    "an open task": r"\b(?:TODO|FIXME|XXX|HACK)\b",
}
"""What would tie the repository to where it was written, or was left for later."""


def texts() -> Iterator[tuple[str, str]]:
    """Every text file that is part of the repository, but this one."""
    for path in files():
        if path.suffix in TEXT and path.name != HERE and path.stat().st_size < 3_000_000:
            yield path.relative_to(ROOT).as_posix(), path.read_text(errors="replace")


def foreign(name: str, text: str) -> Iterator[str]:
    """Lines that say what must not be said."""
    for what, pattern in FOREIGN.items():
        for match in re.finditer(pattern, text, re.IGNORECASE if what == "a tool of one workplace" else 0):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1} {what}: {match[0]}"


def test_nothing_foreign_in_any_file() -> None:
    said = [line for name, text in texts() for line in foreign(name, text)]
    assert said == []


def test_foreign_things_are_found() -> None:
    # Put together from pieces: whoever searches the files for such things shall not find this one.
    path, host = "/".join(("", "work", "main", "x")), ".".join(("pypi", "org"))
    for planted in (f"see {path}", f"see {path.removesuffix('/x')}", f"https://{host}/simple", "# " + "TODO later"):
        assert len(list(foreign("x", planted))) == 1, planted
    assert list(foreign("x", "the homework/main of a fieldwork/thing; /home is a page, at work / at home")) == []


def test_the_word_does_not_exist() -> None:
    """A helper lives with its noun: a folder of leftovers imports the whole house after a year."""
    parts = {part for p in files() for part in p.relative_to(ROOT).parts}
    assert [p for p in sorted(parts) if re.fullmatch(r"(.*_)?(utils?|helpers?|misc|common)(\.\w+)?", p)] == []


SKIPS = {"skip", "skipif", "xfail", "importorskip", "skipUnless", "skipIf", "expectedFailure"}
DECLARED = ("pytest.mark.inputs", "def inputs(")
"""The one reason to leave a test out: real files of committees, which are not ours to give away, are not at hand."""


def skips(source: Source) -> Iterator[str]:
    """Where a test is, or could be, left out for an undeclared reason."""
    for node in ast.walk(source.tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        declared = name == "skip" and any(mark in source.text for mark in DECLARED)
        if isinstance(node, ast.expr) and name in SKIPS and not declared:
            yield f"{source.name}:{node.lineno} {name}"


def test_no_test_is_left_out() -> None:
    assert sorted({line for s in everything() if s.is_test for line in skips(s)}) == []


def test_a_left_out_test_is_found() -> None:
    mark, call = "skip", "xfail"
    text = f"import pytest\n@pytest.mark.{mark}\ndef test_x():\n    pytest.{call}('x')\n"
    planted = Source("linyun/hub/x/tests/test_x.py", text)
    assert sorted(set(skips(planted))) == [
        "linyun/hub/x/tests/test_x.py:2 skip",
        "linyun/hub/x/tests/test_x.py:4 xfail",
    ]

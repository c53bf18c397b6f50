"""Small files, small functions, small templates, many tests."""

from collections.abc import Iterator

from tests.laws.source import ROOT, Source, code, everything, proofs, templates

FILE_WARN, FILE_FAIL = 400, 500
FUNCTION_WARN, FUNCTION_FAIL = 40, 60
TEMPLATE_FAIL = 120
SETTINGS_FAIL = 300
BEYOND_THE_WARNING = 0.02
TESTS_PER_LINE = 1.3
"""The budget of the house."""


def long_functions(source: Source, limit: int) -> Iterator[str]:
    """Functions of more than ``limit`` lines, from ``def`` to the end, decorators apart."""
    for function in source.functions():
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > limit:
            yield f"{source.name}:{function.lineno} {function.name} has {length} lines"


def long_files(limit: int) -> list[str]:
    """Files of more than ``limit`` lines; migrations are written by Django."""
    return [f"{s.name} has {s.lines} lines" for s in everything() if not s.is_migration and s.lines > limit]


def test_files() -> None:
    assert long_files(FILE_FAIL) == []
    beyond = long_files(FILE_WARN)
    assert len(beyond) <= len(everything()) * BEYOND_THE_WARNING, "\n".join(beyond)


def test_functions() -> None:
    every = [s for s in everything() if not s.is_migration]
    assert [line for s in every for line in long_functions(s, FUNCTION_FAIL)] == []
    beyond = [line for s in every for line in long_functions(s, FUNCTION_WARN)]
    assert len(beyond) <= sum(1 for s in every for _ in s.functions()) * BEYOND_THE_WARNING, "\n".join(beyond)


def test_a_long_function_is_found() -> None:
    planted = Source("linyun/x.py", "def f():\n" + "    a = 1\n" * 60)
    assert list(long_functions(planted, FUNCTION_FAIL)) == ["linyun/x.py:1 f has 61 lines"]
    assert list(long_functions(Source("linyun/x.py", "def f():\n" + "    a = 1\n" * 59), FUNCTION_FAIL)) == []


def test_templates() -> None:
    lengths = {t: len(t.read_text().splitlines()) for t in templates()}
    assert [f"{t.relative_to(ROOT)} has {n} lines" for t, n in lengths.items() if n > TEMPLATE_FAIL] == []


def test_one_settings_file() -> None:
    settings = [s for s in code() if s.name.endswith("settings.py")]
    assert [s.name for s in settings] == ["linyun/site/settings.py"]
    assert settings[0].lines < SETTINGS_FAIL


def test_there_are_enough_tests() -> None:
    product = sum(s.lines for s in code())
    proof = sum(s.lines for s in proofs())
    assert proof >= product * TESTS_PER_LINE, (
        f"{proof} lines of tests for {product} lines of code: {proof / product:.2f}"
    )


def test_every_app_has_tests() -> None:
    """A Django app or a room of the kernel; what stands in linyun/site is tested in linyun/site/tests or beside it."""
    rooms = {s.app for s in code() if s.name.endswith("/apps.py") or (s.app.startswith("kernel/") and s.lines > 10)}
    tested = {s.app for s in proofs() if s.name.split("/")[-1].startswith("test_")}
    assert rooms - tested == set()

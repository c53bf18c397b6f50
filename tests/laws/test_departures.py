"""Files leave by one gate: whoever answers with a file elsewhere is named here, with why no list of residents is in it."""

import ast
from collections.abc import Iterator

import pytest
from django.utils.module_loading import import_string

from linyun.kernel.catalogue import catalogue
from tests.laws.source import Source, code, dotted

ANSWERS = "linyun/foundation/ui/answer.py"
WORK = "linyun/work"
HANDS_OUT = {"download", "FileResponse", "StreamingHttpResponse", "disposition"}
WITHOUT_RESIDENTS = {
    ("linyun/foundation/leaving/gate.py", "let_out"): "the gate",
    ("linyun/foundation/leaving/pages.py", "take"): "the file of an agreed departure",
    (f"{WORK}/visits/pages.py", "photo"): "one photo, each look recorded",
    ("linyun/foundation/accounts/people_pages.py", "export"): "accounts of staff",
    ("linyun/foundation/accounts/people_pages.py", "many"): "accounts of staff, and the empty sample",
}


def hands_out(node: ast.AST) -> bool:
    """Whether a piece of syntax answers with a file, or writes the header that makes one of an answer."""
    if isinstance(node, ast.Constant):
        return node.value == "Content-Disposition"
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func).split(".")[-1]
    typed = [k.value for k in node.keywords if k.arg == "content_type"]
    plain = any(isinstance(value, ast.Constant) and value.value == "text/plain" for value in typed)
    return name in HANDS_OUT or (name == "HttpResponse" and bool(typed) and not plain)


def files_handed_out(source: Source) -> Iterator[tuple[str, str]]:
    """(file, function) of each place that hands out a file; the function is "" outside of any."""
    inside = {id(node): function.name for function in source.functions() for node in ast.walk(function)}
    for node in ast.walk(source.tree):
        if hands_out(node):
            yield source.name, inside.get(id(node), "")


def test_files_are_handed_out_by_the_gate_alone() -> None:
    found = {place for source in code() if source.name != ANSWERS for place in files_handed_out(source)}
    assert found == WITHOUT_RESIDENTS.keys(), "declare an Export and answer with leaving.gate.let_out"


@pytest.mark.parametrize(
    "line",
    [
        'return download("居民.csv", rows, CSV)',
        'return answer.download("居民.csv", rows, CSV)',
        'return HttpResponse(rows, content_type="text/csv")',
        "return StreamingHttpResponse(rows)",
        'response["Content-Disposition"] = "attachment"',
    ],
)
def test_a_route_past_the_gate_is_found(line: str) -> None:
    planted = Source("linyun/front/desk/lists.py", f"def quick(request):\n    {line}\n")
    assert set(files_handed_out(planted)) == {("linyun/front/desk/lists.py", "quick")}


def test_a_route_without_a_function_is_found() -> None:
    planted = Source("linyun/x.py", 'quick = {"all": lambda rows: download("居民.csv", rows, CSV)}\n')
    assert list(files_handed_out(planted)) == [("linyun/x.py", "")]


def test_what_is_no_file_is_not_found() -> None:
    planted = Source("linyun/x.py", 'def f(request):\n    return HttpResponse("ok", content_type="text/plain")\n')
    assert list(files_handed_out(planted)) == []


def test_every_declared_export_can_be_made() -> None:
    for export in catalogue.exports.values():
        assert callable(import_string(export.make)), export.code


def let_out_kinds() -> set[str]:
    """The kinds with which pages call the gate, constants of the module looked up."""
    found = set()
    for source in code():
        for call in source.calls():
            if dotted(call.func).split(".")[-1] in ("let_out", "leave") and len(call.args) > 1:
                kind = call.args[1] if dotted(call.func).endswith("let_out") else call.args[0]
                if isinstance(kind, ast.Constant):
                    found.add(str(kind.value))
    return found


def test_no_page_asks_for_an_export_that_nobody_declares() -> None:
    assert let_out_kinds() <= catalogue.exports.keys()
    assert {"people", "visits"} <= let_out_kinds()

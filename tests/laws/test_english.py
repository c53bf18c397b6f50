"""English is complete: all that the source says has a translation, nothing is left over, and what is read is what is kept.

After a change of a Chinese sentence: ``deploy/words``, then write the English in linyun/locale.
"""

import ast
import gettext
import re
from collections.abc import Iterator

import pytest

from tests import translation
from tests.laws.source import CHINESE, Source, code, dotted

PLACES = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+[^}]*\}")
QUOTED = {"邻云"}
"""Chinese that an English sentence may hold as it is: names of columns and words of the rule language in examples."""
EXAMPLES = re.compile(r"例如|^如：|，如|年龄 |公交新村|12号302|日期、被访者|姓名、用户名|“8月”|沪A|“[一-龥]+”")


@pytest.fixture(scope="module")
def words() -> translation.Catalog:
    return translation.catalogue()


@pytest.fixture(scope="module")
def found() -> translation.Found:
    return translation.collect()


def lines(words: translation.Catalog) -> Iterator[tuple[str, str]]:
    """Each msgid with each form of its translation."""
    for message in words:
        if message.id:
            for form in translation.listed(message.string):
                yield translation.key_of(message.id), form


def test_the_words_are_those_of_the_source(words: translation.Catalog, found: translation.Found) -> None:
    """Fails for a new sentence, for one no longer said, and for one that is said with a number now."""
    assert translation.written(words) == translation.written(translation.merged(found, words)), "run deploy/words"


def test_all_is_translated_and_nothing_guessed(words: translation.Catalog) -> None:
    assert [msgid for msgid, english in lines(words) if not english.strip()] == []
    assert [m.id for m in words if m.id and m.fuzzy] == []
    assert not words.obsolete


def astray(msgid: str, english: str) -> bool:
    """Whether a translation names other places than the sentence: it would fail, or lose a value, when it is said."""
    return sorted(set(PLACES.findall(msgid))) != sorted(set(PLACES.findall(english)))


def test_placeholders_agree(words: translation.Catalog) -> None:
    assert [msgid for msgid, english in lines(words) if astray(msgid, english)] == []


def test_a_lost_placeholder_is_found() -> None:
    assert (
        astray("共 %(n)s 人", "people") and astray("{name}不在", "{nam} is out") and astray("第 %(n)d 行", "row %(n)s")
    )
    assert not astray("{n} 人中的 {m} 人", "{m} of {n} people")


def test_english_is_english(words: translation.Catalog) -> None:
    spoken = [(m, e) for m, e in lines(words) if CHINESE.search(e.replace("邻云", "")) and not EXAMPLES.search(m)]
    assert spoken == []


def test_what_is_read_is_what_was_compiled_from_the_words(words: translation.Catalog) -> None:
    with translation.MO.open("rb") as file:
        read = gettext.GNUTranslations(file)
    for message in words:
        if message.id and isinstance(message.id, str) and not message.context:
            assert read.gettext(message.id) == message.string
        elif message.id and message.context == "menu":
            assert read.pgettext("menu", str(message.id)) == message.string
        elif message.id and message.context:
            said = [read.npgettext(message.context, *message.id[:2], n) for n in (1, 2)]
            assert said == list(message.string)
        elif message.id:
            assert [read.ngettext(*message.id[:2], n) for n in (1, 2)] == list(message.string)
    kept = {k.split("\x04")[-1] for k in (k[0] if isinstance(k, tuple) else k for k in read._catalog)} - {""}  # type: ignore[attr-defined]
    assert kept == {translation.key_of(m.id) for m in words if m.id}, "run deploy/words"


def test_the_file_names_no_machine(words: translation.Catalog) -> None:
    text = translation.PO.read_text()
    assert translation.written(words) == text, "run deploy/words"
    assert not re.search(r"^#: .*:\d|-Date:|^#~", text, re.MULTILINE)


TOLD = re.compile(r"/\w*pages\.py$|/ui/(?:forms|charts|tables|jinja|wording|parts|paging)\.py$")
"""Files all of whose Chinese people read on pages."""
STORED = {"更正", "人群", " 为空"}
"""Kept with a statement or a plan as its purpose, put into a rule, or the head of a file: such words stay as they are."""
FILES = re.compile(r"\.(?:csv|xlsx|zip)|^(?:走访|居民|账号)")
"""Names and heads of official files stay Chinese."""


def marked(tree: ast.AST) -> set[int]:
    """All nodes inside a call that marks or declares words."""
    calls = {*translation.MARKS, *translation.COUNTING, *translation.DECLARING, "Table", "noun", "text", "retold"}
    inside = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and translation.called(n) in calls)
    return {id(part) for call in inside for part in ast.walk(call)}


def bare(source: Source) -> Iterator[str]:
    """Chinese of a page that cannot be translated: neither marked, nor a docstring, nor compared with."""
    known = marked(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Compare) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            known |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(source.tree):
        text = translation.literal(node) if isinstance(node, ast.expr) else None
        if text and CHINESE.search(text) and id(node) not in known and not FILES.search(text) and text not in STORED:
            yield f"{source.name}:{node.lineno} {text}"


def refusals(source: Source) -> Iterator[str]:
    """Chinese in what is raised: pages and the API say it to people."""
    known = marked(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and dotted(node.exc.func) != "CommandError":
            for part in ast.walk(node.exc):
                text = translation.literal(part) if isinstance(part, ast.expr) else None
                if text and CHINESE.search(text) and id(part) not in known:
                    yield f"{source.name}:{node.lineno} {text}"


def spoken() -> list[Source]:
    """The layers that speak to readers; site's start, commands and demonstration speak to who runs the machine."""
    return [
        s
        for s in code()
        if s.app.split("/")[0] in ("foundation", "hub", "work", "front") and "/management/" not in s.name
    ]


def test_pages_say_nothing_that_cannot_be_translated() -> None:
    assert [line for s in spoken() if TOLD.search(s.name) for line in bare(s)] == []


def test_refusals_can_be_translated() -> None:
    assert [line for s in spoken() for line in refusals(s)] == []


def test_bare_words_are_found() -> None:
    text = (
        'def f(x):\n    """说明"""\n    y = _("好") if x == "甲" else say("坏")\n    raise Unfit("name", f"没有{x}")\n'
    )
    planted = Source("linyun/hub/x/pages.py", text + '    return Column("n", "姓名"), "共"\n')
    assert {line.split(" ")[1] for line in bare(planted)} == {"没有", "共"}
    assert [line.split(" ")[1] for line in refusals(planted)] == ["没有"]
    assert list(refusals(Source("x.py", 'raise CommandError("没有")\n'))) == []

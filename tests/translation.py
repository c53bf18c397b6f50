"""How the words of the pages are collected, merged and compiled: ``deploy/words`` runs it, the laws read it.

A msgid is the Chinese sentence as it stands in the source. Python is read as syntax, templates by their own environment.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from linyun.foundation.ui.wording import NOUN
from linyun.kernel.catalogue import catalogue as declared
from linyun.kernel.naming import catalogue_names
from tests.laws.source import CHINESE, PACKAGE, ROOT, Source, code, dotted, templates

FOLDER = PACKAGE / "locale" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
MARKS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "lazy": 1,
    "gettext_noop": 1,
    "N_": 1,
    "say": 1,
    "msgid": 1,
    "ngettext": 2,
}
"""Functions that take a msgid, and how many of their arguments are one."""
COUNTING = {"counted"}
"""Functions whose first argument is a msgid that is said with a number: one form in Chinese, two in English."""
DECLARING = {"Column", "BulkAction", "Empty", "Action", "Export"}
"""Declarations whose Chinese arguments are put into the reader's language where they are shown."""

SEEDS = "seeds"
"""Where names of the catalogue are said to stand: most are data, the others are declared in manifests."""

Msgid = str | tuple[str, str] | tuple[str, str, str]
"""A sentence; one that is said with a number, twice; a noun with its context behind it. A word of a menu has its
context before it, as in the compiled file."""


@dataclass
class Found:
    """The msgids of the source, each with the files in which it stands; and Chinese that nothing marks."""

    msgids: dict[Msgid, set[str]] = field(default_factory=dict)

    def add(self, msgid: Msgid, name: str) -> None:
        """Note that a file says it; what is said with a number somewhere has two forms everywhere."""
        if isinstance(msgid, tuple) and len(msgid) == 3:
            self.msgids.setdefault(msgid, set()).add(name)
            return
        other = (msgid, msgid) if isinstance(msgid, str) else msgid[0]
        if other in self.msgids and isinstance(msgid, str):
            msgid = other
        files = self.msgids.pop(other, set()) if isinstance(msgid, tuple) else set()
        self.msgids.setdefault(msgid, set()).update(files | {name})


def literal(node: ast.expr) -> str | None:
    """The text of a string, None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return dotted(node.func).split(".")[-1]


def said_in_python(source: Source) -> Iterator[Msgid]:
    """The msgids of a Python file. A constant called NOUNS holds what is counted."""
    for node in source.tree.body:
        if isinstance(node, ast.AnnAssign) and dotted(node.target) == "NOUNS" and node.value:
            texts = [literal(n) for n in ast.walk(node.value) if isinstance(n, ast.expr)]
            yield from ((t, t, NOUN) for t in texts if t)
    for node in source.calls():
        name = called(node)
        if name in MARKS:
            texts = [literal(a) for a in node.args[: MARKS[name]]]
            if len(texts) == MARKS[name] and all(t and not t.isascii() for t in texts):
                yield texts[0] if len(texts) == 1 else (texts[0], texts[1])  # type: ignore[misc]
        elif name in COUNTING and node.args and (text := literal(node.args[0])):
            yield (text, text)
        elif name == "noun" and node.args and (text := literal(node.args[0])):
            yield (text, text, NOUN)
        elif name == "Table":
            nouns = [literal(k.value) for k in node.keywords if k.arg == "noun"]
            yield from ((text, text, NOUN) for text in nouns if text)
        elif name == "Menu":
            yield f"menu\x04{literal(node.args[1])}"
        elif name in DECLARING:
            texts = [literal(a) for a in (*node.args, *(k.value for k in node.keywords))]
            yield from (t for t in texts if t and CHINESE.search(t))


def said_in_template(text: str) -> Iterator[Msgid]:
    """The msgids of a template, read by the environment that draws it."""
    from django.template import engines

    env = engines.all()[0].env  # type: ignore[attr-defined]
    for _line, function, message in env.extract_translations(text, ("_", "gettext", "ngettext", *COUNTING)):
        texts = tuple(m for m in (message if isinstance(message, tuple) else (message,)) if m)
        if texts and function in COUNTING:
            yield (texts[0], texts[0])
        elif texts:
            yield texts if len(texts) > 1 else texts[0]


def collect() -> Found:
    """All msgids of the house."""
    found = Found()
    for source in code():
        for msgid in said_in_python(source):
            found.add(msgid, source.name)
    for template in templates():
        for msgid in said_in_template(template.read_text()):
            found.add(msgid, template.relative_to(ROOT).as_posix())
    for name in catalogue_names(declared):
        if CHINESE.search(name):
            found.add(name, SEEDS)
    return found


def catalogue() -> Catalog:
    """What the translators wrote."""
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def merged(found: Found, old: Catalog) -> Catalog:
    """The translations of what the source says now, in the order of files; new ones empty, old ones gone."""
    new = Catalog(locale="en", domain="django", fuzzy=False)
    known = {(key_of(m.id), m.context): m.string for m in old if m.id}
    for msgid, _names in sorted(found.msgids.items(), key=lambda pair: (min(pair[1]), key_of(pair[0]))):
        context = msgid[2] if isinstance(msgid, tuple) and len(msgid) == 3 else None
        if isinstance(msgid, str) and "\x04" in msgid:
            context, msgid = msgid.split("\x04")
        string = known.get((key_of(msgid), context), "")
        if isinstance(msgid, tuple) and isinstance(string, str):
            string = (string, string)
        forms = msgid if isinstance(msgid, str) else msgid[:2]
        new.add(forms, string, context=context)  # type: ignore[list-item]
    return new


def key_of(msgid: object) -> str:
    """Singular and plural are found by the singular."""
    return str(msgid[0]) if isinstance(msgid, tuple | list) else str(msgid)


HEADER = """# English for the pages of Linyun. The msgids are the Chinese sentences of the source.
# Written by hand; collected, merged and compiled by deploy/words.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def written(words: Catalog) -> str:
    """The .po as text: no dates and no places, so that a change shows only what changed."""
    file = BytesIO()
    write_po(file, words, width=0, omit_header=True, no_location=True, sort_output=False)
    return HEADER + file.getvalue().decode().strip() + "\n"


def compiled(words: Catalog) -> bytes:
    """The .mo as Django reads it."""
    file = BytesIO()
    write_mo(file, words)
    return file.getvalue()


def main() -> None:
    """Collect, merge, compile; say what is still to be translated."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    old = catalogue() if PO.exists() else Catalog(locale="en")
    PO.write_text(written(merged(collect(), old)))
    words = catalogue()
    MO.write_bytes(compiled(words))
    empty = [key_of(m.id) for m in words if m.id and not all(listed(m.string))]
    sys.stdout.write(f"{len(words)} msgids, {len(empty)} without English\n")
    sys.stdout.writelines(f"  {line}\n" for line in empty)


def listed(string: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The forms of a translation."""
    return (string,) if isinstance(string, str) else tuple(string)


if __name__ == "__main__":
    django.setup()
    main()

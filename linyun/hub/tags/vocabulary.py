"""The words of the rule language as they stand now: all items, terms, relations and tags."""

from datetime import date
from typing import Any

from linyun.hub.records.items import known
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject, Tag
from linyun.kernel.rule import Sense, Vocabulary, compile_sql, parse

MOST_KEPT = 64
_kept: dict[str, Any] = {}


def vocabulary() -> Vocabulary:
    """All words usable in the scope; those that staff added there are included."""
    own = [
        item for subject in Subject for code, item in known(subject).items() if (subject, code) not in catalogue.items
    ]
    key = "words " + " ".join(sorted(f"{i.subject}.{i.code}.{i.name}" for i in own))
    if key not in _kept:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[key] = Vocabulary.of(catalogue, items=own)
    found: Vocabulary = _kept[key]
    return found


def compiled_tags(subject: Subject, today: date) -> tuple[list[Tag], str, dict[str, Any]]:
    """The rule tags of a subject, their conditions as SQL columns over alias ``s``, and the parameters."""
    words = vocabulary()
    key = f"tags {subject} {today} {id(words)}"
    if key not in _kept:
        tags = [t for t in catalogue.tags.values() if t.rule and t.subject is subject]
        columns, params = [], {}
        for n, tag in enumerate(tags):
            compiled = compile_sql(
                parse(tag.rule, subject, words), "s", today, words, prefix=f"t{n}_", sense=Sense.TRUE
            )
            columns.append(f"({compiled.sql})")
            params.update(compiled.params)
        _kept[key] = (tags, ", ".join(columns), params)
    found: tuple[list[Tag], str, dict[str, Any]] = _kept[key]
    return found

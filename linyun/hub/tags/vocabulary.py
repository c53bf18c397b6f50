"""The words of the rule language as they stand now: all items, terms, relations and tags."""

from datetime import date
from typing import Any

from linyun.hub.records.items import known
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject, Tag
from linyun.kernel.rule import Vocabulary, compile_sql, parse

_base: dict[str, Any] = {}


def vocabulary() -> Vocabulary:
    """All words usable in the scope; those that staff added are included."""
    if "v" not in _base:
        _base["v"] = Vocabulary.of(catalogue)
    base: Vocabulary = _base["v"]
    own = [
        item for subject in Subject for code, item in known(subject).items() if (subject, code) not in catalogue.items
    ]
    return base.extended(own) if own else base


def compiled_tags(subject: Subject, today: date) -> tuple[list[Tag], str, dict[str, Any]]:
    """The rule tags of a subject, their conditions as SQL columns over alias ``s``, and the parameters."""
    key = f"{subject}:{today}"
    if key not in _base:
        words = vocabulary()
        tags = [t for t in catalogue.tags.values() if t.rule and t.subject is subject]
        columns, params = [], {}
        for n, tag in enumerate(tags):
            compiled = compile_sql(parse(tag.rule, subject, words), "s", today, words, prefix=f"t{n}_")
            columns.append(f"({compiled.sql}) is true")
            params.update(compiled.params)
        for old in [k for k in _base if k != "v" and not k.endswith(str(today))]:
            del _base[old]
        _base[key] = (tags, ", ".join(columns), params)
    found: tuple[list[Tag], str, dict[str, Any]] = _base[key]
    return found

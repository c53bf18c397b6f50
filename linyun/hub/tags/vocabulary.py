"""The words of the rule language as they stand now: all items, terms, relations and tags."""

from datetime import date
from typing import Any

from linyun.hub.records.items import known
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject, Tag
from linyun.kernel.rule import Rule, Sense, Vocabulary, compile_sql, parse
from linyun.kernel.rule.syntax import FIELD_TESTS, And, Condition, Not, Or, Related

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


def _cost(condition: Condition, subject: Subject, words: Vocabulary) -> int:
    """How dear a test is: a column, a tag's rule, a look at other tables, a look at other people."""
    if isinstance(condition, Not):
        return _cost(condition.part, subject, words)
    if isinstance(condition, And | Or):
        return max(_cost(part, subject, words) for part in condition.parts)
    if isinstance(condition, FIELD_TESTS):
        return 2 if "select" in words.field(subject, condition.field).read else 0
    return 3 if isinstance(condition, Related) else 1


def cheapest_first(rule: Rule) -> Rule:
    """The same rule with its dear conditions last: PostgreSQL goes through AND and OR from left to right."""

    def ordered(condition: Condition) -> Condition:
        if isinstance(condition, Not):
            return Not(ordered(condition.part))
        if not isinstance(condition, And | Or):
            return condition
        parts = sorted(map(ordered, condition.parts), key=lambda part: _cost(part, rule.subject, rule.vocabulary))
        return type(condition)(tuple(parts))

    return Rule(rule.subject, ordered(rule.where), rule.vocabulary)


def compiled_tags(subject: Subject, today: date) -> tuple[list[Tag], str, dict[str, Any]]:
    """The rule tags of a subject, their conditions as SQL columns over alias ``s``, and the parameters."""
    words = vocabulary()
    key = f"tags {subject} {today} {id(words)}"
    if key not in _kept:
        tags = [t for t in catalogue.tags.values() if t.rule and t.subject is subject]
        columns, params = [], {}
        for n, tag in enumerate(tags):
            rule = cheapest_first(parse(tag.rule, subject, words))
            compiled = compile_sql(rule, "s", today, words, prefix=f"t{n}_", sense=Sense.TRUE)
            columns.append(f"({compiled.sql})")
            params.update(compiled.params)
        _kept[key] = (tags, ", ".join(columns), params)
    found: tuple[list[Tag], str, dict[str, Any]] = _kept[key]
    return found

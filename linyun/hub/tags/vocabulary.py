"""The words of the rule language as they stand now: all items, terms, relations and tags."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from django.db import connection
from psycopg import ClientCursor

from linyun.hub.records.items import added
from linyun.hub.records.models import RECORDS
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level, Subject, Tag
from linyun.kernel.rule import Once, Rule, Sense, Vocabulary, compile_sql, parse
from linyun.kernel.rule.syntax import FIELD_TESTS, And, Condition, Not, Or, Related

MOST_KEPT = 64
_kept: dict[str, Vocabulary] = {}


def vocabulary() -> Vocabulary:
    """All words usable in the scope; those that staff added there are included."""
    own = [item for item in added() if (item.subject, item.code) not in catalogue.items]
    key = " ".join(sorted(f"{i.subject}.{i.code}.{i.name}" for i in own))
    found = _kept.get(key)
    if found is None:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        found = _kept[key] = Vocabulary.of(catalogue, items=own)
    return found


def read(text: str, subject: Subject) -> Rule:
    """A rule from its text over the words as they stand now; what was read lately is kept. Raises RuleError."""
    return _read(text, subject, _Same(vocabulary()))


class _Same:
    """A vocabulary that is the same only as itself: comparing thousands of words would cost more than reading anew."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.words is self.words

    def __hash__(self) -> int:
        return id(self.words)


@lru_cache(maxsize=512)
def _read(text: str, subject: Subject, same: _Same) -> Rule:
    return parse(text, subject, same.words)


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


def tags_asked(subject: Subject, today: date, opened: Collection[str] | None = None) -> tuple[Sequence[Tag], str]:
    """The rule tags of a subject, and the query that says of each of some subjects, ``ids``, which of them hold: their
    places among the tags, the first being 1.

    With ``opened`` of the sensitive tags only those.
    """
    left = () if opened is None else (t.code for t in catalogue.tags.values() if t.level >= Level.SENSITIVE)
    return _asked(_Same(vocabulary()), subject, today, frozenset(left).difference(opened or ()))


@lru_cache(maxsize=64)
def _asked(same: _Same, subject: Subject, today: date, left: frozenset[str]) -> tuple[Sequence[Tag], str]:
    """The rules' own values are written in by psycopg, once a day and not for every page: there are hundreds."""
    tags = [t for t in catalogue.tags.values() if t.rule and t.subject is subject and t.code not in left]
    once, columns, params = Once("s", today), [], {}
    for n, tag in enumerate(tags):
        rule = cheapest_first(parse(tag.rule, subject, same.words))
        compiled = compile_sql(rule, "s", today, same.words, prefix=f"t{n}_", sense=Sense.TRUE, once=once)
        columns.append(f"({compiled.sql})")
        params.update(compiled.params)
    read = once.compiled
    held = f"array_positions(array[{', '.join(columns)}]::boolean[], true)"
    sql = f"select s.id, {held} from {RECORDS[subject]._meta.db_table} s {read.sql}"  # noqa: S608
    connection.ensure_connection()
    written = ClientCursor(connection.connection).mogrify(sql, {**params, **read.params})
    return tags, written.replace("%", "%%") + " where s.id = any(%(ids)s)"

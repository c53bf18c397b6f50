"""Why somebody cannot be decided: which items would have to be known. Facts are read for a page of people at a time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from linyun.hub.records.models import RECORDS
from linyun.hub.scan.find import Asked
from linyun.hub.tags.models import Mark
from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import needs
from linyun.kernel.rule.expand import tag_condition, tags_meant
from linyun.kernel.rule.syntax import FIELD_TESTS, Condition, HasBranch, HasTag, Related, children
from linyun.kernel.rule.vocabulary import Field, Vocabulary
from linyun.kernel.words import lang, say


@dataclass
class _Wanted:
    """What a rule reads of one subject, and of those related to it."""

    subject: Subject
    fields: set[str] = field(default_factory=set)
    marks: bool = False
    related: dict[str, "_Wanted"] = field(default_factory=dict)


def _gather(condition: Condition, wanted: _Wanted, words: Vocabulary) -> None:
    if isinstance(condition, FIELD_TESTS):
        wanted.fields.add(condition.field)
    elif isinstance(condition, HasTag | HasBranch):
        for tag in tags_meant(condition, wanted.subject, words):
            behind = tag_condition(tag, words)
            if behind is None:
                wanted.marks = True
            else:
                _gather(behind, wanted, words)
    elif isinstance(condition, Related):
        target = words.relation(wanted.subject, condition.relation).target
        inner = wanted.related.setdefault(condition.relation, _Wanted(target))
        if condition.where is not None:
            _gather(condition.where, inner, words)
    else:
        for child in children(condition):
            _gather(child, wanted, words)


def facts(asked: Asked, ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """What is known of some subjects, as far as a rule asks: one query, one for hand-set tags, one for each relation."""
    words = asked.rule.vocabulary
    wanted = _Wanted(asked.subject)
    _gather(asked.rule.where, wanted, words)
    return _read(wanted, list(ids), asked, words)


def _read(wanted: _Wanted, ids: list[UUID], asked: Asked, words: Vocabulary) -> dict[UUID, Mapping[str, Any]]:
    table = RECORDS[wanted.subject]._meta.db_table
    codes = sorted(wanted.fields)
    fields = [words.field(wanted.subject, code) for code in codes]
    reads = [field.read.format(s="s", today="%(today)s::date") for field in fields]
    picks = "".join(f", {sql}" for sql in reads)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select s.id{picks} from {table} s where s.id = any(%(ids)s)",  # noqa: S608 - names from the catalogue
            {"ids": ids, "today": asked.today},
        )
        found: dict[UUID, dict[str, Any]] = {
            pk: {**{f.code: _held(f, v) for f, v in zip(fields, values, strict=True)}, "tags": ()}
            for pk, *values in cursor.fetchall()
        }
    if wanted.marks:
        for mark in Mark.objects.in_force(asked.today).filter(subject_id__in=ids):
            found[mark.subject_id]["tags"] = (*found[mark.subject_id]["tags"], mark.tag)
    for code, inner in wanted.related.items():
        pairs = _pairs(wanted.subject, code, ids, words)
        others = _read(inner, sorted({other for _owner, other in pairs}), asked, words)
        for known in found.values():
            known[code] = []
        for owner, other in pairs:
            if other in others:
                found[owner][code].append(others[other])
    return dict(found)


def _held(field: Field, value: Any) -> Any:
    """Several codes come as the text of a list; as a text one code would be found inside another."""
    return json.loads(value) if field.kind is Kind.CODES and isinstance(value, str) else value


def _pairs(subject: Subject, code: str, ids: list[UUID], words: Vocabulary) -> list[tuple[UUID, UUID]]:
    """(subject, related) for a relation; each pair once."""
    tail = words.relation(subject, code).sql.format(s="s", t="t")
    sql = f"""select distinct s.id, o.id from {RECORDS[subject]._meta.db_table} s
              cross join lateral (select t.id from {tail}) o where s.id = any(%(ids)s)"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": ids})
        return list(cursor.fetchall())


def _owned(names: list[str]) -> str:
    """A fact of somebody's somebody: 子女的现住址, children › address."""
    return ("的" if lang() == "zh" else " › ").join(names)


def missing(asked: Asked, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """For each of some undecided subjects what would decide it, in words: ("出生日期", "子女的现住址")."""
    found: dict[UUID, list[str]] = {}
    for pk, known in facts(asked, ids).items():
        said = []
        for need in needs(asked.rule, known, asked.today):
            steps, at = [], asked.subject
            for step in need.steps:
                relation = asked.rule.vocabulary.relation(at, step)
                steps.append(say(relation.name))
                at = relation.target
            said.append(_owned([*steps, say(need.name)]))
        found[pk] = list(dict.fromkeys(said))
    return found

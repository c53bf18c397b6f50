"""The small invented world of the rule language as an index."""

from collections.abc import Iterable, Mapping

from pyroaring import BitMap

from linyun.kernel.declare import Subject
from linyun.kernel.index import Edges, Population, Store, column
from linyun.kernel.rule.tests.world import RELATIONS, TAGS, VOCABULARY, World


def indexed(world: World) -> Store:
    """A row of the index for each row of the world, at its number."""
    return {subject: population(world, subject) for subject in (Subject.PERSON, Subject.HOUSEHOLD, Subject.DWELLING)}


def population(world: World, subject: Subject) -> Population:
    rows = world.rows(subject)
    fields = [f for (s, _), f in VOCABULARY.fields.items() if s is subject and not f.since]
    marks = {t.code: BitMap(r["id"] for r in rows if t.code in r["tags"]) for t in TAGS if t.subject is subject}
    return Population(
        rows=BitMap(row["id"] for row in rows),
        columns={
            f.code: column(f.kind, [(row["id"], row[f.code]) for row in rows if row[f.code] is not None])
            for f in fields
        },
        marks={code: found for code, found in marks.items() if found},
        edges={
            r.code: Edges([(row["id"], other["id"]) for row in rows for other in row[r.code]])
            for r in RELATIONS
            if r.subject is subject
        },
    )


def told(rows: Iterable[Mapping[str, object]], truth: object, answers: Mapping[object, object]) -> set[object]:
    """The numbers of the rows to whom this truth was answered."""
    return {row["id"] for row in rows if answers[row["id"]] is truth}

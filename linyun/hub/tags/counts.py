"""How many bear each tag in the scope: all computed tags of a subject in one scan, all hand-set ones in one more."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from linyun.foundation.areas import scope
from linyun.hub.records.models import RECORDS
from linyun.hub.tags.models import Mark
from linyun.hub.tags.vocabulary import cheapest_first, vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject, Tag
from linyun.kernel.rule import Sense, compile_sql, parse


def by_rule(subject: Subject, tags: Sequence[Tag], today: date) -> dict[str, int]:
    """How many live subjects in the scope bear each of some computed tags, by code."""
    words = vocabulary()
    tests: list[str] = []
    params: dict[str, Any] = {}
    computed = [tag for tag in tags if tag.rule and tag.subject is subject]
    for n, tag in enumerate(computed):
        rule = cheapest_first(parse(tag.rule, subject, words))
        compiled = compile_sql(rule, "s", today, words, prefix=f"t{n}_", sense=Sense.TRUE)
        tests.append(f"count(*) filter (where {compiled.sql})")
        params |= dict(compiled.params)
    if not tests:
        return {}
    table = RECORDS[subject]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(tests)} from {table} s where s.status = 'live'", params)  # noqa: S608
        return dict(zip((tag.code for tag in computed), cursor.fetchone(), strict=True))


def by_hand(today: date) -> dict[str, int]:
    """How many live subjects bear each hand-set tag on a day, by code, whatever its subject."""
    live = [Q(subject_id__in=model._default_manager.filter(status="live").values("pk")) for model in RECORDS.values()]
    rows = Mark.objects.in_force(today).filter(reduce(or_, live)).values_list("tag").annotate(n=Count("pk"))
    return dict(rows.order_by("tag"))


def counts(subject: Subject, tags: Sequence[Tag], today: date) -> dict[str, int]:
    """How many bear each of some tags of one subject, 0 included: two queries."""
    set_by_hand = by_hand(today)
    hand = {tag.code: set_by_hand.get(tag.code, 0) for tag in tags if not tag.rule and tag.subject is subject}
    return by_rule(subject, tags, today) | hand


def all_tags(subject: Subject) -> list[Tag]:
    """The dictionary's tags about one subject, in declared order."""
    return [tag for tag in catalogue.tags.values() if tag.subject is subject]


LASTS = 600
MOST_KEPT = 128
KEPT: dict[tuple[str, str, str, date], tuple[float, dict[str, int]]] = {}
"""A dictionary is read, not watched: all its counts in a scope are made once in ten minutes."""


def kept_counts(subject: Subject, today: date) -> dict[str, int]:
    """As ``counts`` for the whole dictionary about a subject, at most ten minutes old."""
    key = (connection.settings_dict["NAME"], scope.current(), subject.value, today)
    now = clock.now().timestamp()
    kept = KEPT.get(key)
    if kept is None or not 0 <= now - kept[0] < LASTS:
        if len(KEPT) > MOST_KEPT:
            KEPT.clear()
        kept = KEPT[key] = (now, counts(subject, all_tags(subject), today))
    return kept[1]

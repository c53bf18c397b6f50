"""How often somebody should be visited: the rhythms of the catalogue, for one person as SQL, for a crowd as a rule."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from linyun.foundation.ui.wording import counted
from linyun.hub.tags.vocabulary import cheapest_first, vocabulary
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Rhythm, Subject
from linyun.kernel.rule import Sense, Vocabulary, compile_sql, parse
from linyun.kernel.words import say

OFTEN = {7: N_("每周一次"), 14: N_("两周一次"), 30: N_("每月一次"), 90: N_("每季一次"), 365: N_("每年一次")}


def most_pressing_first() -> list[Rhythm]:
    """All rhythms, the most frequent first."""
    return sorted(catalogue.rhythms.values(), key=lambda r: r.days)


def often(rhythm: Rhythm) -> str:
    """ "每周一次", "每 10 天一次"."""
    return _(OFTEN[rhythm.days]) if rhythm.days in OFTEN else counted("每 %(n)s 天一次", rhythm.days)


def said(rhythm: Rhythm) -> str:
    """ "重点关心 · 每月一次"."""
    return f"{say(rhythm.name)} · {often(rhythm)}"


def due_rule(rhythm: Rhythm) -> str:
    """The crowd of those whom a rhythm means and whose day has come, those never visited among them."""
    return f"({rhythm.rule}) 且 (最近走访 为空 或 最近走访 > {rhythm.days - 1}天前)"


def code_sql(today: date) -> tuple[str, dict[str, Any]]:
    """An SQL expression over a person ``s``: the code of the most frequent rhythm that means them, NULL for none."""
    return _code_sql(today, vocabulary())


@lru_cache(maxsize=8)
def _code_sql(today: date, words: Vocabulary) -> tuple[str, dict[str, Any]]:
    cases: list[str] = []
    params: dict[str, Any] = {}
    for n, rhythm in enumerate(most_pressing_first()):
        rule = cheapest_first(parse(rhythm.rule, Subject.PERSON, words))
        compiled = compile_sql(rule, "s", today, words, prefix=f"rhythm{n}_", sense=Sense.TRUE)
        cases.append(f"when {compiled.sql} then '{rhythm.code}'")
        params |= dict(compiled.params)
    return (f"case {' '.join(cases)} end" if cases else "null::text"), params

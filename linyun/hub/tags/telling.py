"""Which of many tags to show where there is room for few: those that say most about this one."""

from collections.abc import Collection, Sequence

from linyun.hub.tags.services import Borne

SCALES = frozenset({"年龄"})
"""Paths that end in these are scales (60, 65, 70 …): only the last step says something."""
PLAIN = frozenset({"基本"})


def _weight(borne: Borne, asked: Collection[str]) -> tuple[int, int]:
    """What was asked for comes first, then what a person set, then lines of work; what everybody has comes last."""
    plain = borne.tag.path[1:2] and borne.tag.path[1] in PLAIN
    return (0 if borne.tag.code in asked else 1 if borne.mark else 3 if plain else 2, -len(borne.tag.path))


def telling(tags: Sequence[Borne], asked: Collection[str] = (), *, sensitive: bool = False) -> list[Borne]:
    """Tags in the order in which they tell something; of a scale only the last. Sensitive ones only when ``sensitive``
    or when they were asked for."""
    last = {b.tag.path: b.tag.code for b in tags if b.tag.path[-1] in SCALES}
    kept = [b for b in tags if last.get(b.tag.path, b.tag.code) == b.tag.code or b.tag.code in asked]
    open_ones = [b for b in kept if sensitive or not b.is_sensitive or b.tag.code in asked]
    return sorted(open_ones, key=lambda b: _weight(b, asked))

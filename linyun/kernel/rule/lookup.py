"""Tables of words that find the longest word at a place, tell ambiguity, and suggest the nearest word."""

import re
from collections.abc import Iterator
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from linyun.kernel.rule.words import fold
from linyun.kernel.values.pinyin import pinyin_key

T = TypeVar("T")

_SEPARATOR = re.compile("[,、]")
"""A word that holds one of these is found in a list only when it is quoted."""

CLOSE_ENOUGH = 45
"""Similarity in percent from which a known word is offered for an unknown one: 独局 and 独居 have 50."""

MOST_CLOSE = 20
"""Near words among which one that sounds alike is looked for."""


def _ascii_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


class Lookup(Generic[T]):
    """Words, folded, each for one or several targets. A target may be given under several words.

    ``rank`` orders claims to one word: a lower rank hides the higher ones (a code before a name before an alias).
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, list[T]]] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, word: str, target: T, rank: int = 0) -> None:
        """Let ``word`` mean ``target``. An empty word is left out."""
        key = fold(word.strip())
        if not key:
            return
        if key not in self._found and not _SEPARATOR.search(key):
            lengths = self._lengths.setdefault(key[0], [])
            if len(key) not in lengths:
                lengths.append(len(key))
                lengths.sort(reverse=True)
        held_rank, targets = self._found.get(key, (rank, []))
        if rank < held_rank:
            self._found[key] = (rank, [target])
        elif rank == held_rank:
            self._found[key] = (rank, targets if target in targets else [*targets, target])

    def find(self, word: str) -> list[T]:
        """What a word means: nothing, one target, or several when it is ambiguous."""
        return self._found.get(fold(word.strip()), (0, []))[1]

    def only(self, word: str) -> T | None:
        """The one target of a word; None when there is none or more than one."""
        targets = self.find(word)
        return targets[0] if len(targets) == 1 else None

    def is_clear(self, word: str, target: T) -> bool:
        """Whether a word written without quotation marks means this target and nothing else."""
        return self.only(word) is target and not _SEPARATOR.search(fold(word))

    def lengths_at(self, folded: str, pos: int) -> Iterator[int]:
        """The lengths of all known words that stand at ``pos`` of a folded text, longest first."""
        for length in self._lengths.get(folded[pos : pos + 1], ()):
            end = pos + length
            if end > len(folded) or folded[pos:end] not in self._found:
                continue
            if end < len(folded) and _ascii_word(folded[end]) and _ascii_word(folded[end - 1]):
                continue
            yield length

    def nearest(self, word: str) -> str:
        """The known word most like an unknown one, first of all one that sounds alike (年令, 年龄); empty when none is near."""
        key = fold(word.strip())
        close = process.extract(key, list(self._found), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=MOST_CLOSE)
        heard = pinyin_key(key).full
        alike = (known for known, _score, _at in close if heard and pinyin_key(known).full == heard)
        return next(alike, close[0][0] if close else "")

    def __contains__(self, word: str) -> bool:
        return fold(word.strip()) in self._found

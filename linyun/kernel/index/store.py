"""Everything a rule may ask of a population, as bitmaps: rows, columns, hand-set tags, relations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from pyroaring import BitMap

from linyun.kernel.declare import Subject
from linyun.kernel.index.bits import Numbers, numbers_of, rows_of
from linyun.kernel.index.columns import Column

DENSE = 16
"""When more than one in so many targets is meant, all edges are looked through at once instead of one target's by one."""


class Edges:
    """Who is related to whom: (source, target) pairs, each once."""

    def __init__(self, pairs: Iterable[tuple[int, int]] | Numbers) -> None:
        edges = np.array(pairs if isinstance(pairs, np.ndarray) else list(pairs), np.uint32).reshape(-1, 2)
        by_target = edges[np.argsort(edges[:, 1], kind="stable")]
        self.sources: Numbers = by_target[:, 0].copy()
        self.targets: Numbers = by_target[:, 1].copy()

    def _of(self, targets: BitMap) -> Numbers:
        """The sources of every edge that leads to one of these targets; a source as often as it has such edges."""
        if len(targets) * DENSE > len(self.targets):
            meant = np.zeros(int(self.targets[-1]) + 1 if len(self.targets) else 0, bool)
            inside = numbers_of(targets)
            meant[inside[inside < len(meant)]] = True
            through: Numbers = self.sources[meant[self.targets]] if len(meant) else self.sources
            return through
        wanted = numbers_of(targets)
        starts = np.searchsorted(self.targets, wanted, "left")
        counts = np.searchsorted(self.targets, wanted, "right") - starts
        total = int(counts.sum())
        # The places of all edges: each target's run of places, one run behind the other.
        places = np.repeat(starts - np.concatenate(([0], counts.cumsum()[:-1])), counts) + np.arange(total)
        found: Numbers = self.sources[places]
        return found

    def leading_to(self, targets: BitMap) -> BitMap:
        """The sources with at least one of these targets."""
        return rows_of(np.unique(self._of(targets)))

    def counted(self, targets: BitMap, rows: int) -> Numbers:
        """For every row below ``rows`` how many of these targets it has."""
        return np.bincount(self._of(targets), minlength=rows)


@dataclass
class Population:
    """The rows of one subject. ``marks`` are the hand-set tags in force; relations are held with their source."""

    rows: BitMap = field(default_factory=BitMap)
    columns: dict[str, Column] = field(default_factory=dict)
    marks: dict[str, BitMap] = field(default_factory=dict)
    edges: dict[str, Edges] = field(default_factory=dict)


Store = Mapping[Subject, Population]

"""The crowd index: a population as compressed bitmaps, and rules over it.

    scan = Scan(store, vocabulary, today, scope)
    scan.sure(rule), scan.undecided(rule)      # bitmaps of row numbers

One bitmap for each code, value and hand-set tag, bitmaps of binary digits for numbers and days, edges for relations. It
gives the same people as ``linyun.kernel.rule.evaluate``; what it does not hold it refuses with NotIndexed.
"""

from linyun.kernel.index.columns import Column, column, column_of
from linyun.kernel.index.scan import NotIndexed, Scan
from linyun.kernel.index.store import Edges, Population, Store

__all__ = ["Column", "Edges", "NotIndexed", "Population", "Scan", "Store", "column", "column_of"]

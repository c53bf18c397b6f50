"""Which of several statements holds: pure rules.

A settlement by a named person beats all; then the department that owns the item, on its own items; then the rank of the
source (what a worker saw beats what a roster says); among equals the later day, then what was learnt later.
"""

from linyun.kernel.catalogue import Catalogue
from linyun.kernel.declare import Item

OWNER = 80


def rank(catalogue: Catalogue, source: str, item: Item | None) -> int:
    """The rank of a source for one item. A source that is no longer declared ranks 0: kept, but beaten by any other."""
    declared = catalogue.sources.get(source)
    if declared is None:
        return 0
    owns = bool(declared.department) and item is not None and declared.department == item.owner
    return max(OWNER, declared.rank) if owns else declared.rank


def tables(catalogue: Catalogue, items: list[Item]) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """(rank by source, department by source, owner by item) for the same rule in SQL."""
    ranks = {code: source.rank for code, source in catalogue.sources.items()}
    departments = {code: source.department for code, source in catalogue.sources.items() if source.department}
    return ranks, departments, {item.code: item.owner for item in items}


RANK_SQL = f"""
greatest(coalesce((%(ranks)s::jsonb ->> st.source)::int, 0),
         case when %(departments)s::jsonb ->> st.source = %(owners)s::jsonb ->> v.key then {OWNER} else 0 end)
"""
"""The rule in SQL, over ``records_statement st`` and ``jsonb_each(st.values) v``."""

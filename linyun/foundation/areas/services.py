"""The verbs of areas: make the buildings that addresses name, load lists of areas, remove what nobody uses."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from linyun.foundation.areas.codes import child
from linyun.foundation.areas.models import Area

UNASSIGNED = ("000", *(str(n) for n in range(999, 899, -1)))
"""Serials of the grids that hold buildings not yet assigned to one; the next is opened when one has its 999 buildings."""
FULL = 999
LONGEST_NAME: int = Area._meta.get_field("name").max_length or 0


def _free_codes(parent: Area, source: str) -> Iterator[tuple[Area, str]]:
    """(grid, code) for one new building after another. Raises ValueError when a hundred grids are full."""
    for number, serial in enumerate(UNASSIGNED):
        name = "未分网格" if number == 0 else f"未分网格（{number + 1}）"
        code = parent.code + serial
        grid = Area.objects.filter(pk=code).first() or Area(
            code=code, name=name, kind=Area.Kind.GRID, parent=parent, source=source
        )
        last = Area.objects.filter(parent=code).order_by("-code").values_list("code", flat=True).first()
        free = range(int(last[-3:]) + 1 if last else 1, FULL + 1)
        if free and grid._state.adding:
            grid.save(force_insert=True)
        yield from ((grid, child(code, n)) for n in free)
    raise ValueError(f"no room for more buildings in {parent.code}")


def ensure_buildings(committee: str, wanted: Mapping[str, str], source: str = "") -> dict[str, str]:
    """Codes of a committee's buildings by address key; those not known yet are made with the name given.

    Raises Area.DoesNotExist for an unknown committee, ValueError when all its serials are used up.
    """
    with transaction.atomic():
        parent = Area.objects.select_for_update().get(pk=committee)
        known = dict(Area.objects.within(committee).exclude(key="").values_list("key", "code"))
        missing = sorted((key, name) for key, name in wanted.items() if key not in known)
        rows = [
            Area(code=code, name=name[:LONGEST_NAME], kind=Area.Kind.BUILDING, parent=grid, key=key, source=source)
            for (key, name), (grid, code) in zip(missing, _free_codes(parent, source), strict=False)
        ]
        Area.objects.bulk_create(rows)
        known.update({row.key: row.code for row in rows})
    return {key: known[key] for key in wanted}


def drop_unused(source: str, used: Collection[str]) -> int:
    """Remove areas that one import made, except those in ``used``, those in which somebody has a post or the like, and
    what lies above them; answers how many."""
    dropped = 0
    with transaction.atomic():
        for area in Area.objects.filter(source=source).order_by("-code"):
            if not any(code.startswith(area.code) for code in used) and not area.children.exists():
                dropped += _is_dropped(area)
    return dropped


def _is_dropped(area: Area) -> bool:
    """Remove one area, unless something refers to it: within the scope, or outside where only the database sees it."""
    try:
        with transaction.atomic():
            area.delete()
    except (ProtectedError, IntegrityError):
        return False
    return True


def load(rows: Iterable[tuple[str, str, str, str | None]], source: str, batch: int = 5000) -> int:
    """Bring in areas as (code, name, kind, parent code), parents first; names of known codes are renewed."""
    count = 0
    pending: dict[str, Area] = {}

    def flush() -> None:
        Area.objects.bulk_create(
            pending.values(),
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "kind", "parent", "source"],
        )
        pending.clear()

    for code, name, kind, parent in rows:
        # A list may name an area twice; PostgreSQL would refuse to renew one row twice at once. The last name holds.
        pending[code] = Area(code=code, name=name, kind=kind, parent_id=parent, source=source)
        count += 1
        if len(pending) >= batch:
            flush()
    if pending:
        flush()
    return count

"""The verbs of areas: make the buildings that addresses name, load lists of areas, remove what nobody uses."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from linyun.foundation.areas.codes import child
from linyun.foundation.areas.models import Area

UNASSIGNED = "000"
"""The serial of the grid that holds buildings not yet assigned to one."""


def ensure_buildings(committee: str, wanted: Mapping[str, str], source: str = "") -> dict[str, str]:
    """Codes of a committee's buildings by address key; those not known yet are made with the name given.

    Raises Area.DoesNotExist for an unknown committee, ValueError when its thousand serials are used up.
    """
    with transaction.atomic():
        parent = Area.objects.select_for_update().get(pk=committee)
        known = dict(Area.objects.within(committee).exclude(key="").values_list("key", "code"))
        missing = {key: name for key, name in wanted.items() if key not in known}
        if missing:
            grid, _ = Area.objects.get_or_create(
                code=committee + UNASSIGNED,
                defaults={"name": "未分网格", "kind": Area.Kind.GRID, "parent": parent, "source": source},
            )
            last = Area.objects.filter(parent=grid).order_by("-code").values_list("code", flat=True).first()
            serial = int(last[-3:]) + 1 if last else 1
            rows = [
                Area(
                    code=child(grid.code, serial + n),
                    name=name,
                    kind=Area.Kind.BUILDING,
                    parent=grid,
                    key=key,
                    source=source,
                )
                for n, (key, name) in enumerate(sorted(missing.items()))
            ]
            Area.objects.bulk_create(rows)
            known.update({row.key: row.code for row in rows})
    return {key: known[key] for key in wanted}


def drop_unused(source: str, used: Collection[str]) -> int:
    """Remove areas that one import made, except those in ``used`` and what lies above them; answers how many."""
    dropped = 0
    with transaction.atomic():
        for area in Area.objects.filter(source=source).order_by("-code"):
            if not any(code.startswith(area.code) for code in used) and not area.children.exists():
                area.delete()
                dropped += 1
    return dropped


def load(rows: Iterable[tuple[str, str, str, str | None]], source: str, batch: int = 5000) -> int:
    """Bring in areas as (code, name, kind, parent code), parents first; names of known codes are renewed."""
    count = 0
    pending: list[Area] = []

    def flush() -> None:
        Area.objects.bulk_create(
            pending,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "kind", "parent", "source"],
        )
        pending.clear()

    for code, name, kind, parent in rows:
        pending.append(Area(code=code, name=name, kind=kind, parent_id=parent, source=source))
        count += 1
        if len(pending) >= batch:
            flush()
    if pending:
        flush()
    return count

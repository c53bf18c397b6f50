"""Messy rosters of the demonstration's people, to try imports on; beside each stands what must be refused."""

from pathlib import Path

from linyun.kernel.synth.messy.roster import TooFew, write_roster
from linyun.kernel.synth.world import World

COMMITTEE = "310110009016"
FILES = (
    ("公交新村居民名册.xlsx", "head_rows", 12),
    ("公交新村老年人名单.xlsx", "merged", 8),
    ("公交新村租户登记.csv", "csv_gb18030", 6),
    ("公交新村走访记录.xlsx", "visits", 4),
)


def write_rosters(world: World, folder: Path) -> list[Path]:
    """Write the files into a folder; answers their paths. A small demonstration goes without those it is too small for."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (name, style, errors) in enumerate(FILES):
        path = folder / name
        try:
            write_roster(world, COMMITTEE, path, style, errors, seed=number)
        except TooFew:
            continue
        paths.append(path)
    return paths

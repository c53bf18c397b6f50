"""What the command line calls: make a world of any size and write it to a folder."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from linyun.kernel import clock
from linyun.kernel.synth.cast import HOME_COMMITTEE, STRANGER_COMMITTEE
from linyun.kernel.synth.characters import characters
from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.world import FRAMES, generate_parts, write_parquet


def synth_to_dir(
    people: int,
    out: Path,
    seed: int,
    committees: Sequence[Area],
    today: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Make ``people`` people and write every frame as Parquet parts under ``out``; returns and writes ``world.json``.

    The known characters are in it when 公交新村 and 铁岭路五十弄 fall into one part; they take the place of those
    who lived in their flats, so the number of people then differs by a few. ``progress`` is told how many
    people are written so far. Memory holds one part (150,000 people) at a time. Raises ValueError when ``out``
    holds a world already: two worlds in one folder would mix.
    """
    if any((out / name).exists() for name in FRAMES):
        raise ValueError(f"{out} 里已有数据，请换一个空的文件夹")
    day = today or clock.today()
    rows = dict.fromkeys(FRAMES, 0)
    began = time.perf_counter()
    for number, part in enumerate(generate_parts(committees, people, seed, day)):
        if {HOME_COMMITTEE, STRANGER_COMMITTEE} <= {c.code for c in part.committees}:
            part = characters(part)
        for name, count in write_parquet(part, out, number).items():
            rows[name] += count
        if progress:
            progress(rows["persons"])
    summary = {
        "people": rows["persons"],
        "seed": seed,
        "today": day.isoformat(),
        "committees": len(committees),
        "rows": rows,
        "seconds": round(time.perf_counter() - began, 3),
    }
    (out / "world.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return summary

"""`make bench`: every measurement in a process of its own; results with machine and date go to bench/results/."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bench.machine import about

RESULTS = Path(__file__).parent / "results"
PARTS = ("rules", "imports", "ledgers", "crowds", "pages")


def run(part: str) -> Any:
    """One part's JSON; what went wrong, when it did."""
    done = subprocess.run([sys.executable, "-m", f"bench.{part}"], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    return json.loads(done.stdout)


def main(parts: list[str]) -> int:
    """Run the named parts, or all."""
    result: dict[str, Any] = {"date": date.today().isoformat(), "machine": about()}  # noqa: DTZ011
    for part in parts or PARTS:
        sys.stderr.write(f"{part} …\n")
        result[part] = run(part)
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (RESULTS / f"{result['date']}.json").write_text(text + "\n")
    sys.stdout.write(text + "\n")
    return int(any("failed" in result[p] for p in parts or PARTS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make bench`: every measurement in a process of its own; results with machine and date go to bench/results/.

`python -m bench PART…` measures some parts anew and leaves what was measured of the others on the same day.
"""

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
    try:
        return {"failed": done.stderr.strip().splitlines()[-1:]} if done.returncode else json.loads(done.stdout)
    except ValueError:
        return {"failed": [f"no JSON: {done.stdout[:200]}"]}


def main(parts: list[str]) -> int:
    """Run the named parts, or all."""
    today = date.today().isoformat()  # noqa: DTZ011
    RESULTS.mkdir(exist_ok=True)
    kept = RESULTS / f"{today}.json"
    result: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    result |= {"date": today, "machine": about()}
    for part in parts or PARTS:
        sys.stderr.write(f"{part} …\n")
        result[part] = run(part)
        kept.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.write(kept.read_text())
    return int(any("failed" in result[p] for p in parts or PARTS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

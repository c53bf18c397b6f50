"""The command that writes a world to a folder."""

import json
from pathlib import Path

import polars as pl
import pytest

from linyun.kernel.synth import cast
from linyun.kernel.synth import world as making
from linyun.kernel.synth.commands import synth_to_dir
from linyun.kernel.synth.tests.street import STREET, TODAY
from linyun.kernel.synth.world import FRAMES


def test_all_frames_are_written_and_the_summary_tells_their_rows(tmp_path: Path) -> None:
    summary = synth_to_dir(2000, tmp_path, 9, STREET[:4], TODAY)
    assert json.loads((tmp_path / "world.json").read_text("utf-8")) == summary
    assert summary["people"] == 2000
    assert (summary["seed"], summary["today"], summary["committees"]) == (9, "2026-11-23", 4)
    for name in FRAMES:
        assert pl.read_parquet(tmp_path / name / "*.parquet").height == summary["rows"][name] > 0


def test_characters_are_there_when_their_committees_are(tmp_path: Path) -> None:
    synth_to_dir(3000, tmp_path, 9, STREET, TODAY)
    ids = pl.read_parquet(tmp_path / "persons" / "*.parquet")["id"]
    assert cast.ZHOU_GUIFANG in ids
    assert cast.CANARY in ids


def test_parts_are_reported_as_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PART", 1000)
    told: list[int] = []
    synth_to_dir(4000, tmp_path, 9, STREET[:8], TODAY, told.append)
    assert len(told) == 4
    assert told == sorted(told)
    assert told[-1] == 4000
    assert len(list((tmp_path / "persons").iterdir())) == 4


def test_a_folder_that_holds_a_world_is_left_alone(tmp_path: Path) -> None:
    synth_to_dir(200, tmp_path, 9, STREET[:2], TODAY)
    before = (tmp_path / "persons" / "part-0000.parquet").read_bytes()
    with pytest.raises(ValueError, match="请换一个空的文件夹"):
        synth_to_dir(300, tmp_path, 9, STREET[:2], TODAY)
    assert (tmp_path / "persons" / "part-0000.parquet").read_bytes() == before

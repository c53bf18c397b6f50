"""``linyun db``: what a person and a script get to see."""

import json
import stat
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linyun.site.postgres import ensure, stop
from linyun.site.postgres.command import main


def answer(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> tuple[int, dict[str, Any]]:
    code = main([str(a) for a in argv] + ["--json"])
    return code, json.loads(capsys.readouterr().out)


def test_start_status_stop_as_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "status", "--data", place) == (1, answer(capsys, "status", "--data", place)[1])
    assert not place.exists()
    code, started = answer(capsys, "start", "--data", place)
    assert (code, started["state"], started["data"]) == (0, "running", str(place.resolve()))
    assert started["version"] == started["installed"]
    assert answer(capsys, "status", "--data", place) == (0, started)
    code, stopped = answer(capsys, "stop", "--data", place)
    assert (code, stopped["stopped"], stopped["state"]) == (0, True, "stopped")
    assert answer(capsys, "stop", "--data", place)[1]["stopped"] is False


def test_sentences_for_people_hold_no_password(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = ensure(kept, throwaway=True, say=lambda _: None)
    assert main(["status", "--data", str(kept)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"运行中；数据目录 {kept.resolve()}；")
    assert server.password not in shown
    assert main(["stop", "--data", str(kept)]) == 0
    assert capsys.readouterr().out == "数据库已停止。\n"
    assert main(["status", "--data", str(kept)]) == 1


def test_an_error_is_a_sentence_and_an_exit_code(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place.mkdir(parents=True)
    (place / "other").write_text("")
    code, error = answer(capsys, "start", "--data", place)
    assert code == 1
    assert "不是空目录" in error["error"]
    assert main(["start", "--data", str(place)]) == 1
    assert "不是空目录" in capsys.readouterr().err


def test_a_dump_comes_back_whole_in_an_empty_database(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = ensure(place, throwaway=True, say=lambda _: None)
    with psycopg.connect(server.url()) as c:
        c.execute("CREATE TABLE resident (area text, name text)")
        c.execute("INSERT INTO resident VALUES ('310110009016', '赵大妈'), ('310110009017', '钱大爷')")
        c.execute("ALTER TABLE resident ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        c.execute("GRANT SELECT ON resident TO linyun_app")
    file = place.parent / "邻云.dump"
    code, dumped = answer(capsys, "dump", file, "--data", place)
    assert (code, dumped["bytes"]) == (0, file.stat().st_size)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    code, refused = answer(capsys, "restore", file, "--data", place)
    assert (code, "不会覆盖" in refused["error"]) == (1, True)

    stop(place, say=lambda _: None)
    place.resolve().rename(place.parent / "kept")
    assert answer(capsys, "restore", file, "--data", place)[0] == 0
    with psycopg.connect(ensure(place, say=lambda _: None).url()) as c:
        assert c.execute("SELECT count(*) FROM resident").fetchone() == (0,)
        c.execute("ALTER TABLE resident NO FORCE ROW LEVEL SECURITY")
        assert c.execute("SELECT name FROM resident ORDER BY area").fetchall() == [("赵大妈",), ("钱大爷",)]
        owner, app = "SELECT tableowner FROM pg_tables WHERE tablename = 'resident'", "linyun_app"
        assert c.execute(owner.encode()).fetchone() == ("linyun",)
        assert c.execute("SELECT has_table_privilege(%s, 'resident', 'SELECT')", [app]).fetchone() == (True,)


def test_a_file_that_is_no_dump_changes_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = place.parent / "letter.txt"
    letter.parent.mkdir()
    letter.write_text("not a dump")
    code, error = answer(capsys, "restore", letter, "--data", place)
    assert (code, "导入失败，数据库没有改动" in error["error"]) == (1, True)
    code, error = answer(capsys, "restore", place.parent / "missing", "--data", place)
    assert (code, "没有找到文件" in error["error"]) == (1, True)


def test_a_dump_that_fails_leaves_no_file(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ensure(kept, throwaway=True, say=lambda _: None)
    target = kept.parent / "x.dump"
    code, error = answer(capsys, "dump", target, "--data", kept, "--bin-dir", "/usr/bin")
    assert (code, bool(error["error"])) == (1, True)
    assert sorted(p.name for p in kept.parent.iterdir()) == ["pg"]

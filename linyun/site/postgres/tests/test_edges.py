"""Backups, restores, upgrades and addresses gone wrong: each ends with a sentence, and nothing is lost or left lying about."""

import json
import os
from pathlib import Path

import psycopg
import pytest

from linyun.site.postgres import PostgresError, Server, ensure, postmaster, prepare, status, stop, trial
from linyun.site.postgres import cluster as clusters
from linyun.site.postgres.account import Account, by_uid, me
from linyun.site.postgres.binaries import Binaries
from linyun.site.postgres.command import _sentence, main
from linyun.site.postgres.dump import dump, restore
from linyun.site.postgres.home import Home, default_data_dir, find, settle, short_folder, socket_dir
from linyun.site.postgres.roles import new_password
from linyun.site.postgres.server import PORT, Status
from linyun.site.postgres.tests.conftest import home_at


def silent(_: str) -> None:
    """Nobody listens."""


def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url()) as c:
        return c.execute(query).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def made(tmp_path: Path) -> Home:
    """A home without a cluster, of the account that runs the tests."""
    (tmp_path / "pg").mkdir(mode=0o700)
    home = Home(tmp_path / "pg", me())
    home.write("account", str(os.geteuid()))
    home.write("start.lock", "")
    home.cluster.mkdir(mode=0o700)
    return home


# Taking out


@pytest.mark.parametrize("where", ["missing/folder/a.dump", "folder"])
def test_a_place_that_cannot_be_written_is_said_before_anything_is_done(kept: Path, tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(PostgresError, match=r"无法写入|是目录"):
        dump(kept, tmp_path / where, say=silent)
    assert [p.name for p in tmp_path.rglob("*")] == ["folder"]


def test_half_a_dump_of_a_killed_run_is_neither_kept_nor_in_the_way(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "a.dump.part").write_bytes(b"half of it")
    assert dump(kept, tmp_path / "a.dump", say=silent) > 100
    assert [p.name for p in tmp_path.iterdir()] == ["a.dump"]
    assert (tmp_path / "a.dump").stat().st_mode & 0o077 == 0, "it holds every resident"


def test_a_planted_link_in_place_of_the_half_is_not_followed(kept: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "a.dump.part").symlink_to(victim)
    dump(kept, tmp_path / "a.dump", say=silent)
    assert victim.read_text() == "untouched"


def test_a_dump_that_breaks_off_leaves_the_former_backup_as_it_was(kept: Path, tmp_path: Path) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    real = clusters.bundled()
    for name in ("postgres", "initdb"):
        (fake / name).symlink_to(real / name)
    (fake / "pg_dump").write_text("#!/bin/sh\necho half\necho 'disk is full' >&2\nexit 1\n")
    (fake / "pg_dump").chmod(0o755)
    ensure(kept, say=silent)
    target = tmp_path / "a.dump"
    target.write_bytes(b"the backup of yesterday")
    with pytest.raises(PostgresError, match="disk is full"):
        dump(kept, target, bin_dir=fake, say=silent)
    assert target.read_bytes() == b"the backup of yesterday"
    assert not target.with_name("a.dump.part").exists()


# Bringing back


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump of a database with one table of one row."""
    from linyun.site.postgres import discard, throwaway

    made = throwaway()
    try:
        with psycopg.connect(made.url()) as c:
            c.execute("create table people (name text)")
            c.execute("insert into people values ('周桂芳')")
        target = tmp_path_factory.mktemp("backup") / "a.dump"
        dump(made.home, target, say=silent)
    finally:
        discard(made)
    return target


def test_a_backup_comes_back_where_nothing_was_and_not_a_second_time(kept: Path, backup: Path) -> None:
    restore(kept, backup, say=silent)
    server = ensure(kept, say=silent)
    assert rows(server, "select name from people") == [("周桂芳",)]
    with pytest.raises(PostgresError, match="已有数据，不会覆盖"):
        restore(kept, backup, say=silent)
    assert rows(server, "select count(*) from people") == [(1,)]


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.3])
def test_a_backup_that_was_cut_off_brings_nothing_and_says_so(
    kept: Path, backup: Path, tmp_path: Path, share: float
) -> None:
    half = tmp_path / "half.dump"
    whole = backup.read_bytes()
    half.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(PostgresError, match="导入失败，数据库没有改动"):
        restore(kept, half, say=silent)
    assert rows(ensure(kept, say=silent), "select count(*) from pg_tables where schemaname = 'public'") == [(0,)]


@pytest.mark.parametrize("what", ["missing.dump", "."])
def test_what_is_no_file_is_not_brought_back_and_starts_nothing(kept: Path, tmp_path: Path, what: str) -> None:
    with pytest.raises(PostgresError, match="没有找到文件"):
        restore(kept, tmp_path / what, say=silent)
    assert status(kept).state == "stopped"


# Data that is not whole


def test_a_cluster_without_its_version_is_not_touched(kept: Path) -> None:
    home = home_at(kept)
    (home.cluster / "PG_VERSION").unlink()
    before = sorted(p.name for p in home.cluster.iterdir())
    with pytest.raises(PostgresError, match="不是完整的数据库目录"):
        ensure(kept, say=silent)
    assert sorted(p.name for p in home.cluster.iterdir()) == before


@pytest.mark.parametrize("version", ["17", "19", "9.6", "", "eighteen"])
def test_data_of_any_other_version_is_refused_with_the_way_over(made: Home, version: str) -> None:
    (made.cluster / "PG_VERSION").write_text(f"{version}\n")
    with pytest.raises(PostgresError, match="linyun db dump") as refused:
        clusters._check_major(made, Binaries(Path("/x"), "18.4"))
    assert "数据没有改动" in str(refused.value) and "18.4" in str(refused.value)


def test_a_lost_superuser_password_is_named_and_the_data_stays(kept: Path) -> None:
    home = home_at(kept)
    secret = home.read("superuser.password")
    (home.folder / "superuser.password").unlink()
    with pytest.raises(PostgresError, match="superuser.password 丢失"):
        ensure(kept, say=silent)
    home.write("superuser.password", secret)
    assert rows(ensure(kept, say=silent), "select 1") == [(1,)]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00garbage", b"", b"\n\n\n", "²\n/x\n".encode(), b"-5\n", b"9" * 40])
def test_a_lock_file_full_of_nonsense_names_no_server(made: Home, content: bytes) -> None:
    (made.cluster / "postmaster.pid").write_bytes(content)
    assert postmaster.find(made) is None
    postmaster.clear_the_way(made, made.folder, silent)


def test_a_home_that_was_never_finished_is_said_to_be_so(made: Home) -> None:
    made.cluster.rmdir()
    (made.folder / "account").write_text("not a number")
    if os.geteuid():
        assert find(made.folder) is not None
    else:
        with pytest.raises(PostgresError, match="不完整"):
            find(made.folder)


@pytest.mark.parametrize("maker", ["", "abc 1", "² 1", "-1 1", "1"])
def test_a_trial_folder_whose_maker_nobody_can_read_stops_no_test_run(
    made: Home, monkeypatch: pytest.MonkeyPatch, maker: str
) -> None:
    made.write("maker", maker)
    monkeypatch.setattr(trial.postmaster, "end", lambda *a, **k: None)
    trial._remove_if_abandoned(made.folder)
    assert made.folder.exists() is (maker != "1"), "process 1 is alive, but was born at another moment"


# Addresses


@pytest.mark.parametrize(
    "url", ["not an address", "postgresql://u:se%zzcret@/db", "postgresql://[::1/db", "host=x =y", "://", "http//x"]
)
def test_an_address_that_is_none_is_answered_without_quoting_its_password(url: str) -> None:
    with pytest.raises(PostgresError, match=r"DATABASE_URL") as refused:
        prepare(url)
    assert "se%zzcret" not in str(refused.value) and "zzcret" not in str(refused.value)


def test_a_folder_that_is_no_socket_is_said_to_answer_nobody(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="无法连接"):
        prepare(f"postgresql://u:secret@/db?host={tmp_path}")


@pytest.mark.parametrize("password", ["a/b@c:d?e#f", "密码 with 空格", "%41", "'\\\"", "made anew"])
def test_an_address_gives_back_whatever_password_it_was_made_of(password: str) -> None:
    password = new_password() if password == "made anew" else password
    server = Server(Path("/h"), "/run/a b&c", PORT, "linyun", password)
    parts = psycopg.conninfo.conninfo_to_dict(server.url("other"))
    assert (parts["password"], parts["host"], parts["dbname"]) == (password, "/run/a b&c", "other")
    assert password not in repr(server)


# The command


def test_each_command_that_fails_says_one_sentence_and_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "pg")
    for words in (["restore", str(tmp_path / "none.dump")], ["dump", str(tmp_path)]):
        assert main([*words, "--data", place, "--json"]) == 1
        out, err = capsys.readouterr()
        assert "。" in json.loads(out)["error"] and err == ""
        assert main([*words, "--data", place]) == 1
        out, err = capsys.readouterr()
        assert out == "" and err.count("\n") == 1
    assert not (tmp_path / "pg").exists(), "neither made a database to fail in"


@pytest.mark.parametrize("words", [[], ["drop"], ["dump"], ["restore"], ["start", "--port", "5432"]])
def test_what_is_no_command_explains_the_commands(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2 and "linyun db" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("found", "says", "not_says"),
    [
        (Status("absent", Path("/d"), installed="18.4"), "尚未建立", "进程"),
        (Status("stopped", Path("/d")), "已停止", "PostgreSQL"),
        (Status("running", Path("/d"), 7, "/s", "a", "18.4", "18.4"), "进程 7", "换用"),
        (Status("running", Path("/d"), 7, "/s", "a", "18.3", "18.4"), "已安装 18.4，停止后再启动即可换用", "password"),
        (Status("starting", Path("/d"), 7, "/s", "a"), "正在启动", "PostgreSQL"),
        (Status("stopping", Path("/d"), 7, "/s", "a"), "正在停止", "PostgreSQL"),
    ],
)
def test_a_status_in_words(found: Status, says: str, not_says: str) -> None:
    assert says in _sentence(found) and not_says not in _sentence(found)
    assert json.dumps(found.as_dict())


def test_looking_and_stopping_at_a_place_where_nothing_is_make_nothing(tmp_path: Path) -> None:
    place = tmp_path / "a" / "pg"
    assert status(place).state == "absent"
    assert stop(place, say=silent) is False
    assert list(tmp_path.iterdir()) == []


# Places


@pytest.mark.parametrize(("chosen", "is_there"), [("/srv/linyun", "/srv/linyun/pg"), ("relative", "relative/pg")])
def test_where_the_data_lies_can_be_said(monkeypatch: pytest.MonkeyPatch, chosen: str, is_there: str) -> None:
    monkeypatch.setenv("LINYUN_DATA", chosen)
    assert default_data_dir() == Path(is_there)


def test_the_home_sign_is_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LINYUN_DATA", "~/data")
    assert default_data_dir() == tmp_path / "data" / "pg"


def test_a_file_where_a_folder_above_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(PostgresError, match="无法使用数据目录"):
        settle(tmp_path / "file" / "pg", silent)


def test_a_socket_folder_that_cannot_be_anywhere_asks_for_a_shorter_place(
    made: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linyun.site.postgres.home.TEMPORARY", ("/no/such/folder", "/" + "x" * 200))
    with pytest.raises(PostgresError, match="TMPDIR"):
        short_folder("linyun-", made.account)


def test_a_folder_with_a_comma_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "a,b"
    folder.mkdir(mode=0o700)
    home = Home(folder, me())
    chosen = socket_dir(home)
    try:
        assert "," not in str(chosen) and (folder / "run").is_symlink()
        assert socket_dir(home) == chosen, "found again"
    finally:
        chosen.rmdir()


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_socket_folder_that_others_can_enter_is_no_place_for_a_password(made: Home, mode: int) -> None:
    (made.folder / "run").mkdir(mode=0o700)
    (made.folder / "run").chmod(mode)
    with pytest.raises(PostgresError, match="700"):
        socket_dir(made)


def test_small_files_are_the_runners_alone_and_links_are_not_followed(made: Home, tmp_path: Path) -> None:
    made.write("owner.password", "secret")
    assert (made.folder / "owner.password").stat().st_mode & 0o077 == 0
    assert made.read("owner.password") == "secret" and made.read("nothing") == ""
    (tmp_path / "elsewhere").write_text("not ours")
    (made.folder / "planted").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="planted"):
        made.read("planted")
    with pytest.raises(OSError, match="planted"):
        made.write("planted", "x")
    assert (tmp_path / "elsewhere").read_text() == "not ours"


def test_two_homes_have_two_labels_and_one_home_always_the_same(tmp_path: Path) -> None:
    first, second = Home(tmp_path / "a", me()), Home(tmp_path / "b", me())
    assert first.label != second.label and first.label == Home(tmp_path / "a", me()).label
    assert len(f"postgres: {first.label}: ") < 40


# Accounts


def test_an_account_that_left_the_machine_goes_by_its_number() -> None:
    assert by_uid(4_000_123) == Account("4000123", 4_000_123, 4_000_123)


def test_programs_that_are_missing_or_broken_are_not_run(tmp_path: Path) -> None:
    broken = tmp_path / "postgres"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    assert me().can_run(broken) is False
    assert me().can_run(tmp_path / "missing") is False
    assert me().can_enter(tmp_path / "missing") is False


def test_a_command_sees_nothing_of_the_callers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("PGDATA", "/elsewhere")
    shown = me().run(["/usr/bin/env"]).stdout
    assert "PG" not in shown and "LANG=C.UTF-8" in shown

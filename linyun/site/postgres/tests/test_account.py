"""As whom the server runs, where its programs are found, and what is said when either cannot be had."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from linyun.site.postgres import PostgresError, Server, Status, ensure, status, trial
from linyun.site.postgres import account as account_module
from linyun.site.postgres import binaries as binaries_module
from linyun.site.postgres import cluster as cluster_module
from linyun.site.postgres.account import Account, by_uid, for_new_cluster, me
from linyun.site.postgres.binaries import bundled, debian15, usable, version_of

ROOT = Path(__file__).resolve().parents[4]


def entry(name: str, uid: int) -> pwd.struct_passwd:
    """A line of the account list."""
    return pwd.struct_passwd((name, "x", uid, uid, "", "/nonexistent", "/usr/sbin/nologin"))


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> dict[str, pwd.struct_passwd]:
    """The choice of an account as root would see it, on a machine with the accounts that the test puts in."""
    known: dict[str, pwd.struct_passwd] = {}
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(account_module.pwd, "getpwnam", lambda name: known[name])
    return known


def no_commands(*_: object, **__: object) -> None:
    raise AssertionError("no command should have been run")


def test_an_ordinary_person_runs_the_server_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(account_module.subprocess, "run", no_commands)
    assert for_new_cluster(no_commands).uid == 1000


def test_root_uses_the_dedicated_account_that_exists(
    as_root: dict[str, pwd.struct_passwd], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_root["linyun-pg"] = entry("linyun-pg", 995)
    monkeypatch.setattr(account_module.subprocess, "run", no_commands)
    assert for_new_cluster(no_commands) == Account("linyun-pg", 995, 995)


def test_root_makes_an_account_that_nobody_can_log_into(
    as_root: dict[str, pwd.struct_passwd], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[list[str]] = []

    def useradd(argv: list[str], **_: object) -> None:
        made.append(argv)
        as_root["linyun-pg"] = entry("linyun-pg", 990)

    monkeypatch.setattr(account_module.shutil, "which", lambda name, path: f"/usr/sbin/{name}")
    monkeypatch.setattr(account_module.subprocess, "run", useradd)
    assert for_new_cluster(no_commands).uid == 990
    assert made[0][0] == "/usr/sbin/useradd"
    assert "--system" in made[0]
    assert made[0][made[0].index("--shell") + 1] == "/usr/sbin/nologin"


@pytest.mark.parametrize("useradd", [None, "/usr/sbin/useradd"], ids=["no useradd", "useradd fails"])
def test_without_an_account_of_its_own_nobody_runs_it_and_the_danger_is_told(
    as_root: dict[str, pwd.struct_passwd], monkeypatch: pytest.MonkeyPatch, useradd: str | None
) -> None:
    as_root["nobody"] = entry("nobody", 65534)
    monkeypatch.setattr(account_module.shutil, "which", lambda name, path: useradd)
    monkeypatch.setattr(account_module.subprocess, "run", lambda *_, **__: None)
    told: list[str] = []
    assert for_new_cluster(told.append).name == "nobody"
    assert "能够读到数据" in told[0]


@pytest.mark.parametrize("uid", [None, 0])
def test_never_as_root(as_root: dict[str, pwd.struct_passwd], monkeypatch: pytest.MonkeyPatch, uid: int | None) -> None:
    if uid is not None:
        as_root["nobody"] = entry("nobody", uid)
    monkeypatch.setattr(account_module.shutil, "which", lambda name, path: None)
    with pytest.raises(PostgresError, match="useradd --system linyun-pg"):
        for_new_cluster(no_commands)


def test_an_account_without_a_name_goes_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_uid(3_999_999) == Account("3999999", 3_999_999, 3_999_999)
    monkeypatch.setattr(os, "geteuid", lambda: 3_999_999)
    assert me().name == "3999999"


def test_an_account_enters_what_it_may_and_runs_what_is_there(tmp_path: Path) -> None:
    assert me().can_enter(tmp_path)
    assert not me().can_enter(tmp_path / "missing")
    assert me().can_run(bundled() / "postgres")
    assert not me().can_run(tmp_path / "postgres")


def test_the_bundled_programs_are_18_and_found_without_importing_their_package() -> None:
    assert version_of(bundled()).startswith("18.")
    code = (
        "import sys; from linyun.site.postgres import binaries; binaries.bundled()\n"
        "print([m for m in sys.modules if 'pgserver' in m])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("postgres (PostgreSQL) 18.4\n", "18.4"),
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18"),
        ("postgres (PostgreSQL) 19beta1\n", "19"),
        ("postgres (PostgreSQL) 20\n", "20"),
        ("", None),
    ],
)
def test_versions_are_read_from_what_the_program_says(line: str, version: str | None) -> None:
    if version is None:
        with pytest.raises(PostgresError, match="无法识别"):
            binaries_module._parse(line)
    else:
        assert binaries_module._parse(line) == version


def test_programs_that_are_missing_are_answered_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Path
) -> None:
    monkeypatch.setattr(binaries_module, "DEBIAN_15", tmp_path)
    with pytest.raises(PostgresError, match="apt-get install postgresql-15"):
        debian15()
    with pytest.raises(PostgresError, match="无法运行"):
        usable(tmp_path, me())
    monkeypatch.setattr(binaries_module, "find_spec", lambda _: None)
    with pytest.raises(PostgresError, match="DATABASE_URL"):
        ensure(place, say=lambda _: None)
    assert status(place).installed is None


def test_other_systems_than_linux_are_told_what_they_can_do(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setattr(cluster_module.postmaster, "has_proc", lambda: False)
    with pytest.raises(PostgresError, match="只支持 Linux.*DATABASE_URL"):
        ensure(place)
    assert not place.exists()


def test_an_address_survives_any_password_and_folder() -> None:
    server = Server(Path("/d"), "/数据/a b&c?d=e", 5432, "linyun", "p:/?#[]@!$&'()*+,;= %密")
    assert conninfo_to_dict(server.url("postgres")) == {
        "host": server.host,
        "port": "5432",
        "user": "linyun",
        "password": server.password,
        "dbname": "postgres",
    }


def test_a_status_as_json_has_every_fact() -> None:
    assert set(Status("absent", Path("/d")).as_dict()) == {
        "state",
        "data",
        "pid",
        "socket",
        "account",
        "version",
        "installed",
    }


def test_memory_is_used_for_test_clusters_only_when_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_ROOM", 0)
    monkeypatch.setattr(trial, "_MEMORY", "/tmp")
    assert trial.in_memory() == ["/tmp"]
    monkeypatch.setattr(trial, "_ROOM", 2**62)
    assert trial.in_memory() == []
    monkeypatch.setattr(trial, "_MEMORY", "/nonexistent")
    assert trial.in_memory() == []

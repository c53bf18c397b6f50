"""Where the files lie: beside the checkout, elsewhere when they must, and never two checkouts in one home."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from linyun.site.postgres import PostgresError, base, default_data_dir, ensure, status, stop
from linyun.site.postgres import binaries as binaries_module
from linyun.site.postgres import home as home_module
from linyun.site.postgres.account import for_new_cluster, me
from linyun.site.postgres.home import find, settle, socket_dir
from linyun.site.postgres.tests.conftest import another_person, home_at


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def closed(path: Path) -> Path:
    """A data folder inside a folder that only its owner can enter, like root's own."""
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o700)
    return path


def test_the_data_lies_in_the_checkout_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LINYUN_DATA", raising=False)
    checkout = Path(__file__).resolve().parents[4]
    assert default_data_dir() == checkout / ".data" / "pg"
    monkeypatch.setenv("LINYUN_DATA", str(tmp_path))
    assert default_data_dir() == tmp_path / "pg"


def test_a_folder_with_other_things_is_left_alone(place: Path) -> None:
    place.mkdir(parents=True)
    (place / "letter.txt").write_text("mine")
    with pytest.raises(PostgresError, match="不是空目录"):
        settle(place, quiet)
    assert [p.name for p in place.iterdir()] == ["letter.txt"]
    assert [p.name for p in place.parent.iterdir()] == ["pg"]


def test_a_file_in_the_way_is_named(place: Path) -> None:
    place.parent.write_text("")
    with pytest.raises(PostgresError, match=str(place)):
        settle(place, quiet)


def test_an_empty_folder_is_taken(place: Path) -> None:
    place.mkdir(parents=True)
    home = settle(place, quiet)
    assert home.folder == place.resolve()
    assert settle(place, quiet) == home


def test_folders_above_keep_their_rights_and_the_server_still_runs(place: Path, plant: Callable[[Path], Path]) -> None:
    server = ensure(plant(closed(place)), throwaway=True, say=quiet)
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        assert server.home.parent == base.BASE
        assert place.is_symlink()
    else:
        assert server.home == place.resolve()
    assert status(place).state == "running"
    stop(place, say=quiet)


def test_a_moved_checkout_keeps_its_data(places: Callable[[str], Path]) -> None:
    old, new = closed(places("old")), places("new")
    folder = settle(old, quiet).folder
    moved = folder if old.is_symlink() else new
    old.parent.rename(new.parent)
    assert settle(new, quiet).folder == moved.resolve()
    assert settle(new, quiet).folder == moved.resolve()


def test_a_copied_checkout_gets_a_server_of_its_own(
    places: Callable[[str], Path], plant: Callable[[Path], Path]
) -> None:
    old, new = plant(closed(places("old"))), places("new")
    first = ensure(old, throwaway=True, say=quiet)
    shutil.copytree(old.parent, new.parent, symlinks=True, ignore=shutil.ignore_patterns(".s.PGSQL*"))
    if os.geteuid() == 0:
        told: list[str] = []
        second = ensure(new, throwaway=True, say=told.append)
        assert "不能共用数据" in told[0]
    else:
        second = ensure(new, throwaway=True, say=quiet)
    assert second.home != first.home
    assert second.host != first.host
    assert status(old).pid != status(new).pid
    assert status(old).state == "running"


def test_a_copy_of_running_data_is_not_taken_for_the_running_server(
    places: Callable[[str], Path], plant: Callable[[Path], Path]
) -> None:
    old, new = plant(places("old")), places("new")
    first = ensure(old, throwaway=True, say=quiet)
    new.parent.mkdir()
    os.spawnlp(os.P_WAIT, "cp", "cp", "-a", str(old), str(new))
    assert status(new).state == "stopped"
    second = ensure(new, say=quiet)
    assert (first.home, status(old).state) == (old.resolve(), "running")
    assert (second.home, status(new).state) == (new.resolve(), "running")
    assert status(old).pid != status(new).pid


def test_a_new_clone_at_the_same_place_starts_empty_and_the_old_data_is_named(place: Path) -> None:
    first = settle(closed(place), quiet).folder
    elsewhere = place.is_symlink()
    shutil.rmtree(place.parent)
    told: list[str] = []
    second = settle(closed(place), told.append).folder
    if elsewhere:
        assert first != second
        assert str(first) in told[0]
    assert find(place) is not None
    assert not (second / "cluster").exists()


def test_a_link_whose_data_was_deleted_starts_anew(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.symlink_to(place.parent / "gone")
    assert settle(place, quiet).folder == place.resolve()
    assert place.is_dir()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(
    places: Callable[[str], Path], plant: Callable[[Path], Path]
) -> None:
    place = plant(places("邻里" * 20))
    server = ensure(place, throwaway=True, say=quiet)
    assert len(os.fsencode(f"{server.host}/.s.PGSQL.5432")) <= 107
    assert not server.host.startswith(str(place.parent))
    assert stat.S_IMODE(Path(server.host).stat().st_mode) == 0o700
    assert ensure(place, say=quiet) == server
    stop(place, say=quiet)
    shutil.rmtree(server.host)
    assert ensure(place, say=quiet).host != server.host


def test_a_path_with_blanks_and_quotes_works(places: Callable[[str], Path]) -> None:
    place = places("""it's "邻云", $HOME `here`""")
    assert ensure(place, throwaway=True, say=quiet).home == place.resolve()
    assert status(place).state == "running"


def test_data_of_another_account_is_refused_with_a_sentence(place: Path) -> None:
    settle(place, quiet)
    if os.geteuid() == 0:
        with another_person(), pytest.raises(PostgresError, match="由另一个账号建立"):
            status(place)
    else:
        assert find(place) is not None


def test_a_start_waits_for_another_one_and_says_so(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = settle(place, quiet)
    clock = [0.0]
    monkeypatch.setattr(home_module.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(home_module.time, "sleep", lambda _: clock.__setitem__(0, clock[0] + 1))
    told: list[str] = []
    with home.alone(quiet), pytest.raises(PostgresError, match="稍后再试"), home.alone(told.append):
        pass
    assert told == ["另一个进程正在启动或停止数据库，请稍候……"]
    with home.alone(told.append):
        assert len(told) == 1


def test_programs_in_a_closed_folder_are_copied_for_the_server_s_account(
    places: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = binaries_module.bundled()
    package = closed(places("venv")).parent
    (package / real.parents[1].name).symlink_to(real.parents[1])
    (package / f"{real.parents[1].name}.libs").symlink_to(real.parents[2] / f"{real.parents[1].name}.libs")
    hidden = package / real.parents[1].name / real.parent.name / "bin"
    monkeypatch.setattr(binaries_module, "bundled", lambda: hidden)
    account = for_new_cluster(quiet)
    found = binaries_module.usable(None, account)
    assert found.major == 18
    if os.geteuid() == 0:
        assert base.BASE in found.folder.parents
        assert found.folder.parent.stat().st_uid == 0
        assert account.run([found.path("initdb"), "--version"]).returncode == 0
        assert binaries_module.usable(None, account) == found
        with pytest.raises(PostgresError, match="检查目录权限"):
            binaries_module.usable(hidden, account)
    else:
        assert (account, found.folder) == (me(), hidden)


def test_a_base_that_others_can_write_to_is_refused(place: Path) -> None:
    base.BASE.mkdir(parents=True)
    base.BASE.chmod(0o777)
    with pytest.raises(PostgresError, match="仅 root 可写"), base.base_alone():
        pass
    assert not place.exists()


def test_the_socket_folder_is_made_once(place: Path) -> None:
    home = settle(place, quiet)
    assert socket_dir(home) == socket_dir(home_at(place)) == home.folder / "run"

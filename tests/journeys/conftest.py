"""The stage of the journeys: a small demonstration (公交新村 and 铁岭路五十弄), a running server, a browser.

Needs a chromium; CHROMIUM names another than /usr/bin/chromium. A machine without one says LINYUN_WITHOUT_BROWSER=1:
the journeys are then not collected at all. Otherwise its absence is a failure, in a sentence.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql
from psycopg.conninfo import make_conninfo

from linyun.site.demo.people import PASSWORD
from linyun.site.postgres import prepare
from tests.database import _server

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WITHOUT = os.environ.get("LINYUN_WITHOUT_BROWSER") == "1"
PHONE, PC = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PATIENCE = 120  # seconds for migrating and for the server's first answer, on a busy machine
collect_ignore_glob = ["test_*.py"] if WITHOUT else []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all journeys."""
    if not Path(CHROMIUM).exists():
        pytest.fail(
            f"没有找到浏览器 {CHROMIUM}。请安装 chromium，或设 LINYUN_WITHOUT_BROWSER=1 不跑这些测试", pytrace=False
        )
    with sync_playwright() as p:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = p.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
    except OSError:
        return False


def _run(environment: dict[str, str], *command: str) -> None:
    done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}", pytrace=False)


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running house with its own database and its own keys; gone afterwards."""
    given = getattr(request.config, "workerinput", {})
    server_url = given.get("linyun_server") or _server(request.config)
    prepare(server_url)
    name, port = f"linyun_test_{os.getpid()}_journeys", _free_port()
    data = tmp_path_factory.mktemp("house")
    environment = {
        **os.environ, "DATABASE_URL": make_conninfo(server_url, dbname=name), "LINYUN_DATA": str(data),
        "PYTHONPATH": str(settings.ROOT), "DJANGO_SETTINGS_MODULE": "linyun.site.settings",
    }  # fmt: skip
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name)))
        try:
            _run({**environment, "LINYUN_DB_ROLE": ""}, "-m", "django", "migrate", "--verbosity", "0")
            _run(environment, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0")
            _run(environment, "-m", "tests.journeys.world")
            yield from _serving(environment, port, data)
        finally:
            server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _serving(environment: dict[str, str], port: int, data: Path) -> Iterator[str]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "linyun.site.wsgi:application", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
    ]  # fmt: skip
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=settings.ROOT)
        try:
            began = time.monotonic()
            while not _answers(port):
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    pytest.fail(
                        f"the server did not start:\n{(data / 'server.log').read_text()[-4000:]}", pytrace=False
                    )
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
    shutil.rmtree(data, ignore_errors=True)


class Walker:
    """Somebody with a browser: ``page``, and what the browser complained of meanwhile."""

    def __init__(self, context: BrowserContext, house: str) -> None:
        self.page: Page = context.new_page()
        self.house, self.password = house, PASSWORD
        self.broken: list[str] = []
        self.page.on("console", lambda m: self.broken.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.broken.append(str(e)))

    def go(self, path: str) -> int:
        """Open an address of the house; answers the status."""
        answer = self.page.goto(self.house + path)
        return answer.status if answer else 0

    def sign_in(self, username: str) -> None:
        """Sign in as one of the demonstration's people."""
        self.go("/account/login?next=/desk")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(f"{self.house}/desk")


@pytest.fixture
def walk(browser: Browser, house: str) -> Iterator[Callable[..., Walker]]:
    """``walk("lin", phone=True)``: that person signed in, on a phone or a PC."""
    contexts: list[BrowserContext] = []

    def opened(username: str = "", *, phone: bool = False) -> Walker:
        touch: dict[str, Any] = {"has_touch": True, "is_mobile": True} if phone else {}
        contexts.append(browser.new_context(viewport=PHONE if phone else PC, locale="zh-CN", **touch))
        walker = Walker(contexts[-1], house)
        if username:
            walker.sign_in(username)
        return walker

    yield opened
    for context in contexts:
        context.close()

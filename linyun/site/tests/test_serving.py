"""Starting and stopping the house: a taken port is said, the page is waited for, one process that dies ends them all."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from linyun.site import serving

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
ENDS = [sys.executable, "-c", "import sys; sys.exit(3)"]


@contextmanager
def house(answer):
    """A server on this machine; ``answer`` maps the headers of a request to a status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, dict(self.headers)))
            self.send_response(answer(self.headers))
            self.end_headers()

        def log_message(self, *_args):
            """Say nothing."""

    asked = []
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    for name in ("LINYUN_HOSTS", "LINYUN_DEBUG", "PORT", "HOST"):
        monkeypatch.delenv(name, raising=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(("status", "answers"), [(200, True), (301, False), (400, False), (500, False), (503, False)])
def test_only_a_healthy_house_answers(status, answers):
    with house(lambda _headers: status) as (port, asked):
        assert serving._answers("127.0.0.1", port) is answers
    assert [path for path, _headers in asked] == ["/healthz"]


def test_nobody_at_the_port_is_no_answer():
    assert serving._answers("127.0.0.1", free_port()) is False


def test_somebody_who_speaks_otherwise_is_no_answer():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)

        def speak():
            one, _address = other.accept()
            one.recv(1000)
            one.sendall(b"SSH-2.0-x\r\n")
            one.close()

        talker = threading.Thread(target=speak, daemon=True)
        talker.start()
        assert serving._answers("127.0.0.1", other.getsockname()[1]) is False
        talker.join(5)


def strict(headers):
    """As Django answers in production: 400 to a name it does not know, a way to TLS to whoever speaks without."""
    if headers["Host"] not in ("a.example", "example.cn"):
        return 400
    return 200 if headers.get("X-Forwarded-Proto") == "https" else 301


@pytest.mark.parametrize("hosts", ["a.example", "a.example,b.example", ".example.cn"])
def test_a_house_in_production_is_asked_as_its_proxy_asks(monkeypatch, hosts):
    """Asked by its address and without TLS it would never say yes, and the start would wait for ever."""
    monkeypatch.setenv("LINYUN_HOSTS", hosts)
    with house(strict) as (port, _asked):
        assert serving._answers("127.0.0.1", port) is True


def test_a_taken_port_is_said_and_nothing_is_started(monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: pytest.fail("nothing may be prepared"))
    monkeypatch.setattr(subprocess, "Popen", lambda *_a, **_k: pytest.fail("nothing may be started"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        assert serving._port_is_free("127.0.0.1", port) is False
        assert serving.main("run", ["--port", str(port)]) == 1
    said = capsys.readouterr().out
    assert f"端口 {port} 已被占用" in said and "PORT=" in said
    assert serving._port_is_free("127.0.0.1", free_port()) is True


@pytest.mark.parametrize("arguments", [["--port", "八千"], ["--workers", "x"], ["--no-such"]])
def test_wrong_arguments_are_answered_with_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        serving.main("run", arguments)
    assert ended.value.code == 2
    assert "usage: linyun run" in capsys.readouterr().err


def test_a_wrong_port_of_the_environment_is_answered_with_the_usage(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "八千")
    with pytest.raises(SystemExit) as ended:
        serving.main("serve", [])
    assert ended.value.code == 2 and "八千" in capsys.readouterr().err


def test_a_preparation_that_fails_stops_the_start_with_a_sentence(monkeypatch):
    monkeypatch.setattr(serving, "LINYUN", "/bin/false")
    with pytest.raises(SystemExit) as ended:
        serving._prepare(demo=False)
    assert "准备没有成功" in str(ended.value.code)


@pytest.mark.parametrize(("demo", "arguments"), [(True, ["prepare", "--demo"]), (False, ["prepare"])])
def test_the_preparation_owns_the_tables(monkeypatch, tmp_path, demo, arguments):
    told = tmp_path / "told"
    script = tmp_path / "linyun"
    script.write_text(f'#!/bin/sh\necho "$@" > {told}\necho "role=$LINYUN_DB_ROLE" >> {told}\n')
    script.chmod(0o755)
    monkeypatch.setenv("LINYUN_DB_ROLE", "linyun_app")
    monkeypatch.setattr(serving, "LINYUN", str(script))
    serving._prepare(demo)
    assert told.read_text().split() == [*arguments, "role="]


@pytest.mark.parametrize("jobs", [0, 1, 3])
def test_one_web_server_and_as_many_job_workers_as_asked_for(monkeypatch, jobs):
    started = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, env: started.append((command, env)))
    serving._processes("127.0.0.1", 8123, workers=2, jobs=jobs)
    web, environment = started[0]
    assert len(started) == 1 + jobs
    assert (
        web[0].endswith("granian") and web[web.index("--port") + 1] == "8123" and web[web.index("--workers") + 1] == "2"
    )
    assert "--respawn-failed-workers" in web
    assert environment["LINYUN_POOL"] == "8", "each request would open a connection of its own"
    assert all(command[1:] == ["procrastinate", "worker"] for command, _env in started[1:])


def test_the_first_that_dies_ends_the_others_and_its_code_is_the_answer():
    processes = [subprocess.Popen(SLEEPS), subprocess.Popen(ENDS)]
    processes[1].wait(10)
    assert serving._watch(processes, lambda: None) == 3
    assert processes[0].poll() == -signal.SIGTERM


def test_one_that_ends_quietly_is_a_failure_too():
    """A job worker that stops without an error must not leave a house in which nothing is done any more."""
    processes = [subprocess.Popen(SLEEPS), subprocess.Popen([sys.executable, "-c", ""])]
    processes[1].wait(10)
    assert serving._watch(processes, lambda: None) == 1
    assert processes[0].poll() is not None


def test_ctrl_c_and_sigterm_end_everything_without_an_error(capsys):
    processes = [subprocess.Popen(SLEEPS), subprocess.Popen(SLEEPS)]

    def interrupted():
        serving._interrupted(signal.SIGTERM, None)

    assert serving._watch(processes, interrupted) == 0
    assert all(p.poll() is not None for p in processes)
    assert "正在停下" in capsys.readouterr().out


def test_the_welcome_waits_for_the_first_page_and_names_who_can_come_in(monkeypatch, tmp_path, capfd):
    script = tmp_path / "linyun"
    script.write_text('#!/bin/sh\necho "told: $@"\n')
    script.chmod(0o755)
    monkeypatch.setattr(serving, "LINYUN", str(script))
    ready = iter((503, 503, 200))
    web = subprocess.Popen(SLEEPS)
    try:
        with house(lambda _headers: next(ready)) as (port, asked):
            serving._welcome(web, "127.0.0.1", port, demo=True)
        said = capfd.readouterr().out
        assert len(asked) == 3
        assert f"http://127.0.0.1:{port}" in said and "told: demo --who" in said
        with house(lambda _headers: 200) as (port, _asked):
            serving._welcome(web, "127.0.0.1", port, demo=False)
        assert "told:" not in capfd.readouterr().out
    finally:
        web.kill()
        web.wait(5)


def test_a_web_server_that_dies_is_welcomed_by_nobody(capsys):
    web = subprocess.Popen(ENDS)
    web.wait(10)
    serving._welcome(web, "127.0.0.1", free_port(), demo=True)
    assert capsys.readouterr().out == ""


def test_the_programs_stand_beside_this_python():
    assert os.access(serving.LINYUN, os.X_OK)

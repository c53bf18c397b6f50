"""Pages of a committee of 5,000 people: in one process against the same page in Django's templates; then 50 connections at once
against a real server.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from difflib import unified_diff
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ROLE = "linyun_app"
PEOPLE, CONNECTIONS, REQUESTS, PORT = 5000, 50, 400, 8077
LIST, PEER, USUAL = "/desk/people", "/bench/people", "/bench/usual"
RULE = "/desk/crowds?" + urlencode({"rule": "年龄 >= 70 且 标签 = 独居老人"})


def furnish() -> tuple[str, str]:
    """A committee with people, a worker; answers (session cookie, a person's id)."""
    from django.test import Client

    from bench.imports import AREAS, COMMITTEE
    from linyun.foundation.accounts.models import Account
    from linyun.foundation.accounts.services import open_account
    from linyun.foundation.acts.actor import Actor, acting
    from linyun.foundation.areas.scope import within
    from linyun.foundation.areas.services import load as load_areas
    from linyun.kernel.declare import Role
    from linyun.kernel.synth.estates import Area
    from linyun.kernel.synth.world import generate
    from linyun.site.demo.load import load
    from tests.characters import sign_in

    load_areas(iter(AREAS), "bench")
    world = generate([Area(COMMITTEE, "公交新村居委会")], PEOPLE, 1, date(2026, 11, 1))
    with acting(Actor(name="bench", role=Role.OPERATOR, area="", channel="command")), within(""):
        load(world)
        open_account("bench", "林晓岚", Role.WORKER, COMMITTEE)
    vacuum()
    client = Client()
    sign_in(client, Account.objects.get(username="bench"))
    return client.cookies["sessionid"].value, str(world.persons["id"][0])


def vacuum() -> None:
    """What autovacuum does within a minute of a load: else index-only scans read every row once more."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("vacuum analyze")
    connection.close()  # the next connection works as the application's role again


def seen(html: str) -> list[str]:
    """What a reader sees and where it leads: the texts and addresses of a page, in order, without the proofs of forms."""
    text = re.sub(r'<input type="hidden" name="(?:csrfmiddlewaretoken|client_key)"[^>]*>|(?<=after=)[\w-]+', "", html)
    text = re.sub(r'(?<=value=")/(?:desk|bench)/(?:people|usual)', "", text)
    found = re.findall(r'<(\w+)|\b(?:href|action|value|aria-label|placeholder|class)="([^"]*)"|>([^<]+)', text)
    return [unescape(piece.strip()) for part in found for piece in part if piece.strip()]


def in_process(cookie: str) -> dict[str, Any]:
    """Median milliseconds of a whole request, ours and the peer in turn."""
    from django.conf import settings
    from django.test import Client

    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "bench.peer.urls", ["*"]
    client = Client()
    client.cookies["sessionid"] = cookie
    pages = [seen(client.get(path).content.decode()) for path in (LIST, PEER, USUAL)]
    for peer in pages[1:]:
        unequal = list(unified_diff(pages[0], peer, lineterm="", n=0))
        assert not unequal, "\n".join(["the peer shows another page:", *unequal[:90]])
    found: dict[str, list[float]] = {}
    for _ in range(30):
        for path in (LIST, PEER, USUAL, RULE):
            began = time.perf_counter()
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            found.setdefault(path, []).append((time.perf_counter() - began) * 1000)
    ours, peer, usual, crowd = (statistics.median(times[3:]) for times in found.values())
    return {
        "list_ms": round(ours, 1),
        "list_in_django_templates_ms": round(peer, 1),
        "list_as_django_listview_ms": round(usual, 1),
        "templates / ours": round(peer / ours, 2),
        "listview / ours": round(usual / ours, 2),
        "crowd_ms": round(crowd, 1),
    }


def at_once(path: str, cookie: str, body: Callable[[], bytes] | None = None) -> dict[str, Any]:
    """REQUESTS requests over CONNECTIONS connections: requests a second and milliseconds."""
    times: list[float] = []
    bad: list[int] = []

    def work() -> None:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
        for _ in range(REQUESTS // CONNECTIONS):
            began = time.perf_counter()
            headers = {"Cookie": f"sessionid={cookie}; csrftoken={'c' * 32}", "X-CSRFToken": "c" * 32,
                       "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
            connection.request("POST" if body else "GET", path, body() if body else None, headers)
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - began) * 1000)
            if answer.status not in (200, 303):
                bad.append(answer.status)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return {
        "requests_per_second": round(len(times) / (time.perf_counter() - began)),
        "median_ms": round(times[len(times) // 2]),
        "p95_ms": round(times[int(len(times) * 0.95)]),
        "failed": len(bad),
    }


def served(cookie: str, person: str) -> dict[str, Any]:
    """The pages on a server as `linyun serve` starts it."""
    web = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "linyun.site.wsgi:application",
           "--port", str(PORT), "--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "5",
           "--log-level", "error"]  # fmt: skip
    server = subprocess.Popen(web, env={**os.environ, "LINYUN_POOL": "8", "LINYUN_DB_ROLE": ROLE})
    try:
        for _ in range(100):
            time.sleep(0.2)
            try:
                HTTPConnection("127.0.0.1", PORT, timeout=1).connect()
                break
            except OSError:
                continue
        at_once("/healthz", cookie)

        def written() -> bytes:
            sheet = {
                "mode": "2",
                "visited_on": datetime.now(UTC).date().isoformat(),
                "situation": "bench",
                "client_key": str(uuid4()),
            }
            return urlencode(sheet).encode()

        return {
            "ceiling (/healthz)": at_once("/healthz", cookie),
            "list": at_once("/desk/people", cookie),
            "detail": at_once(f"/desk/people/{person}", cookie),
            "crowd": at_once(RULE, cookie),
            "visit written": at_once(f"/desk/people/{person}/visit", cookie, written),
        }
    finally:
        server.terminate()
        server.wait()


def measure() -> dict[str, Any]:
    """All of it."""
    cookie, person = furnish()
    return {
        "people": PEOPLE,
        "in one process": in_process(cookie),
        f"{CONNECTIONS} connections": served(cookie, person),
    }


if __name__ == "__main__":
    from bench.machine import set_up

    set_up()
    print(json.dumps(measure(), ensure_ascii=False, indent=1))  # noqa: T201

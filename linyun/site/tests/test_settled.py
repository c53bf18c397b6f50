"""What the house speaks like behind its proxy, and what `linyun check` says of everything it looks at."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.checks import Warning as Caution
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver

from linyun.kernel.catalogue import catalogue
from linyun.site import soundness
from linyun.site.apps import SiteConfig
from linyun.site.soundness import Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings):
    """As settings are in production: see test_machine for how they come to be so."""
    settings.PRODUCTION = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["a.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://a.example"]
    return settings


TLS = {"host": "a.example", "x-forwarded-proto": "https"}


def test_without_tls_one_is_sent_to_it(production):
    answer = Client().get("/account/login", headers={"host": "a.example"})
    assert (answer.status_code, answer["Location"]) == (301, "https://a.example/account/login")


def test_behind_the_proxy_pages_come_and_cookies_keep_to_tls(production):
    answer = Client().get("/account/login", headers=TLS)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer["Strict-Transport-Security"]
    assert all(cookie["secure"] for cookie in answer.cookies.values()) and answer.cookies


@pytest.mark.parametrize("host", ["b.example", "127.0.0.1", "a.example.evil.example"])
def test_another_name_is_refused(production, host):
    assert Client().get("/account/login", headers={**TLS, "host": host}).status_code == 400


def test_a_form_of_another_site_is_refused(production):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/account/login", {"username": "x", "password": "y"}, headers={**TLS, "origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_the_watch_is_answered_as_the_start_asks(production):
    assert Client().get("/healthz", headers=TLS).content == b"ok"


def test_passwords_and_sessions_are_kept_as_they_must(settings):
    lengths = [v for v in configured.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in v["NAME"]]
    assert lengths[0]["OPTIONS"]["min_length"] >= 10
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE and settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.MIDDLEWARE[0].endswith("SecurityHeaders"), "also what goes wrong further down bears them"


def test_every_route_has_a_name_of_its_own():
    names = [key for key in get_resolver().reverse_dict if isinstance(key, str)]
    assert len(names) == len(set(names)) > 60


def test_the_catalogue_opens_once():
    before = catalogue.actions
    SiteConfig("linyun.site", __import__("linyun.site", fromlist=["site"])).ready()
    assert catalogue.actions is before and len(before) > 30


def found(folder: Path | None = None) -> dict[str, Finding]:
    return {f.name: f for f in soundness.findings(folder)}


def test_each_finding_says_something_and_what_is_wrong_says_what_to_do(tmp_path, monkeypatch):
    for finding in found(tmp_path).values():
        assert finding.sound and len(finding.said) >= 4, finding
    (tmp_path / "keys.json").write_text("{}")
    (tmp_path / "keys.json").chmod(0o644)
    monkeypatch.setattr(soundness, "LITTLE", 2**80)
    monkeypatch.setattr(soundness, "OLDEST", 99)
    wrong = [f for f in found(tmp_path).values() if not f.sound]
    assert {f.name for f in wrong} == {"密钥", "磁盘", "数据库"}
    assert all("请" in f.said for f in wrong)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o660, 0o606, 0o601, 0o610])
def test_any_right_of_others_to_the_keys_is_too_much(tmp_path, mode):
    (tmp_path / "keys.json").write_text("{}")
    (tmp_path / "keys.json").chmod(mode)
    finding = found(tmp_path)["密钥"]
    assert finding.sound is (mode & 0o077 == 0)
    assert finding.sound or f"chmod 600 {tmp_path / 'keys.json'}" in finding.said


def test_a_folder_that_is_not_there_yet_is_no_fault(tmp_path):
    looked = found(tmp_path / "later")
    assert looked["磁盘"].sound and looked["密钥"].sound


@pytest.mark.parametrize("away", [OperationalError("server closed\nmore"), OperationalError("refused")])
def test_a_database_that_goes_away_meanwhile_is_said_in_one_line(monkeypatch, away):
    def gone(_statement):
        raise away

    monkeypatch.setattr(soundness, "_rows", gone)
    looked = [f for f in soundness.findings() if not f.sound]
    assert [f.name for f in looked] == ["数据库"]
    assert "\n" not in looked[0].said and "DATABASE_URL" in looked[0].said
    assert {"密钥", "磁盘"} <= {f.name for f in soundness.findings()}, "the rest is looked at all the same"


def check(monkeypatch, *cautions, **options):
    """What the command prints, and its exit code."""
    monkeypatch.setattr("linyun.site.management.commands.check.run_checks", lambda: list(cautions))
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("check", stdout=out, stderr=err, **options)
    except SystemExit as ended:
        code = ended.code
    return out.getvalue(), err.getvalue(), code


def test_a_wrong_setting_is_told_and_ends_with_one(monkeypatch):
    out, err, code = check(monkeypatch, Caution("代理没有数", hint="改成 1", id="linyun.W001"))
    assert code == 1 and "代理没有数" in err and "好  数据库" in out
    out, _err, code = check(monkeypatch, Caution("代理没有数", id="linyun.W001"), json=True)
    answer = json.loads(out)
    assert code == 1 and answer["sound"] is False and "代理没有数" in answer["settings"][0]
    assert all(f["sound"] for f in answer["findings"])


def test_what_somebody_silenced_is_silent(monkeypatch, settings):
    settings.SILENCED_SYSTEM_CHECKS = ["linyun.W001"]
    _out, err, code = check(monkeypatch, Caution("代理没有数", id="linyun.W001"))
    assert (err, code) == ("", 0)

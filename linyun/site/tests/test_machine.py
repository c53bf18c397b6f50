"""What the environment says of the machine: taken as meant, or refused in a sentence before anything starts."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.site.machine import Unusable, hosts, number

KEYS = {"LINYUN_SECRET_KEY": "s" * 40, "LINYUN_DATA_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
ASKED = """
import json
from linyun.site import settings as s
print(json.dumps({n: getattr(s, n) for n in (
    "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "PRODUCTION", "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT", "DATABASES",
    "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_AGE", "X_FRAME_OPTIONS", "PASSWORD_HASHERS")}))
"""


def started(tmp_path, code=ASKED, **env):
    """Python as a machine with just this environment would start it."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LINYUN_", "DATABASE_", "PORT"))}
    given_ = {**clean, "LINYUN_DATA": str(tmp_path), **env}
    return subprocess.run([sys.executable, "-c", code], env=given_, capture_output=True, text=True, check=False)


def settings_of(tmp_path, **env):
    done = started(tmp_path, **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" , ,", []),
        ("a.example", ["a.example"]),
        ("a.example, b.example ", ["a.example", "b.example"]),
        (".example.cn", [".example.cn"]),
        ("a.example:8443", ["a.example:8443"]),
        ("192.0.2.1,[2001:db8::1]", ["192.0.2.1", "[2001:db8::1]"]),
    ],
)
def test_names_of_the_house(text, found):
    assert hosts({"LINYUN_HOSTS": text}) == found


@pytest.mark.parametrize(
    "text",
    ["*", "https://a.example", "a.example/", "a b", "a.example;b.example", "社区.中国", "a_b!", "a.example:", "-a"],
)
def test_what_is_no_name_is_refused_with_the_right_way(text):
    with pytest.raises(Unusable, match="LINYUN_HOSTS") as refused:
        hosts({"LINYUN_HOSTS": f"ok.example,{text}"})
    assert text in str(refused.value) and "linyun.example.cn" in str(refused.value)


def test_nobody_serves_people_with_open_error_pages():
    assert hosts({"LINYUN_DEBUG": "1"}) == []
    with pytest.raises(Unusable, match="LINYUN_DEBUG"):
        hosts({"LINYUN_HOSTS": "a.example", "LINYUN_DEBUG": "1"})


@pytest.mark.parametrize(("text", "found"), [("", 7), ("  ", 7), ("0", 0), (" 3 ", 3), ("9", 9)])
def test_a_number_is_taken_or_the_usual_stands(text, found):
    assert number({"N": text}, "N", 7, high=9) == found
    assert number({}, "N", 7) == 7


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8))
def test_any_other_text_is_refused_by_its_name(text):
    plain = text.strip()
    if plain and not (plain.isascii() and plain.isdigit() and len(plain) <= 6 and int(plain) <= 9):
        with pytest.raises(Unusable, match="LINYUN_POOL"):
            number({"LINYUN_POOL": text}, "LINYUN_POOL", 0, high=9)


def test_on_ones_own_machine_nothing_is_asked_for(tmp_path):
    found = settings_of(tmp_path)
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert (found["PRODUCTION"], found["DEBUG"], found["CSRF_TRUSTED_ORIGINS"]) == (False, False, [])
    assert found["DATABASES"]["default"]["OPTIONS"]["options"] == "-c role=linyun_app"
    assert found["DATABASES"]["default"]["OPTIONS"].get("pool") is None
    assert (tmp_path / "keys.json").exists()


def test_in_production_everything_is_closed(tmp_path):
    found = settings_of(tmp_path, LINYUN_HOSTS="a.example, .b.example,c.example:8443", **KEYS)
    assert found["ALLOWED_HOSTS"] == ["a.example", ".b.example", "c.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://a.example", "https://*.b.example", "https://c.example:8443"]
    for closed in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_HTTPONLY"):
        assert found[closed] is True, closed
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert (found["ALLAUTH_TRUSTED_PROXY_COUNT"], found["X_FRAME_OPTIONS"]) == (1, "DENY")
    assert found["SESSION_COOKIE_AGE"] <= 12 * 3600
    assert found["PASSWORD_HASHERS"][0].endswith("ScryptPasswordHasher"), "the tests hash faster; people must not"
    assert not (tmp_path / "keys.json").exists(), "no key is made beside those that were given"


def test_pool_role_proxies_and_database_as_told(tmp_path):
    found = settings_of(
        tmp_path, LINYUN_POOL="5", LINYUN_DB_ROLE="", LINYUN_PROXIES="2",
        DATABASE_URL="postgresql://wang:p%40ss@db.example:6432/committee",
    )  # fmt: skip
    base = found["DATABASES"]["default"]
    assert (base["USER"], base["PASSWORD"], base["HOST"], base["PORT"], base["NAME"]) == (
        "wang", "p@ss", "db.example", "6432", "committee")  # fmt: skip
    assert base["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 5}
    assert "options" not in base["OPTIONS"], "migrations work as the owner"
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2


WRONG = [
    ({"LINYUN_HOSTS": "https://a.example", **KEYS}, "LINYUN_HOSTS"),
    ({"LINYUN_HOSTS": "a.example"}, "LINYUN_DATA_KEY"),
    ({"LINYUN_PROXIES": "一层"}, "LINYUN_PROXIES"),
    ({"LINYUN_POOL": "-1"}, "LINYUN_POOL"),
    ({**KEYS, "LINYUN_DATA_KEY": "短"}, "Base64"),
]


@pytest.mark.parametrize(("env", "said"), WRONG)
def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path, env, said):
    code = "import sys; from linyun.site.cli import main; sys.exit(main(['synth', '--people', '1', '--out', 'x']))"
    done = started(tmp_path, code, **env)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_program_gets_the_sentence_as_an_object(tmp_path):
    code = "import sys; from linyun.site.cli import main; sys.exit(main(['synth', '--json', '--people', '1', '--out', 'x']))"
    done = started(tmp_path, code, LINYUN_POOL="many")
    assert done.returncode == 2 and "LINYUN_POOL" in json.loads(done.stdout)["error"]

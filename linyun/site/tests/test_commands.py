"""`linyun demo`, `prepare` and `synth` as they are typed: wrong wishes are answered in a sentence, nothing is half done."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

from linyun.foundation.accounts.models import Account
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.site import cli, database
from linyun.site.demo import people
from linyun.work.visits.models import Visit
from tests.characters import AREAS, HERE, PASSWORD
from tests.residents import add_person


def said(capsys, *command, **options):
    call_command(*command, **options)
    return capsys.readouterr()


@pytest.fixture
def ground(db):
    """The committees of the sub-district, and nobody in them."""
    for code, name, kind in AREAS:
        if len(code) <= 12:
            Area.objects.create(code=code, name=name, kind=kind, source="test")


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def test_a_small_demonstration_is_whole(ground, data, capsys):
    told = said(capsys, "demo", people=60)
    assert "已载入" in told.err
    with within(""):
        assert Person.objects.count() >= 60 and Visit.objects.exists()
    assert {p.username for p in people.PLAYERS} <= set(Account.objects.values_list("username", flat=True))
    assert (data / "demo").is_dir()


def test_a_house_with_people_gets_no_demonstration(ground, data, person_there, capsys):
    with pytest.raises(CommandError, match="已经有居民"):
        call_command("demo", people=60)
    call_command("demo", people=60, if_empty=True)
    with within(""):
        assert list(Person.objects.values_list("name", flat=True)) == ["周桂芳"]
    assert not Account.objects.exists()


@pytest.fixture
def person_there(ground):
    return add_person(HERE, name="周桂芳")


@pytest.mark.parametrize("wanted", [0, -5])
def test_nobody_is_no_demonstration(ground, data, wanted):
    with pytest.raises(CommandError, match="至少写 1"):
        call_command("demo", people=wanted)
    with within(""):
        assert not Person.objects.exists() and not Account.objects.exists()


@pytest.mark.parametrize("name", ["nobody", "LIN", "jiedao "])
def test_a_code_is_told_for_known_accounts_alone(name):
    with pytest.raises(CommandError, match="没有"):
        call_command("demo", code=name)


@pytest.mark.django_db
def test_who_can_come_in_is_listed_with_what_they_need(capsys, data):
    Account.objects.create(username="lin", name="林晓岚", password="x")
    Account.objects.create(username="jiedao", name="沈立新", password="x")
    told = said(capsys, "demo", who=True).out
    lin = next(line for line in told.splitlines() if "林晓岚" in line)
    street = next(line for line in told.splitlines() if "沈立新" in line)
    assert people.PASSWORD in told and PASSWORD not in told
    assert "动态码" not in lin and "linyun demo --code jiedao" in street
    assert "李静" not in told, "only those who have an account"


@pytest.mark.parametrize(
    ("options", "message"),
    [({"people": 0}, "at least"), ({"people": 10, "area": "99"}, "at least one committee")],
)
def test_a_world_of_nobody_is_refused(tmp_path, options, message):
    with pytest.raises(CommandError, match=message):
        call_command("synth", out=tmp_path / "w", **options)


def test_a_world_is_written_where_it_was_asked_for(tmp_path, capsys):
    told = said(capsys, "synth", people=50, out=tmp_path / "w", area="310110009016", json=True)
    made = json.loads(told.out)
    assert (tmp_path / "w").is_dir() and list((tmp_path / "w").rglob("*.parquet"))
    assert made and "已生成" in told.err


@pytest.mark.parametrize(
    ("command", "role"), [("migrate", ""), ("prepare", ""), ("check", "linyun_app"), ("demo", "linyun_app")]
)
def test_only_who_makes_tables_works_as_their_owner(monkeypatch, command, role):
    monkeypatch.setenv("LINYUN_DB_ROLE", "linyun_app")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///given")
    ran = []
    monkeypatch.setattr("django.core.management.execute_from_command_line", ran.append)
    assert cli.main([command, "--x"]) == 0
    assert ran == [["linyun", command, "--x"]]
    assert os.environ["LINYUN_DB_ROLE"] == role


@pytest.mark.parametrize("command", ["help", "version", "synth", "makemigrations"])
def test_what_needs_no_database_starts_none(monkeypatch, command):
    monkeypatch.setattr(cli, "ensure_database", lambda: pytest.fail("no server may be started"))
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda _arguments: None)
    assert cli.main([command]) == 0


def test_without_a_command_there_is_help(monkeypatch, capsys):
    ran = []
    monkeypatch.setattr("django.core.management.execute_from_command_line", ran.append)
    assert cli.main([]) == 0 and ran == [["linyun", "help"]]


def test_a_named_database_is_taken_as_it_is(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///given")
    monkeypatch.setattr(database.postgres, "ensure", lambda **_k: pytest.fail("no server of our own"))
    prepared = []
    monkeypatch.setattr(database.postgres, "prepare", prepared.append)
    database.ensure_database()
    assert prepared == []
    database.ensure_database(say=True)
    assert prepared == ["postgresql:///given"]


def test_the_house_of_its_own_is_started_where_none_is_named(monkeypatch):
    class Server:
        """What the embedded server answers."""

        @staticmethod
        def url():
            return "postgresql:///own"

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(database.postgres, "ensure", lambda say: Server())
    monkeypatch.setenv("DATABASE_URL", "")
    database.ensure_database()
    assert os.environ["DATABASE_URL"] == "postgresql:///own"

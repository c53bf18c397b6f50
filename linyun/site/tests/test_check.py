"""`linyun check` says what needs mending in an installation; every finding is planted once."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from linyun.site import cli, soundness
from tests.database import as_owner

pytestmark = pytest.mark.django_db


def found(folder=None):
    return {f.name: f for f in soundness.findings(folder)}


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def unsound():
    return {name for name, finding in found().items() if not finding.sound}


def test_a_new_house_is_sound():
    assert unsound() == set()


def test_a_table_without_protection_is_named():
    with as_owner():
        execute("create table lists_of_friends (area varchar(24))")
        assert "lists_of_friends" in found()["行级权限"].said
        execute("alter table lists_of_friends enable row level security")
        assert not found()["行级权限"].sound, "its owner passes by"
        execute("alter table lists_of_friends force row level security")
        assert found()["行级权限"].sound


def test_working_as_the_owner_is_reported():
    with as_owner():
        assert not found()["数据库角色"].sound


def test_a_missing_step_of_the_tables_is_reported():
    with as_owner():
        execute(
            "delete from django_migrations where id in (select max(id) from django_migrations where app = 'visits')"
        )
        finding = found()["表结构"]
    assert not finding.sound
    assert "linyun prepare" in finding.said


def test_a_failed_job_is_counted():
    with as_owner():
        execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status) values ('default', 't', '{}', 'failed')"
        )
        assert "1 个任务失败" in found()["后台任务"].said


@pytest.mark.parametrize(("mode", "sound"), [(0o600, True), (0o640, False), (0o604, False)])
def test_keys_that_others_can_read_are_reported(tmp_path, mode, sound):
    (tmp_path / "keys.json").write_text("{}")
    (tmp_path / "keys.json").chmod(mode)
    assert found(tmp_path)["密钥"].sound is sound


def test_keys_from_the_environment_need_no_file(tmp_path):
    assert found(tmp_path)["密钥"].sound


def test_a_full_disk_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(soundness, "LITTLE", 2**80)
    assert not found(tmp_path)["磁盘"].sound


def test_an_old_server_is_reported(monkeypatch):
    monkeypatch.setattr(soundness, "OLDEST", 99)
    assert "99" in found()["数据库"].said


def test_the_command_answers_as_json():
    out = StringIO()
    call_command("check", json=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["sound"] is True
    assert answer["settings"] == []
    assert {f["name"] for f in answer["findings"]} >= {"数据库", "行级权限", "密钥"}


def test_something_to_mend_ends_with_one(monkeypatch):
    monkeypatch.setattr(soundness, "LITTLE", 2**80)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check", stdout=out)
    assert ended.value.code == 1
    assert "要处理  磁盘" in out.getvalue()


def test_djangos_own_ways_of_asking_still_work():
    with pytest.raises(LookupError):
        call_command("check", "no_such_app")
    out = StringIO()
    call_command("check", list_tags=True, stdout=out)
    assert "security" in out.getvalue()


def test_a_refusal_is_an_object_for_programs_and_a_sentence_for_people(capsys, monkeypatch):
    monkeypatch.setattr(cli, "ensure_database", lambda: None)
    code = cli.main(["ledger", "make", "no_such_ledger", "--area", "310110009016", "--out", "x.xlsx", "--json"])
    said = capsys.readouterr()
    assert code == 1
    assert "310110009016" in json.loads(said.out)["error"]
    assert json.loads(said.out)["error"] in said.err


def test_what_goes_well_ends_with_zero(capsys, monkeypatch):
    monkeypatch.setattr(cli, "ensure_database", lambda: None)
    assert cli.main(["ledger", "list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) > 50

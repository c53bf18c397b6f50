"""How often somebody is visited is data: read with its source, for a person the most frequent, for a crowd those due."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from linyun.hub.scan import find
from linyun.hub.scan.find import Asked
from linyun.kernel import clock, seeds
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import DeclarationError, Level, Rhythm
from linyun.work.visits import rhythm
from tests.visits import visit_to

TODAY = clock.today()
GOOD = Rhythm("weekly", "高龄重点", "年龄 >= 80", 7, "一市做法", "一份报纸")
ENTRY = '[[rhythm]]\ncode = "weekly"\nname = "老人"\nrule = "年龄 >= 80"\ndays = 7\njurisdiction = "某市"\nsource = "报纸"\n'


def born(age):
    return TODAY - timedelta(days=age * 366 + 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"days": -7},
        {"days": 3661},
        {"rule": ""},
        {"source": ""},
        {"jurisdiction": ""},
        {"name": ""},
        {"code": "每周"},
    ],
)
def test_a_rhythm_states_whom_how_often_where_and_by_which_source(wrong):
    with pytest.raises(DeclarationError):
        replace(GOOD, **wrong)


@pytest.mark.parametrize(
    ("written", "said"),
    [(ENTRY.replace("days = 7", 'days = "七"'), "days"), (ENTRY.replace("days = 7\n", ""), "weekly"),
     (ENTRY + "colour = 1\n", "colour"), (ENTRY.replace("days = 7", "days = true"), "days"), ("rhythm = 3", "rhythm")],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_with_its_place(tmp_path: Path, written, said):
    (tmp_path / "rhythms.toml").write_text(written, "utf-8")
    with pytest.raises(seeds.SeedError, match=said) as refused:
        seeds.load_rhythms(tmp_path)
    assert "rhythms.toml" in str(refused.value)


def test_what_is_shipped_is_read_through_the_catalogue():
    assert list(catalogue.rhythms.values()) == seeds.load_rhythms(settings.SEEDS)
    assert len(catalogue.rhythms) >= 3


def test_names_shown_on_top_of_a_page_tell_no_sensitive_tag():
    sensitive = {t.name for t in catalogue.tags.values() if t.level >= Level.SENSITIVE}
    assert [r.name for r in catalogue.rhythms.values() if any(name in r.name for name in sensitive)] == []


@pytest.mark.parametrize(("days", "words"), [(7, "每周一次"), (30, "每月一次"), (90, "每季一次"), (10, "每 10 天一次")])
def test_how_often_is_said_as_people_say_it(days, words):
    assert rhythm.said(replace(GOOD, days=days)) == f"高龄重点 · {words}"


CASES = (("独居八十五", 85, True, "high_risk"), ("独居六十五", 65, True, "alone"), ("同住七十五", 75, False, "elder"),
         ("独居五十", 50, True, None), ("年龄不详", None, True, None))  # fmt: skip


@pytest.mark.django_db
def test_each_is_meant_by_the_most_frequent_that_fits(person, home, as_worker):
    expected = {}
    for name, age, alone, code in CASES:
        p = person(name=name, **({"birth_date": born(age)} if age else {}))
        others = [] if alone else [person(name="家人", birth_date=born(40))]
        home(p, *others, address=f"公交新村{name}")
        expected[p.pk] = code
    sql, params = rhythm.code_sql(TODAY)
    with as_worker(), connection.cursor() as cursor:
        cursor.execute(f"select s.id, {sql} from records_person s where s.name <> '家人'", params)  # noqa: S608
        assert dict(cursor.fetchall()) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("since", "due"), [(None, True), (0, False), (6, False), (7, True), (40, True)])
def test_a_day_has_come_when_the_days_have_passed(person, as_worker, since, due):
    p = person(birth_date=born(85))
    with as_worker():
        if since is not None:
            visit_to(p, TODAY - timedelta(days=since), situation="在家")
        assert find.ids(Asked.text(rhythm.due_rule(GOOD))) == ([p.pk] if due else [])


@pytest.mark.django_db
def test_today_leads_to_those_whose_day_has_come(person, home, client_of):
    alone = person(name="周桂芳", birth_date=born(85))
    home(alone)
    person(name="沈小妹", birth_date=born(30))
    client = client_of("lin")
    page = client.get("/desk").content.decode()
    assert "高龄重点 · 每周一次" in page
    for r in catalogue.rhythms.values():
        crowd = client.get("/desk/crowds", {"rule": rhythm.due_rule(r)})
        assert crowd.status_code == 200, r.code
        assert "沈小妹" not in crowd.content.decode()


@pytest.mark.django_db
def test_a_chief_is_led_to_no_crowd(areas, client_of):
    assert "按频次该走访的" not in client_of("zhou").get("/desk").content.decode()

"""The demonstration hangs together in the database: nobody is older than their mother, numbers and phones are nobody's,
everybody named in the handbook can sign in, and joining a year of visits takes one pass.
"""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client, RequestFactory

from linyun.foundation.accounts.models import Account, Post
from linyun.foundation.areas.models import Area
from linyun.hub.records.models import Dwelling, Household, Kin, Membership, Person, Residence, Statement
from linyun.hub.records.services import sealer
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Subject
from linyun.kernel.synth.cast import PEOPLE, WORKERS
from linyun.kernel.values import identity
from linyun.site.demo import load as loading
from linyun.site.demo import people
from linyun.work.visits.models import Visit
from tests.characters import HERE, THERE

TODAY = date(2026, 11, 28)
UNASSIGNED = re.compile(r"(199\d{8}|021-5\d{7}|1990\d{7})\Z")
"""The ranges that no operator gives to anybody: see synth.numbers."""


def rows(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def test_what_was_made_is_what_is_there(town):
    made = {name: frame.height for name, frame in town.world.frames().items()}
    assert town.counts == made
    there = {"persons": Person, "dwellings": Dwelling, "households": Household, "memberships": Membership,
             "residences": Residence, "kin": Kin, "visits": Visit}  # fmt: skip
    assert {name: model.objects.count() for name, model in there.items()} == {name: made[name] for name in there}
    assert Person.objects.filter(area__startswith=HERE).count() > 100
    assert Person.objects.filter(area__startswith=THERE).count() > 100


def test_every_row_lies_in_an_area_that_exists(town):
    areas = set(Area.objects.values_list("code", flat=True))
    for model in (Person, Dwelling, Household, Visit):
        assert set(model.objects.values_list("area", flat=True)) <= areas, model
    for child in Area.objects.filter(source="demo").exclude(parent=None):
        assert child.code.startswith(child.parent_id)


def test_numbers_are_valid_nobodys_and_say_the_birth_date_and_sex_beside_them(town):
    """Sequences 990 to 999 are given to nobody (docs: facts): a demonstration names no living person."""
    seen = Counter()
    for person in Person.objects.exclude(identity_number=None):
        number = sealer.open(person.identity_number)
        seen[number] += 1
        if re.fullmatch(r"\d{17}[\dX]", number):
            assert number[-1] == identity.check_digit(number[:17])
            assert identity.birth_date(number) == person.birth_date
            assert identity.sex(number) == person.sex
    assert len(seen) > 1000 and max(seen.values()) == 1


def test_every_phone_is_of_a_range_that_is_given_to_nobody(town):
    phones = [i.code for i in catalogue.items_of(Subject.PERSON) if i.kind is Kind.PHONE]
    found = [
        number.strip()
        for p in Person.objects.all() for code in phones
        for number in str(getattr(p, code, None) or p.tail.get(code) or "").split(";") if number.strip()
    ]  # fmt: skip
    assert len(found) > 500
    assert [n for n in found if not UNASSIGNED.match(n)] == []


def test_parents_are_older_than_their_children_and_spouses_have_grown_up(town):
    pairs = rows(
        "select k.kind, p.birth_date, r.birth_date from records_kin k join records_person p on p.id = k.person_id"
        " join records_person r on r.id = k.relative_id where p.birth_date is not null and r.birth_date is not null"
    )
    by_kind = Counter(kind for kind, *_days in pairs)
    assert by_kind["20"] > 50 and by_kind["10"] > 50
    for kind, own, other in pairs:
        years = (own - other).days / 365.25
        if kind == "20":  # a child
            assert years <= -15, (own, other)
        if kind == "50":  # a parent
            assert years >= 15, (own, other)
        if kind == "10":
            assert min((TODAY - own).days, (TODAY - other).days) > 18 * 365


def test_kin_are_kin_both_ways(town):
    pairs = set(Kin.objects.values_list("person_id", "relative_id"))
    assert pairs and {(b, a) for a, b in pairs} == pairs
    assert all(a != b for a, b in pairs)


def test_nobody_is_born_tomorrow_or_a_hundred_and_twenty(town):
    days = list(Person.objects.exclude(birth_date=None).values_list("birth_date", flat=True))
    assert max(days) <= TODAY and min(days) > TODAY - timedelta(days=115 * 366)


def test_each_household_has_one_head_who_belongs_to_it(town):
    heads = rows(
        "select h.id, count(*) filter (where m.is_head), count(*) from records_household h"
        " join records_membership m on m.household_id = h.id join areas_area a on a.code = h.area"
        " where m.valid_to is null and a.kind <> 'collective' group by 1"
    )
    assert heads and {n for _h, n, _all in heads} == {1}
    relations = {m.relation for m in Membership.objects.filter(is_head=True)}
    assert relations <= {"01", "02"}


def test_nobody_lives_at_two_places_or_moved_in_before_their_birth(town):
    twice = rows(
        "select person_id from records_residence where kind = 'actual' and valid_to is null"
        " group by 1 having count(*) > 1"
    )
    assert twice == []
    early = rows(
        "select r.id from records_residence r join records_person p on p.id = r.person_id"
        " where r.kind = 'actual' and r.valid_from < p.birth_date"
    )
    assert early == []


def test_each_value_on_a_row_was_told_by_a_source(town):
    """A row without statements would lose what it shows at the next statement."""
    told = {}
    for statement in Statement.objects.filter(subject_kind="person"):
        for code, value in statement.values.items():
            told.setdefault(statement.subject_id, {})[code] = value
        assert statement.source in catalogue.sources
    core = ("name", "sex", "birth_date", "phone", "education", "care_level")
    for person in Person.objects.all()[:300]:
        for code in core:
            value = getattr(person, code)
            if value is not None:
                kept = told[person.pk][code]
                assert str(kept) == str(value) or code == "birth_date" and kept == value.isoformat(), code


def test_codes_are_of_their_sets(town):
    coded = [i for i in catalogue.items_of(Subject.PERSON) if i.kind is Kind.CODE]
    for person in Person.objects.all()[:400]:
        for item in coded:
            value = getattr(person, item.code, None) or person.tail.get(item.code)
            if value:
                assert value in {c.code for c in catalogue.code_sets[item.code_set].codes}, (item.code, value)


def test_people_can_be_found_by_their_initials(town):
    assert not Person.objects.filter(pinyin="").exists()
    zhou = Person.objects.get(pk=PEOPLE[0].id)
    assert zhou.pinyin.endswith(" zgf")


@pytest.mark.parametrize("one", PEOPLE, ids=lambda c: c.id[-4:])
def test_a_known_character_is_who_the_handbook_says(town, one):
    person = Person.objects.get(pk=one.id)
    assert (person.name, person.sex, person.birth_date) == (one.name, one.sex, one.born)
    assert sealer.open(person.identity_number) == one.identity_number
    assert person.area.startswith(one.committee)
    assert (person.phone or "") == one.phone
    for code, value in one.items.items():
        kept = getattr(person, code, None) or person.tail.get(code)
        kept = kept.isoformat() if isinstance(kept, date) else kept
        assert str(kept) == str(value), code


def test_the_handbooks_first_door_has_who_lives_behind_it(town):
    zhou = PEOPLE[0]
    (flat,) = Dwelling.objects.filter(residences__person_id=zhou.id, residences__kind="actual")
    assert (flat.building, flat.room) == ("12", "302")
    assert Area.objects.get(pk=flat.area).name == "公交新村12号"


def test_visits_are_of_the_past_year_by_known_workers_to_who_is_there(town):
    visits = Visit.objects.select_related("person")
    modes = {c.code for c in catalogue.code_sets["visit_mode"].codes}
    for visit in visits:
        assert TODAY - timedelta(days=400) <= visit.visited_on <= TODAY
        assert visit.mode in modes and visit.situation and visit.visitor
        assert visit.area == visit.person.area
        assert visit.follow_up_on is None or visit.follow_up_on > visit.visited_on
    assert set(WORKERS.values()) & {v.visitor for v in visits}


def test_a_promise_is_kept_by_the_very_next_visit_and_by_no_other(town):
    by_person = {}
    for visit in Visit.objects.order_by("visited_on"):
        by_person.setdefault(visit.person_id, []).append(visit)
    kept = waiting = 0
    for visits in by_person.values():
        for visit in visits:
            later = [v for v in visits if v.visited_on > visit.visited_on]
            if visit.follow_up_on is None:
                assert visit.followed_up_by_id is None
            elif later:
                first = min(v.visited_on for v in later)
                assert visit.followed_up_by_id in {v.pk for v in later if v.visited_on == first}
                kept += 1
            else:
                assert visit.followed_up_by_id is None
                waiting += 1
    assert kept and waiting


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def test_joining_visits_walks_through_them_a_fixed_number_of_times(town):
    """A fresh start once took minutes: each visit was joined by a walk through all of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (format json) {loading.FOLLOWED_UP}")
        (found,) = cursor.fetchone()
    plan = found[0]["Plan"]
    kinds = [n["Node Type"] for n in nodes(plan)]
    reads = [n for n in nodes(plan) if n.get("Relation Name") == "visits_visit" and "Scan" in n["Node Type"]]
    assert len(reads) <= 2, kinds
    for node in nodes(plan):
        if node["Node Type"] == "Nested Loop":
            _outer, inner = node["Plans"]
            below = [n for n in nodes(inner) if n.get("Relation Name") == "visits_visit"]
            assert all("Index" in n["Node Type"] for n in below), kinds


def test_statistics_are_gathered_before_visits_are_joined(town):
    """Without them the planner takes all tables for empty and chooses the walk."""
    said = [s.strip().lower() for s in town.statements]
    joined = next(n for n, s in enumerate(said) if s.startswith("update visits_visit"))
    analyzed = {s.removeprefix("analyze ") for s in said[:joined] if s.startswith("analyze")}
    assert {"visits_visit", "records_person", "records_residence"} <= analyzed
    assert not any(s.startswith("insert into visits_visit") for s in said[joined:])


def test_loading_takes_as_many_statements_for_a_large_town_as_for_a_small_one(town):
    """Rows go in by COPY; one statement a row would make sixty thousand people a coffee break."""
    assert len(town.statements) < 120
    into = Counter(m[1] for s in town.statements if (m := re.match(r"insert into (\w+)", s.strip(), re.I)))
    assert into["visits_visit"] == into["records_person"] == into["records_residence"] == 1


@pytest.mark.parametrize("player", people.PLAYERS, ids=lambda p: p.username)
def test_everybody_named_can_sign_in(town, player):
    account = Account.objects.get(username=player.username)
    assert authenticate(RequestFactory().post("/"), username=player.username, password=people.PASSWORD) == account
    (post,) = Post.objects.filter(account=account)
    assert (post.role, account.name, account.password_is_initial) == (player.role, player.name, False)
    assert post.area_id.startswith(player.area.lstrip("=")) or player.area.startswith("=")
    tied = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()
    assert tied is post.needs_second_factor, "whoever needs a code has an authenticator to read it from"


def test_the_chief_keeps_the_building_of_her_title(town):
    post = Post.objects.select_related("area").get(account__username="louzu")
    assert post.area.name == "公交新村12号"


def test_a_code_is_six_digits_of_this_installation_alone(town, settings):
    code, secret = people.code_of("jiedao"), people.secret_of("jiedao")
    assert re.fullmatch(r"\d{6}", code)
    assert secret != people.secret_of("quji")
    settings.SECRET_KEY = "another installation"
    assert people.secret_of("jiedao") != secret


def test_opening_the_accounts_again_changes_nothing(town):
    before = set(Account.objects.values_list("pk", "password"))
    people.open_all()
    assert set(Account.objects.values_list("pk", "password")) == before


def test_the_first_page_after_signing_in_is_full(town):
    client = Client()
    answer = client.post("/account/login", {"username": "lin", "password": people.PASSWORD})
    assert answer.status_code in (302, 303), answer.status_code
    page = client.get("/desk").content.decode()
    assert "林晓岚" in page and "约好要回访的" in page and 'id="ages"' in page

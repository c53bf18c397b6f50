"""The sheet in every mode, for persons and doors; what is asked there, and when somebody should come again."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.lineage import Held, Said
from linyun.hub.records.models import Person, Statement
from linyun.hub.records.services import Origin, sealer, state
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Level, Subject
from linyun.work.visits import asking, form, services, wording
from linyun.work.visits.models import Photo, PlannedVisit, Visit
from linyun.work.visits.tests.test_pictures import JFIF, jpeg, png, segment
from tests.characters import BUILDING, BUILDING_THERE
from tests.residents import number_of
from tests.visits import visit_to

TODAY = clock.today()
MODES = [(c.code, c.name) for c in catalogue.code_sets["visit_mode"].codes]
TOPICS = [(c.code, c.name) for c in catalogue.code_sets["visit_topic"].codes]
ITEMS = {i.code: i for i in catalogue.items_of(Subject.PERSON)}


def ago(days):
    return TODAY - timedelta(days=days)


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


@pytest.fixture
def zhou(person, home):
    p = person(name="周桂芳", phone="19900000001")
    home(p, address="公交新村1号302室")
    return p


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def send(client, person, **changes):
    given_ = {"mode": "2", "visited_on": TODAY.isoformat(), "situation": "在家休息", **changes}
    return client.post(f"/desk/people/{person.pk}/visit", given_)


def only():
    with within(""):
        return Visit.objects.select_related("dwelling").get()


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "name"), MODES)
def test_every_mode_is_offered_written_and_named(zhou, lin, code, name):
    assert re.search(rf'name="mode"[^>]*value="{code}"', main(lin.get(f"/desk/people/{zhou.pk}/visit")))
    assert send(lin, zhou, mode=code).status_code == 303
    visit = only()
    assert (visit.mode, visit.visitor, visit.origin_kind) == (code, "林晓岚", "desk")
    assert visit.dwelling.address == "公交新村1号302室"
    for path in (f"/desk/people/{zhou.pk}", f"/desk/visits/{visit.pk}", "/desk/visits"):
        page = html.unescape(lin.get(path).content.decode())
        assert name in (page.split("<h1", 1)[1].split("</h1>")[0] if "/visits/" in path else main(lin.get(path))), path


@pytest.mark.django_db
@pytest.mark.parametrize("topic", [code for code, _name in TOPICS][:3] + [""])
def test_what_it_was_about_is_kept(zhou, lin, topic):
    assert send(lin, zhou, topic=topic).status_code == 303
    assert only().topic == topic


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "promised"),
    [
        ({"follow_in": "7"}, TODAY + timedelta(days=7)),
        ({"follow_in": "90"}, TODAY + timedelta(days=90)),
        ({"follow_in": ""}, None),
        ({"follow_in": "8"}, None),
        ({"follow_in": "-7"}, None),
        ({"follow_in": "7", "follow_up_on": (TODAY + timedelta(days=3)).isoformat()}, TODAY + timedelta(days=3)),
        ({"follow_up_on": TODAY.isoformat()}, TODAY),
        ({"visited_on": ago(20).isoformat(), "follow_in": "7"}, TODAY + timedelta(days=7)),
    ],
)
def test_when_to_come_back(zhou, lin, sent, promised):
    assert send(lin, zhou, **sent).status_code == 303
    assert only().follow_up_on == promised


@pytest.mark.django_db
def test_the_form_that_comes_back_keeps_its_key_and_its_draft(zhou, lin):
    """Sent again after a mistake, it is the same visit; the phone keeps what was typed under the same name."""
    key = str(uuid4())
    first = main(lin.get(f"/desk/people/{zhou.pk}/visit"))
    assert f"visit-{zhou.pk}" in first and 'name="client_key"' in first
    again = main(send(lin, zhou, mode="", client_key=key))
    assert f"visit-{zhou.pk}" in again
    assert re.search(rf'name="client_key"[^>]*value="{key}"', again)
    assert send(lin, zhou, client_key=key).status_code == 303
    assert str(only().pk) == key


@pytest.mark.django_db
def test_a_visit_to_a_door_twice_counts_once_and_asks_nothing(zhou, home, person, lin):
    flat = home(person(name="李建国"), address="公交新村1号303室").dwelling
    path, key = f"/desk/dwellings/{flat.pk}/visit", str(uuid4())
    assert "今天只需问" not in main(lin.get(path))
    sent = {"mode": "2", "visited_on": TODAY.isoformat(), "situation": "敲门没有人", "client_key": key}
    for _n in range(2):
        assert lin.post(path, sent)["Location"] == f"/desk/dwellings/{flat.pk}"
    visit = only()
    assert (visit.person_id, visit.dwelling_id, visit.area) == (None, flat.pk, BUILDING)
    assert lin.post(path, {**sent, "mode": "9", "client_key": ""}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("chen", 303), ("zhou", 303), ("wu", 404), ("shen", 403), ("he", 403)])
def test_who_writes_at_a_door(zhou, client_of, who, status):
    with within(""):
        flat = services._home(zhou)
    sent = {"mode": "2", "visited_on": TODAY.isoformat(), "situation": "敲门没有人"}
    assert client_of(who).post(f"/desk/dwellings/{flat}/visit", sent).status_code == status
    with within(""):
        assert Visit.objects.count() == (status == 303)


@pytest.mark.django_db
def test_several_visits_a_day_stand_in_the_order_in_which_they_were_written(zhou, lin):
    for n in range(3):
        send(lin, zhou, situation=f"第{n}次来看")
    page = main(lin.get(f"/desk/people/{zhou.pk}"))
    assert re.findall(r"第(\d)次来看", page)[:3] == ["2", "1", "0"]


@pytest.mark.django_db
def test_the_same_is_confirmed_with_the_day_of_the_visit(zhou, lin):
    with within(zhou.area[:12]), transaction.atomic():
        Statement.objects.filter(subject_id=zhou.pk).update(true_on=date(2015, 1, 1))
    sheet = main(lin.get(f"/desk/people/{zhou.pk}/visit?same=phone"))
    assert "199****0001" in sheet and "19900000001" not in sheet
    assert send(lin, zhou, same="phone", visited_on=ago(2).isoformat()).status_code == 303
    with within(""):
        told = Statement.objects.get(origin_kind="visit")
    assert (told.values, told.true_on, told.source) == ({"phone": "19900000001"}, ago(2), "visit")
    assert "联系电话" in main(lin.get(f"/desk/visits/{only().pk}"))


@pytest.mark.django_db
def test_nothing_ticked_and_nothing_typed_states_nothing(zhou, lin):
    send(lin, zhou, same="no_such_item", identity_number="310110194803050021", remark="偷偷写的")
    with within(""):
        assert not Statement.objects.filter(origin_kind="visit").exists()
        assert Person.objects.get(pk=zhou.pk).remark is None


@pytest.mark.django_db
def test_six_photos_are_kept_the_same_one_once_and_a_withdrawn_visit_shows_none(zhou, lin):
    pictures = [jpeg(JFIF, segment(0xFE, bytes([n]))) for n in range(3)]  # the same but for a comment, which goes
    files = [SimpleUploadedFile(f"{n}.jpg", p, "image/jpeg") for n, p in enumerate(pictures)]
    files += [SimpleUploadedFile("b.png", png(), "image/png")]
    assert send(lin, zhou, photos=files).status_code == 303
    with within(""):
        kept = list(Photo.objects.values_list("pk", flat=True))
    assert len(kept) == 2
    visit = only()
    page = main(lin.get(f"/desk/visits/{visit.pk}"))
    assert all(str(pk) in page for pk in kept)
    lin.post(f"/desk/visits/{visit.pk}/withdraw", {"reason": "写错了"})
    assert not any(str(pk) in main(lin.get(f"/desk/visits/{visit.pk}")) for pk in kept), "no broken pictures"
    assert lin.get(f"/desk/visits/photos/{kept[0]}").status_code == 404


@pytest.mark.django_db
def test_each_photo_seen_and_each_visit_read_is_an_act(zhou, lin, client_of):
    send(lin, zhou, photos=[SimpleUploadedFile("a.jpg", jpeg(JFIF), "image/jpeg")])
    with within(""):
        photo = Photo.objects.get()
    client_of("chen").get(f"/desk/visits/{photo.visit_id}")
    client_of("chen").get(f"/desk/visits/photos/{photo.pk}")
    with within(""):
        acts = Act.objects.filter(actor_name="陈志远", verb__in=("visit_seen", "photo_seen", "person_seen"))
        assert sorted(a.verb for a in acts) == ["person_seen", "photo_seen", "visit_seen"]


PROMISES = [
    # visited, promised → visited (in the order written): kept by which
    ([(9, 2), (1, None)], [1, None]),
    ([(9, 2), (9, None)], [1, None]),  # the same day, written later
    ([(9, None), (9, 2)], [None, None]),
    ([(9, 2), (5, None)], [1, None]),  # earlier than promised is as good
    ([(5, None), (9, 6)], [None, 0]),  # on or after the promised day, whenever written
    ([(5, None), (9, 4)], [None, None]),  # before the promised day, written before the promise
    ([(9, 6), (8, 3), (2, None)], [1, 2, None]),
    ([(9, 2), (3, None), (1, None)], [1, None, None]),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("visits", "kept"), PROMISES)
def test_a_promise_is_kept_by_what_followed_it(person, as_character, visits, kept):
    p, other = person(name="周桂芳"), person(name="沈美琴")
    with as_character("lin"):
        visit_to(other, TODAY, situation="别人")
        written = [
            visit_to(p, ago(on), situation="在家", follow_up_on=ago(back) if back is not None else None)
            for on, back in visits
        ]
        found = [Visit.objects.get(pk=v.pk).followed_up_by_id for v in written]
    assert found == [written[k].pk if k is not None else None for k in kept]


@pytest.mark.django_db
def test_planning_reaches_only_who_is_here_and_on_the_register(zhou, person, lin):
    gone, there = person(name="王迁出"), person(BUILDING_THERE, name="丁阿姨")
    with within(""), transaction.atomic():
        Person.objects.filter(pk=gone.pk).update(status="left")
    sent = {"chosen": [str(p.pk) for p in (zhou, gone, there)], "why": "高温" * 150, "due_on": ""}
    assert "已把 1 人排入" in lin.post("/desk/visits/plan", sent, follow=True).content.decode()
    with within(""):
        planned = PlannedVisit.objects.get()
    assert (planned.person_id, len(planned.why), planned.due_on) == (zhou.pk, 200, TODAY + timedelta(days=7))
    assert planned.planned_by == "林晓岚"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["zhou", "shen", "gu", "he", "yan"])
def test_nobody_else_plans(zhou, client_of, who):
    assert client_of(who).post("/desk/visits/plan", {"chosen": str(zhou.pk)}).status_code == 403
    with within(""):
        assert not PlannedVisit.objects.exists()


@pytest.mark.django_db
def test_two_plans_for_two_days_are_both_done_by_one_visit(zhou, lin):
    for days in (0, 3):
        lin.post("/desk/visits/plan", {"chosen": str(zhou.pk), "due_on": (TODAY + timedelta(days=days)).isoformat()})
    send(lin, zhou, visited_on=ago(1).isoformat())
    with within(""):
        assert PlannedVisit.objects.filter(done_by=None).count() == 2, "the visit was before the plans"
    send(lin, zhou)
    with within(""):
        assert PlannedVisit.objects.filter(done_by=None).count() == 0


def told(code, value, on=None, source="roster"):
    item = ITEMS[code]
    return Held(item, Said(value, source, "名册", on or TODAY, "", "", None, uuid4(), 1))


def codes(asked):
    return [item.code for item, _now in asked]


NOBODY = Person(name="周桂芳")


@pytest.mark.django_db
def test_of_somebody_unknown_the_usual_is_asked():
    assert codes(asking.to_ask(NOBODY, {})) == list(asking.USUAL)


@pytest.mark.django_db
def test_what_is_fresh_is_not_asked_again():
    have = {code: told(code, "x") for code in asking.USUAL}
    assert asking.to_ask(NOBODY, have) == []


@pytest.mark.django_db
def test_what_is_stale_comes_first_and_the_oldest_of_it():
    fresh = {
        c
        for c, i in ITEMS.items()
        if i.fresh_days and i.level < Level.SENSITIVE and i.kind is not Kind.IDENTITY and not i.derived
    }
    old = sorted(fresh - set(asking.USUAL))[:2]
    have = {old[0]: told(old[0], "x", date(2001, 1, 1)), old[1]: told(old[1], "x", date(2000, 1, 1))}
    assert codes(asking.to_ask(NOBODY, have)) == [old[1], old[0], asking.USUAL[0]]


@pytest.mark.django_db
def test_nothing_sensitive_derived_or_numbered_is_asked_at_a_door():
    have = {code: told(code, "x", date(1990, 1, 1)) for code in ITEMS}
    for tags in ((), tuple(asking.BY_TAG)):
        for item, _now in asking.to_ask(NOBODY, have, tags):
            assert item.kind is not Kind.IDENTITY and not item.derived
            assert item.level < Level.SENSITIVE or item.code in {c for group in asking.BY_TAG.values() for c in group}


@pytest.mark.django_db
@settings(max_examples=30)
@given(
    st.sets(st.sampled_from(sorted(ITEMS)), max_size=12), st.lists(st.sampled_from([*asking.BY_TAG, "x"]), max_size=4)
)
def test_three_questions_at_most_four_with_tags_none_twice(known, tags):
    have = {code: told(code, "x", date(2000, 1, 1)) for code in known}
    found = codes(asking.to_ask(NOBODY, have, tags))
    assert len(found) == len(set(found)) <= asking.MOST + bool(set(tags) & set(asking.BY_TAG))


@pytest.mark.django_db
def test_tags_ask_for_their_own_and_the_most_pressing_first():
    found = codes(asking.to_ask(NOBODY, {}, ["lone_elder", "poor_elder"]))
    own = [c for c in asking.BY_TAG["poor_elder"] if c in ITEMS]
    assert found[-len(own) :] == own[: asking.MOST_BY_TAG]
    assert found[: asking.MOST - 1] == list(asking.USUAL[: asking.MOST - 1])


@pytest.mark.django_db
def test_whom_nobody_needs_to_visit_any_more_is_taken_off_the_list(zhou, lin, client_of, as_character):
    with as_character("lin"):
        services.plan([zhou.pk], TODAY, "高温关心")
        planned = PlannedVisit.objects.get()
    taken_off = f"/desk/visits/plans/{planned.pk}/drop"
    assert taken_off in main(lin.get("/desk"))
    for stranger in ("wu", "zhou", "shen"):
        assert client_of(stranger).post(taken_off).status_code in (403, 404)
    for _twice in range(2):
        answer = lin.post(taken_off, follow=True)
        assert "周桂芳不在待访名单上了" in html.unescape(answer.content.decode())
        assert taken_off not in main(answer)
    with as_character("lin"):
        act = Act.objects.get(verb="plan_dropped")
        assert (act.subject_id, act.reason) == (zhou.pk, "高温关心")
        assert services.plan([zhou.pk], TODAY, "还是去一次") == 1, "who is needed after all can be listed again"


@pytest.mark.django_db
def test_what_was_done_is_not_taken_off(zhou, lin, as_character):
    with as_character("lin"):
        services.plan([zhou.pk], TODAY, "高温关心")
        visit = visit_to(zhou, TODAY, situation="在家")
        planned = PlannedVisit.objects.get()
    lin.post(f"/desk/visits/plans/{planned.pk}/drop")
    with as_character("lin"):
        planned.refresh_from_db()
        assert (planned.done_by, planned.dropped_at) == (visit, None)


def test_lines_of_work_are_counted_once():
    asked = [(ITEMS["phone"], None), (ITEMS["emergency_contact"], None), (ITEMS["care_level"], None)]
    assert asking.departments(asked) == len({ITEMS[c].owner for c in ("phone", "emergency_contact", "care_level")})
    assert asking.departments([]) == 0


NUMBER = number_of(date(1948, 3, 5))


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("phone", "19900002041", "199****2041"),
        ("phone", None, ""),
        ("education", "20", "大学本科/专科教育"),
        ("education", "", ""),
        ("name", "周桂芳", "周桂芳"),
    ],
)
def test_values_as_people_read_them(code, value, words):
    said = wording.worded(ITEMS[code], value)
    assert said == words or (code == "education" and value and said == catalogue.code_sets["education"].name_of("20"))


def test_numbers_are_masked_and_sensitive_values_hidden():
    sealed = sealer.seal(NUMBER)
    assert wording.worded(ITEMS["identity_number"], sealed).count("*") >= 8
    assert NUMBER[6:14] not in wording.guarded(ITEMS["identity_number"], sealed)
    sensitive = next(i for i in ITEMS.values() if i.level >= Level.SENSITIVE and i.kind is Kind.CODE)
    assert wording.guarded(sensitive, "2") == wording.HIDDEN
    assert wording.guarded(sensitive, None) == ""
    yes_no = next(i for i in ITEMS.values() if i.kind is Kind.BOOLEAN)
    assert [wording.worded(yes_no, v) for v in (True, False, None)] == ["是", "否", ""]
    number = replace(ITEMS["name"], kind=Kind.INTEGER, unit="次")
    assert [wording.worded(number, v) for v in (3, 0, None)] == ["3次", "0次", ""]


def test_several_codes_are_said_one_after_the_other():
    several = next(i for i in ITEMS.values() if i.kind is Kind.CODES and i.level < Level.SENSITIVE)
    known = [c.code for c in catalogue.code_sets[several.code_set].codes][:2]
    names = [catalogue.code_sets[several.code_set].name_of(c) for c in known]
    assert wording.worded(several, known) == "、".join(names)
    assert wording.worded(several, known[0]) == names[0]


def test_a_new_sheet_is_for_today_at_the_door():
    found = form.empty(RequestFactory().get("/", {"same": ["phone", "x"]}))
    assert (found.values["mode"], found.values["visited_on"]) == (form.AT_THE_DOOR, TODAY.isoformat())
    assert found.same == {"phone", "x"} and not found.problems and not found.items


@given(st.dictionaries(st.sampled_from(form.PLAIN), st.text(max_size=12)))
def test_whatever_is_typed_comes_back_as_it_was(typed):
    found = form.filled(RequestFactory().post("/", typed), [])
    assert {k: found.values[k] for k in typed} == typed
    assert found.visited_on is not None or "visited_on" in found.problems


def test_a_correction_opens_its_field_again_when_the_sheet_comes_back():
    asked = [(ITEMS["phone"], told("phone", "19900000001")), (ITEMS["emergency_contact"], None)]
    found = form.filled(RequestFactory().post("/", {"phone": "12", "same": "emergency_contact"}), asked)
    phone, contact = form.asks(asked, found)
    assert phone.open and not phone.same and phone.value == "199****0001"
    assert not contact.open and not contact.same, "what nobody knows cannot be unchanged"
    assert "要用" in contact.source and "phone" in found.problems


@pytest.mark.django_db
def test_a_fresh_value_of_another_source_is_not_overwritten_by_an_older_visit(zhou, lin, as_character):
    """A visit brought in late tells what was true then, not what is true now."""
    with as_character("lin"):
        state(zhou, {"emergency_contact": "儿子"}, source="visit", origin=Origin("desk"), true_on=ago(1))
        visit_to(zhou, ago(30), situation="在家", items={"emergency_contact": "女儿"})
        zhou.refresh_from_db()
    assert zhou.emergency_contact == "儿子"

"""Changes in a life under wrong hands and wrong input: one dwelling of several, impossible days, steps back in order."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import transaction

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Dwelling, Membership, Operation, Person, Residence
from linyun.kernel import clock
from tests.characters import BUILDING, BUILDING_THERE, HERE, THERE
from tests.residents import number_of, phone

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


@pytest.fixture
def lin(client_of):
    return client_of("lin")


@pytest.fixture
def family(person, home):
    """林建国 (head), 周桂芳 and 林敏 in 101."""
    return home(*(person(name=n, phone=phone()) for n in ("林建国", "周桂芳", "林敏")))


def do(client, person, kind, /, **fields):
    fields = {"on": "2026-03-01", "reason": "户口簿"} | fields
    return client.post(f"/desk/people/{person.pk}/operations/{kind}", fields)


def own(person, *addresses):
    """Dwellings that somebody owns."""
    found = []
    with within(HERE), transaction.atomic():
        for address in addresses:
            flat = Dwelling.objects.create(area=BUILDING, address=address, address_key=address)
            Residence.objects.create(
                area=BUILDING, person=person, dwelling=flat, kind="owner", valid_from=date(2020, 1, 1)
            )
            found.append(flat)
    return found


def owned(person):
    with within(""):
        rows = Residence.objects.filter(person=person, kind="owner", valid_to=None)
        return set(rows.values_list("dwelling__address", flat=True))


FLATS = ("公交新村1号501室", "公交新村1号502室", "公交新村1号503室")


def test_who_sells_one_flat_keeps_the_others(family, lin):
    p = family.people[0]
    flats = own(p, *FLATS)
    form = main(lin.get(f"/desk/people/{p.pk}/operations/move_out"))
    for flat in flats:
        assert f"owner:{flat.pk}" in form and flat.address in form
    assert do(lin, p, "move_out", kind=f"owner:{flats[1].pk}").status_code == 303
    assert owned(p) == {FLATS[0], FLATS[2]}
    with within(""):
        operation = Operation.objects.get()
        assert Person.objects.get(pk=p.pk).status == "live"
    lin.post(f"/desk/operations/{operation.pk}/undo", {"reason": "没有卖", "person": str(p.pk)})
    assert owned(p) == set(FLATS)


@pytest.mark.parametrize("kind", ["owner", "owner:", "owner:不是编号", "owner:01906b00-0000-7000-8000-00000000dead"])
def test_of_several_flats_none_is_guessed(family, lin, kind):
    p = family.people[0]
    own(p, *FLATS[:2])
    answer = do(lin, p, "move_out", kind=kind)
    assert answer.status_code == 422 and "请选择是哪一套" in main(answer) and "户口簿" in main(answer)
    assert owned(p) == set(FLATS[:2])


def test_the_only_flat_needs_no_choice(family, lin):
    p = family.people[0]
    own(p, FLATS[0])
    assert do(lin, p, "move_out", kind="owner").status_code == 303
    assert owned(p) == set()


def test_a_flat_of_somebody_else_is_not_taken_away(family, person, lin):
    p, other = family.people[0], person(name="房东")
    own(p, *FLATS[:2])
    (theirs,) = own(other, FLATS[2])
    assert do(lin, p, "move_out", kind=f"owner:{theirs.pk}").status_code == 422
    assert owned(other) == {FLATS[2]}


def test_moving_in_says_where_one_lives_now_and_all_one_owns(family, lin):
    p = family.people[0]
    own(p, *FLATS[:2])
    form = main(lin.get(f"/desk/people/{p.pk}/operations/move_in"))
    assert f"产权人（{FLATS[0]}、{FLATS[1]}）" in form and "实际居住（公交新村1号101室）" in form


EVERY = [("move_in", {"kind": "owner", "address": FLATS[0]}), ("move_out", {"kind": "actual"}), ("death", {}), ("change_head", {}),
         ("split", {})]  # fmt: skip


@pytest.mark.parametrize(("kind", "sent"), EVERY)
@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("0206-03-01", "日期太早了"),
        ("0001-01-01", "日期太早了"),
        ("1899-12-31", "日期太早了"),
        ("2026-3-1", "日期请写成"),
        ("2026-02-29", "日期请写成"),
        ("\0", "日期请写成"),
        ((TODAY + timedelta(days=1)).isoformat(), "日期不能晚于今天"),
    ],
)
def test_a_day_that_cannot_be_is_said_and_nothing_happens(family, lin, kind, sent, on, said):
    p, other = family.people[:2]
    choice = {"change_head": {"head": str(other.pk)}, "split": {"members": [str(other.pk)], "head": str(other.pk)}}
    answer = do(lin, p, kind, **sent, **choice.get(kind, {}), on=on)
    assert answer.status_code == 422 and said in main(answer)
    with within(""):
        assert not Operation.objects.exists()


def test_without_a_day_it_is_today(family, lin):
    assert do(lin, family.people[0], "death", on="").status_code == 303
    with within(""):
        assert Operation.objects.get().happened_on == TODAY


def test_nobody_dies_before_their_birth_or_twice(person, lin):
    p = person(name="周桂芳", birth_date=date(1950, 3, 4))
    assert "去世日期不能早于出生日期" in main(do(lin, p, "death", on="1950-03-03"))
    assert do(lin, p, "death").status_code == 303
    again = do(lin, p, "death")
    assert again.status_code == 422 and "已登记为去世" in main(again)


@pytest.mark.parametrize("reason", ["", "  ", "\0"])
def test_every_change_says_why(family, lin, reason):
    answer = do(lin, family.people[0], "death", reason=reason)
    assert answer.status_code in (400, 422)
    with within(""):
        assert not Operation.objects.exists()


def test_a_long_reason_is_kept_as_far_as_it_goes(family, lin):
    assert do(lin, family.people[0], "death", reason="证明" * 300).status_code == 303
    with within(""):
        assert Operation.objects.get().reason == "证明" * 100


@pytest.mark.parametrize(
    ("members", "head", "said"),
    [
        ([], "", "请选择谁分出去"),
        (["daughter"], "", "请选择新户的户主"),
        (["daughter"], "father", "新户的户主须是分出去的人之一"),
        (["father", "mother", "daughter"], "father", "不能把全部成员都分出去"),
        (["stranger"], "stranger", "请选择谁分出去"),
    ],
)
def test_a_split_that_cannot_be_is_said(family, person, lin, members, head, said):
    who = dict(zip(("father", "mother", "daughter"), family.people, strict=True)) | {"stranger": person(name="外人")}
    answer = do(
        lin, who["father"], "split", members=[str(who[m].pk) for m in members], head=str(who[head].pk) if head else ""
    )
    assert answer.status_code == 422 and said in main(answer)
    with within(""):
        assert Membership.objects.filter(household=family.household, valid_to=None).count() == 3


def test_who_was_chosen_stays_chosen_when_the_form_comes_back(family, lin):
    p = family.people[2]
    page = main(do(lin, p, "split", members=[str(p.pk)], head=""))
    assert re.search(rf'name="members"[^>]*value="{p.pk}"[^>]*checked', page)


def test_a_head_is_not_made_head_again_nor_from_outside(family, person, lin):
    father, mother, _daughter = family.people
    assert "已经是户主" in main(do(lin, mother, "change_head", head=str(father.pk)))
    assert "不在这一户" in main(do(lin, mother, "change_head", head=str(person(name="外人").pk)))
    assert do(lin, mother, "change_head", head=str(mother.pk)).status_code == 303
    page = main(lin.get(f"/desk/households/{family.household.pk}"))
    assert page.count("与户主的关系还没有问") == 2, "relations to another head are asked anew"


def test_moving_into_ones_own_flat_is_said(family, lin):
    with within(HERE), transaction.atomic():
        Dwelling.objects.filter(pk=family.dwelling.pk).update(address_key="公交新村|1||101")
    answer = do(lin, family.people[0], "move_in", kind="actual", address="公交新村1号101室")
    assert answer.status_code == 422 and "已经登记在这套房屋里了" in main(answer)


@pytest.mark.parametrize("address", ["1号101", "公交新村1号101室 ", "公交新村 1 号 101 室", "１号１０１室"])
def test_a_door_is_understood_however_it_is_written(family, person, home, lin, address):
    with within(HERE), transaction.atomic():
        Dwelling.objects.filter(pk=family.dwelling.pk).update(address_key="公交新村|1||101", building="1", room="101")
    p = person(name="新来")
    assert do(lin, p, "move_in", kind="actual", address=address).status_code == 303
    assert "公交新村1号101室" in main(lin.get(f"/desk/people/{p.pk}"))


def test_two_doors_that_sound_alike_are_told_apart_first(family, person, home, lin):
    with within(HERE), transaction.atomic():
        Dwelling.objects.filter(pk=family.dwelling.pk).update(building="1", room="101")
        Dwelling.objects.create(area=BUILDING, address="铁岭路1号101室", address_key="y", building="1", room="101")
    answer = do(lin, family.people[0], "move_in", kind="owner", address="1号101室")
    assert answer.status_code == 422 and "有几套房屋都像这个门牌" in main(answer)


def test_a_dwelling_next_door_is_no_place_to_move_to(family, lin):
    with within(THERE), transaction.atomic():
        Dwelling.objects.create(
            area=BUILDING_THERE, address="铁岭路50弄3号1室", address_key="铁岭路50弄|3||1", building="3", room="1"
        )
    answer = do(lin, family.people[0], "move_in", kind="actual", address="铁岭路50弄3号1室")
    assert answer.status_code == 422 and "没有登记过这套房屋" in main(answer)


def test_who_comes_back_is_on_the_register_again(family, lin):
    p = family.people[2]
    with within(HERE), transaction.atomic():
        Dwelling.objects.filter(pk=family.dwelling.pk).update(address_key="公交新村|1||101")
    for kind in ("actual", "registered"):
        assert do(lin, p, "move_out", kind=kind).status_code == 303
    page = main(lin.get(f"/desk/people/{p.pk}"))
    assert "这位居民已迁出" in page and "写走访" not in page
    assert p.name in main(lin.get("/desk/people?status=left"))
    assert do(lin, p, "move_in", kind="actual", address="公交新村1号101室", on="2026-04-01").status_code == 303
    assert "已迁出" not in main(lin.get(f"/desk/people/{p.pk}")).split('id="history"')[0]


def test_only_the_last_step_is_taken_back(family, lin):
    p = family.people[2]
    do(lin, p, "move_out", kind="actual")
    do(lin, p, "move_out", kind="registered", on="2026-03-02")
    with within(""):
        first, second = Operation.objects.order_by("id")
    said = lin.post(f"/desk/operations/{first.pk}/undo", {"reason": "弄错了", "person": str(p.pk)}, follow=True)
    assert "请先撤销较晚的那一次" in said.content.decode()
    for operation in (second, first):
        lin.post(f"/desk/operations/{operation.pk}/undo", {"reason": "弄错了", "person": str(p.pk)})
    with within(""):
        assert Residence.objects.filter(person=p, valid_to=None).count() == 2
        assert Person.objects.get(pk=p.pk).status == "live"
        assert Act.objects.filter(verb="operation_undone", reason="弄错了").count() == 2
    page = main(lin.get(f"/desk/people/{p.pk}"))
    assert page.count("已撤销") == 2, "what was taken back is still told"


@pytest.mark.parametrize("about", ["", "不是编号"])
def test_after_an_undo_one_is_led_to_somebody_it_was_about(family, lin, about):
    p = family.people[0]
    do(lin, p, "death")
    with within(""):
        operation = Operation.objects.get()
    answer = lin.post(f"/desk/operations/{operation.pk}/undo", {"reason": "弄错了", "person": about})
    assert answer["Location"] == f"/desk/people/{p.pk}/operations"


def candidates(page):
    return set(re.findall(r'name="duplicate"[^>]*value="([0-9a-f-]{36})"', page))


def test_who_may_be_the_same_is_offered_with_what_tells_them_apart(person, lin):
    one = person(name="周桂芳", birth_date=date(1945, 1, 2), phone="19900002041")
    by_name = person(name="周桂芳", phone="19900003333")
    by_phone = person(name="周桂方", phone="19900002041")
    by_birth = person(name="周桂枋", birth_date=date(1945, 1, 2))
    gone, other = person(name="周桂芳"), person(name="沈美琴")
    with within(""):
        Person.objects.filter(pk=gone.pk).update(status="left")
    page = main(lin.get(f"/desk/people/{one.pk}/operations/merge_people"))
    assert candidates(page) == {str(p.pk) for p in (by_name, by_phone, by_birth)}
    assert "199****3333" in page and "19900003333" not in page
    found = main(lin.get(f"/desk/people/{one.pk}/operations/merge_people", {"with": "smq"}))
    assert candidates(found) == {str(other.pk)}
    assert candidates(main(lin.get(f"/desk/people/{one.pk}/operations/merge_people", {"with": "%"}))) == set()


def test_two_numbers_are_two_people(person, lin):
    one = person(name="周桂芳", identity_number=number_of(date(1945, 1, 2)))
    two = person(name="周桂芳", identity_number=number_of(date(1945, 1, 2), 996))
    answer = do(lin, one, "merge_people", duplicate=str(two.pk))
    assert answer.status_code == 422 and "身份证号不同" in main(answer)


def test_a_duplicate_next_door_is_not_seen(person, lin):
    one, there = person(name="周桂芳"), person(BUILDING_THERE, name="周桂芳")
    assert candidates(main(lin.get(f"/desk/people/{one.pk}/operations/merge_people"))) == set()
    assert do(lin, one, "merge_people", duplicate=str(there.pk)).status_code == 422
    with within(""):
        assert not Operation.objects.exists()


def test_merged_and_apart_again(person, home, lin):
    one, two = person(name="周桂芳", phone="19900002041"), person(name="周桂芬", emergency_contact="女儿")
    home(one)
    assert do(lin, one, "merge_people", duplicate=str(two.pk)).status_code == 303
    assert "女儿" in main(lin.get(f"/desk/people/{one.pk}"))
    assert do(lin, one, "merge_people", duplicate=str(two.pk)).status_code == 422, "it is merged already"
    with within(""):
        operation = Operation.objects.get()
    lin.post(f"/desk/operations/{operation.pk}/undo", {"reason": "两个人", "person": str(one.pk)})
    assert "女儿" not in main(lin.get(f"/desk/people/{one.pk}"))
    assert "周桂芬" in main(lin.get(f"/desk/people/{two.pk}"))


@pytest.mark.parametrize("kind", ["birth", "merge_households", "undo", "x"])
def test_a_change_the_page_does_not_offer_is_not_found(family, lin, kind):
    assert do(lin, family.people[0], kind).status_code == 404

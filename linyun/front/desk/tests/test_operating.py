"""Life operations at the desk: done with a day and a reason, shown, taken back exactly."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Household, Membership, Operation, Person, Residence
from tests.residents import Home, phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(person: Callable[..., Person], home: Callable[..., Home]) -> Home:
    """林建国 and 周桂芳 in 101 with their daughter."""
    people = [person(name=n, phone=phone()) for n in ("林建国", "周桂芳", "林敏")]
    home(person(name="邻居"), address="公交新村|2||201")
    return home(*people)


@pytest.fixture
def lin(client_of: Callable[[str], Client]) -> Client:
    return client_of("lin")


def do(client: Client, person: Person, operation: str, /, **fields: object) -> int:
    fields = {"on": "2026-03-01", "reason": "户口簿"} | fields
    return int(client.post(f"/desk/people/{person.pk}/operations/{operation}", fields).status_code)


def homes(person: Person) -> set[tuple[str, str]]:
    with within(""):
        rows = Residence.objects.filter(person=person, valid_to=None).select_related("dwelling")
        return {(r.kind, r.dwelling.address) for r in rows}


def test_moving_and_back(family: Home, lin: Client) -> None:
    daughter = family.people[2]
    before = homes(daughter)
    assert do(lin, daughter, "move_in", kind="actual", address="公交新村2号201室") == 303
    assert ("actual", "公交新村|2||201") in homes(daughter) and len(homes(daughter)) == 2
    with within(""):
        operation = Operation.objects.get()
    page = lin.get(f"/desk/people/{daughter.pk}/operations").content.decode()
    assert "迁入" in page and "户口簿" in page
    lin.post(f"/desk/operations/{operation.pk}/undo", {"reason": "弄错了", "person": str(daughter.pk)})
    assert homes(daughter) == before


def test_an_unknown_door_is_said_and_nothing_typed_is_lost(family: Home, lin: Client) -> None:
    path = f"/desk/people/{family.people[2].pk}/operations/move_in"
    answer = lin.post(path, {"kind": "actual", "address": "公交新村99号901室", "reason": "来告知", "on": "2026-03-01"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "没有登记过这套房屋" in page
    assert "公交新村99号901室" in page and "来告知" in page and "2026-03-01" in page


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("move_in", ["请选择是哪一种", "请写门牌", "日期不能晚于今天", "请写明原因"]),
        ("split", ["请选择谁分出去", "请选择新户的户主", "日期不能晚于今天", "请写明原因"]),
        ("change_head", ["请选择谁做户主", "日期不能晚于今天", "请写明原因"]),
    ],
)
def test_all_that_is_wrong_is_said_at_once_on_top_and_beside_each_field(
    family: Home, lin: Client, kind: str, said: list[str]
) -> None:
    wrong = {"on": "2100-01-01", "reason": " ", "address": "", "kind": "", "head": ""}
    page = lin.post(f"/desk/people/{family.people[0].pk}/operations/{kind}", wrong).content.decode()
    top, fields = page.split('role="alert"')[1].split("</ul>", 1)
    assert [s for s in said if s in top] == said and f"还有 {len(said)} 处要改" in top
    assert [s for s in said if s in fields] == said
    for target in re.findall(r'href="#(f-\w+)"', top):
        assert f'id="{target}"' in fields, "each line leads to its field"
    assert 'value="2100-01-01"' in fields
    with within(""):
        assert not Operation.objects.exists()


@pytest.mark.parametrize("fields", [{"reason": ""}, {"on": "2100-01-01"}, {"on": "昨天"}, {"kind": "elsewhere"}])
def test_wrong_input_changes_nothing(family: Home, lin: Client, fields: dict[str, str]) -> None:
    assert do(lin, family.people[0], "move_out", **({"kind": "actual"} | fields)) == 422
    with within(""):
        assert not Operation.objects.exists()


def test_a_death_keeps_the_record_and_asks_for_a_head(family: Home, lin: Client) -> None:
    father, mother, _daughter = family.people
    assert do(lin, father, "death") == 303
    assert "已故" in lin.get(f"/desk/people/{father.pk}").content.decode()
    page = lin.get(f"/desk/households/{family.household.pk}").content.decode()
    assert "这一户没有户主" in page and f"/desk/people/{mother.pk}/operations/change_head" in page
    assert do(lin, mother, "change_head", head=str(mother.pk)) == 303
    assert "周桂芳家" in lin.get(f"/desk/households/{family.household.pk}").content.decode()


def test_a_split_makes_a_household(family: Home, lin: Client) -> None:
    daughter = family.people[2]
    assert do(lin, daughter, "split", members=[str(daughter.pk)]) == 422
    assert do(lin, daughter, "split", members=[str(daughter.pk)], head=str(daughter.pk)) == 303
    with within(""):
        own = Membership.objects.get(person=daughter, valid_to=None)
        assert own.is_head and own.household != family.household
        assert Household.objects.filter(status="live").count() == 3


def test_a_duplicate_is_offered_and_merged(family: Home, lin: Client, person: Callable[..., Person]) -> None:
    twice = person(name="周桂芳")
    kept = family.people[1]
    page = lin.get(f"/desk/people/{kept.pk}/operations/merge_people").content.decode()
    assert str(twice.pk) in page
    assert do(lin, kept, "merge_people", duplicate=str(twice.pk)) == 303
    answer = lin.get(f"/desk/people/{twice.pk}")
    assert "周桂芳" in answer.content.decode()
    with within(""):
        assert Person.objects.get(pk=twice.pk).merged_into == kept


def test_what_does_not_apply_is_not_offered(person: Callable[..., Person], lin: Client) -> None:
    lonely = person(name="无家")
    assert "没有登记在任何一户" in lin.get(f"/desk/people/{lonely.pk}/operations/split").content.decode()
    assert "没有住处" in lin.get(f"/desk/people/{lonely.pk}/operations/move_out").content.decode()
    assert lin.get(f"/desk/people/{lonely.pk}/operations/birth").status_code == 404


def test_only_workers_operate(family: Home, client_of: Callable[[str], Client]) -> None:
    for who, answer in (("chen", 403), ("zhou", 403), ("shen", 403), ("wu", 404)):
        assert do(client_of(who), family.people[0], "death") == answer, who
    with within(""):
        assert not Operation.objects.exists()

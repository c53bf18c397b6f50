"""The item catalogue: what is shown, how full it is, what staff may add, and that neighbours do not collide."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from linyun.hub.records.filled import filled
from linyun.hub.records.items import Draft, Unaddable, add_item, added_by, choices, known
from linyun.hub.records.models import StaffItem
from linyun.hub.records.services import Origin, state
from linyun.kernel.declare import DeclarationError, Kind, Level, Subject
from tests.characters import HERE


def draft(name: str = "家中养犬", **given: object) -> Draft:
    base = {"subject": Subject.PERSON, "name": name, "kind": Kind.BOOLEAN, "owner": "community", "level": Level.PERSONAL,
            "purpose": "楼道清洁时提前告知", "basis": "本人同意"}  # fmt: skip
    return Draft(**{**base, **given})  # type: ignore[arg-type]


FORM = {"subject": "person", "name": "家中养犬", "kind": "boolean", "owner": "community", "level": "3",
        "purpose": "楼道清洁时提前告知", "basis": "本人同意"}  # fmt: skip


def test_an_item_added_at_run_time_is_known_and_can_be_stated(as_worker, person):
    with as_worker():
        item = add_item(draft())
        assert known(Subject.PERSON)[item.code].name == "家中养犬"
        assert added_by(Subject.PERSON)[item.code].added_by == "林晓岚"
        p = person()
        state(p, {item.code: True}, source="desk", origin=Origin("desk"))
        assert p.tail[item.code] is True


def test_two_committees_may_each_have_their_own_of_one_name(as_character):
    with as_character("lin"):
        here = add_item(draft())
    with as_character("wu"):
        there = add_item(draft())
        assert [i.code for i in known(Subject.PERSON).values() if i.name == "家中养犬"] == [there.code]
    assert here.code != there.code
    with as_character("shen"):
        assert StaffItem.objects.count() == 2


def test_what_a_street_adds_its_committees_can_use_but_not_change(as_character):
    with as_character("shen"):
        item = add_item(draft("街道专项"))
    with as_character("lin"):
        assert item.code in known(Subject.PERSON)
        assert StaffItem.objects.filter(code=item.code).count() == 1
    with as_character("gu"):
        assert item.code in known(Subject.PERSON)


def test_what_a_committee_adds_its_neighbour_does_not_see(as_character):
    with as_character("lin"):
        item = add_item(draft())
    with as_character("wu"):
        assert item.code not in known(Subject.PERSON)


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"name": "姓名"}, "name", "已经有"),
        ({"name": "年龄"}, "name", "已经有别的意思"),
        ({"name": "并且"}, "name", "换一个"),
        ({"name": "子女"}, "name", "换一个名称"),
        ({"name": "信访情况"}, "name", "反映诉求是居民的权利"),
        ({"name": "宗教信仰"}, "name", "信仰自由"),
        ({"purpose": "掌握上访动向"}, "purpose", "反映诉求"),
        ({"kind": Kind.TEXT, "choices": ("佛教", "其他")}, "choices", "信仰自由"),
        ({"name": "犬"}, "name", "2 到 20"),
        ({"kind": Kind.IDENTITY}, "kind", "填写方式"),
        ({"kind": Kind.CODE}, "code_set", "代码集"),
        ({"kind": Kind.TEXT, "choices": tuple(map(str, range(40)))}, "choices", "最多"),
        ({"owner": "nobody"}, "owner", "归口条线"),
        ({"purpose": ""}, "purpose", "没有用途"),
        ({"basis": ""}, "basis", "没有依据"),
        ({"fresh_days": 0}, "fresh_days", "1 到 3650"),
    ],
)
def test_what_may_not_be_added_is_refused_with_the_field_and_why(as_worker, areas, given, field, says):
    with as_worker(), pytest.raises(Unaddable, match=says) as refused:
        add_item(draft(**given))
    assert refused.value.field == field
    assert isinstance(refused.value, DeclarationError)


def test_the_same_name_twice_is_refused(as_worker, areas):
    with as_worker():
        add_item(draft())
        with pytest.raises(Unaddable, match="已经有“家中养犬”"):
            add_item(draft())


def test_names_that_sound_alike_get_codes_of_their_own(as_worker, areas):
    with as_worker():
        first, second = add_item(draft("家中养犬")), add_item(draft("家中养全"))
    assert first.code != second.code
    assert all(c.startswith("own_jiazhongyangquan") and c.endswith(HERE) for c in (first.code, second.code))


def test_a_short_list_of_choices_is_offered(as_worker, areas):
    with as_worker():
        item = add_item(draft(kind=Kind.TEXT, choices=("大型犬", "小型犬")))
        assert choices(Subject.PERSON) == {item.code: ["大型犬", "小型犬"]}
        assert "大型犬、小型犬" in known(Subject.PERSON)[item.code].help


def test_a_chief_adds_nothing(as_character):
    with as_character("zhou"), pytest.raises(PermissionError):
        add_item(draft())


def test_how_many_have_a_value_columns_and_tail_alike(as_worker, person):
    tail = next(i.code for i in known(Subject.PERSON).values() if not i.core and i.kind is Kind.TEXT)
    person(phone="19900111111", **{tail: "书法"})
    person(name="无电话")
    with as_worker():
        every, held = filled(Subject.PERSON)
    assert (every, held["phone"], held["name"], held[tail]) == (2, 1, 2, 1)


def body(answer) -> str:
    return answer.content.decode()


def test_the_catalogue_page(client_of, person, assert_queries):
    person(phone="19900111111")
    client = client_of("lin")
    client.get("/desk/items")
    with assert_queries(10, at_most=True):
        page = body(client.get("/desk/items"))
    assert "联系电话" in page
    assert "GB/T" in page
    assert "本单位新增" not in page
    assert "婚姻状况" in body(client.get("/desk/items", {"q": "婚姻"}))
    assert "没有这样的数据元" in body(client.get("/desk/items", {"q": "<script>"}))
    for subject in Subject:
        assert client.get("/desk/items", {"subject": subject.value}).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 200), ("shen", 200), ("gu", 200), ("he", 200), ("yan", 200), ("zhou", 403)]
)
def test_who_may_read_the_catalogue(client_of, areas, who, status):
    assert client_of(who).get("/desk/items").status_code == status


def test_small_numbers_are_hidden_from_those_who_may_not_see_persons(client_of, person):
    for n in range(8):
        person(name=f"人{n}", **({"education": "20"} if n < 2 else {}))
    assert ">25%<" in body(client_of("lin").get("/desk/items", {"q": "学历"}))
    assert ">25%<" not in body(client_of("gu").get("/desk/items", {"q": "学历"}))


def test_adding_by_the_form(client_of, areas):
    client = client_of("lin")
    assert client.get("/desk/items/new").status_code == 200
    answer = client.post("/desk/items/new", FORM | {"kind": "text", "choices": "大型犬\n小型犬、没有"}, follow=True)
    assert "导入、更正、规则和台账现在就能用" in body(answer)
    assert "本单位新增" in body(answer)
    assert "大型犬、小型犬、没有" in body(answer)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "dog"}, "填写方式"),
        ({"level": "9"}, "敏感程度"),
        ({"fresh_days": "很久"}, "180"),
        ({"name": "上访"}, "居民的权利"),
    ],
)
def test_a_form_that_does_not_hold_comes_back_with_what_was_typed(client_of, areas, change, says):
    answer = client_of("lin").post("/desk/items/new", FORM | change)
    assert answer.status_code == 422
    assert says in body(answer)
    assert "楼道清洁时提前告知" in body(answer)


def test_hostile_names_stay_text(client_of, areas):
    client = client_of("lin")
    client.post("/desk/items/new", FORM | {"name": "<b>养犬</b>", "purpose": "<script>x</script>"})
    page = body(client.get("/desk/items"))
    assert "<b>养犬</b>" not in page
    assert "<script>x" not in page


def test_the_command_lists_the_catalogue(as_worker, person):
    person(phone="19900111111")
    with as_worker():
        add_item(draft())
    out = StringIO()
    call_command("items", "list", subject="person", area=HERE, json=True, stdout=out)
    found = {i["name"]: i for i in json.loads(out.getvalue())}
    assert (found["联系电话"]["filled"], found["联系电话"]["of"]) == (1, 1)
    assert found["家中养犬"]["added"]
    out = StringIO()
    call_command("items", "list", stdout=out)
    assert len(out.getvalue().splitlines()) >= 200

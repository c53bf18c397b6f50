"""Homes, buildings and families that come with a file: where they lie, who leads them, and that nothing is made twice."""

import pytest

from linyun.foundation.areas.models import Area
from linyun.hub.exchange import services
from linyun.hub.exchange.staging import known_places
from linyun.hub.exchange.tests.corpus.making import DOOR, MIN, TAO, WANG, ZHOU, no, xlsx
from linyun.hub.exchange.tests.test_import import rows_of_everything
from linyun.hub.exchange.tests.test_sequences import numbers
from linyun.hub.records.models import Dwelling, Household, Membership, Organisation, Person, Residence
from tests.characters import HERE

HEAD = ("姓名", "身份证号", "与户主关系", "住址")


@pytest.fixture
def lin(as_worker, areas):
    with as_worker():
        yield


def bring(*rows, head=HEAD, **more):
    return services.bring_in(xlsx([list(head), *map(list, rows)], names=["名册"]), "名册.xlsx", area=HERE, **more)


def take(*rows, **more):
    batch = bring(*rows, **more)
    return batch, services.apply(batch.pk)


def families() -> dict[str, str]:
    """Who lives with whom: member → head."""
    heads = {m.household_id: m.person.name for m in Membership.objects.filter(is_head=True).select_related("person")}
    return {m.person.name: heads[m.household_id] for m in Membership.objects.select_related("person")}


# Families


def test_members_below_their_head_are_of_one_household_at_one_door(lin):
    take(["周桂芳", ZHOU, "户主", DOOR], ["王福生", WANG, "配偶", ""], ["王敏", MIN, "女儿", ""])
    assert families() == {"周桂芳": "周桂芳", "王福生": "周桂芳", "王敏": "周桂芳"}
    assert Dwelling.objects.count() == Household.objects.count() == 1
    assert {r.dwelling.address for r in Residence.objects.select_related("dwelling")} == {DOOR}


def test_a_second_file_adds_a_member_to_the_household_that_is_there(lin):
    take(["周桂芳", ZHOU, "户主", DOOR])
    take(["周桂芳", ZHOU, "户主", DOOR], ["王敏", MIN, "女儿", DOOR])
    assert families() == {"周桂芳": "周桂芳", "王敏": "周桂芳"}
    assert Household.objects.count() == 1


def test_who_has_a_household_is_not_moved_into_another_by_a_list(lin):
    take(["周桂芳", ZHOU, "户主", DOOR], ["王敏", MIN, "女儿", DOOR])
    take(["王福生", WANG, "户主", "四平路999弄12号303室"], ["王敏", MIN, "女儿", "四平路999弄12号303室"])
    assert families() == {"周桂芳": "周桂芳", "王敏": "周桂芳", "王福生": "王福生"}
    assert Residence.objects.filter(person__name="王敏", valid_to=None).count() == 1


def test_a_member_who_leads_another_household_leads_it_still(lin):
    take(["王敏", MIN, "户主", DOOR])
    take(["周桂芳", ZHOU, "户主", DOOR], ["王敏", MIN, "女儿", DOOR])
    assert families()["王敏"] == "王敏" and families()["周桂芳"] == "周桂芳"


def test_a_family_without_its_head_makes_no_household(lin):
    take(["王福生", WANG, "配偶", DOOR], ["王敏", MIN, "女儿", ""])
    assert Person.objects.count() == 2 and not Household.objects.exists()
    assert Residence.objects.count() == 2, "where they live is known all the same"


def test_a_refused_head_leaves_the_members_without_household_and_with_their_home(lin):
    _, report = take(["周桂芳", ZHOU[:-1] + "?", "户主", DOOR], ["王敏", MIN, "女儿", ""])
    assert (report.created, report.refused) == (1, 1)
    assert not Household.objects.exists()
    assert Residence.objects.get().person.name == "王敏"


def test_two_families_in_one_flat_are_two_households_in_one_dwelling(lin):
    take(["周桂芳", ZHOU, "户主", DOOR], ["王敏", MIN, "女儿", ""], ["陶然", TAO, "户主", DOOR])
    assert families() == {"周桂芳": "周桂芳", "王敏": "周桂芳", "陶然": "陶然"}
    assert Dwelling.objects.count() == 1 and Household.objects.count() == 2


def test_a_plain_list_makes_homes_and_no_households(lin):
    take(["周桂芳", ZHOU, DOOR], ["王福生", WANG, ""], ["王敏", MIN, DOOR], head=("姓名", "身份证号", "住址"))
    assert not Household.objects.exists()
    assert sorted(r.person.name for r in Residence.objects.select_related("person")) == ["周桂芳", "王敏"]


# Where a home lies


@pytest.mark.parametrize(
    "address",
    [
        "四平路999弄12号302室",
        "四平路999弄12号302",
        "上海市杨浦区四平路999弄12号302室",
        "四平路９９９弄１２号３０２室",
        "四平路999弄12号楼302室",
    ],
)
def test_one_door_written_in_many_ways_is_one_dwelling(lin, address):
    take(["周桂芳", ZHOU, "户主", DOOR])
    take(["王福生", WANG, "户主", address])
    assert Dwelling.objects.count() == 1
    assert Area.objects.filter(kind="building", parent_id=HERE + "000").count() == 1


def test_who_lives_elsewhere_gets_no_dwelling_here_and_keeps_the_words(lin):
    take(["周桂芳", ZHOU, "户主", "江苏省南京市鼓楼区中山路1号101室"])
    found = Person.objects.get()
    assert not Dwelling.objects.exists() and found.area == HERE
    assert "南京" in found.living_address


@pytest.mark.parametrize("address", ["集体户", "不详", "无", "待查", "外地", "???"])
def test_what_is_no_place_makes_none(lin, address):
    _, report = take(["周桂芳", ZHOU, "户主", address])
    assert report.created == 1
    assert not Dwelling.objects.exclude(address__contains="集体").exists()


def test_a_bare_number_means_the_building_of_that_number_only_where_there_is_one(lin):
    take(["周桂芳", ZHOU, "户主", "四平路999弄12号302室"], ["王福生", WANG, "户主", "铁岭路50弄7号101室"])
    places = known_places(HERE)
    assert {"12", "7"} <= places.keys()
    take(["王敏", MIN, "户主", "12号303室"])
    assert Dwelling.objects.get(room="303").lane == "999弄"
    take(["陶然", TAO, "户主", "铁岭路50弄12号101室"])
    assert "12" not in known_places(HERE), "now two bear it"
    take(["李一", no("1960-01-01"), "户主", "12号305室"])
    assert not Dwelling.objects.get(room="305").lane


def test_an_estate_with_a_name_as_long_as_a_sentence_comes_in(lin):
    head = ("姓名", "身份证号", "小区", "楼号", "室号")
    _, report = take(["周桂芳", ZHOU, "四平路" + "公交新村" * 40, "12", "302"], head=head)
    assert report.created == 1
    assert len(Area.objects.get(pk=Person.objects.get().area).name) <= 80


def test_buildings_of_one_file_are_made_once_and_go_with_its_undo(lin):
    before = rows_of_everything()
    rows = [["楼号", "总层数", "总户数", "路名", "弄"], *[[f"{n}号", "6", "24", "四平路", "999弄"] for n in (1, 2, 2)]]
    batch = services.bring_in(xlsx(rows, names=["楼栋"]), "楼栋.xlsx", area=HERE)
    report = services.apply(batch.pk)
    assert report.rows == 3 and report.created == 2
    assert Area.objects.filter(source=f"import {batch.pk}", kind="building").count() == 2
    services.undo(batch.pk)
    assert rows_of_everything() == before


# Dwellings and companies


def test_a_dwelling_of_the_list_and_a_resident_of_the_roster_meet_at_one_door(lin):
    content = xlsx(
        [list(HEAD), ["周桂芳", ZHOU, "户主", DOOR]],
        [["地址", "楼层", "房屋户型", "建筑面积"], [DOOR, "3", "两室", "88.5"]],
        names=["人", "房"],
    )
    batch = services.bring_in(content, "两张.xlsx", area=HERE)
    report = services.apply(batch.pk)
    home = Dwelling.objects.get()
    assert report.rows == 2 and float(home.floor_area) == 88.5
    assert Residence.objects.get().dwelling == home
    again = services.bring_in(content, "两张.xlsx", area=HERE)
    assert numbers(services.apply(again.pk)) == (0, 0, 2, 0, 0)
    services.undo(again.pk)
    services.undo(batch.pk)
    assert not Dwelling.objects.exists() and not Person.objects.exists()


@pytest.mark.parametrize("area", ["", "88.5平方", "八十八", "-3", "1e9", "nan"])
def test_a_floor_area_that_is_none_is_left_out_and_said(lin, area):
    head = ("地址", "楼层", "房屋户型", "建筑面积", "是否有电梯")
    batch, report = take([DOOR, "3", "两室", area, "否"], head=head)
    assert report.created == 1
    held = Dwelling.objects.get().floor_area
    assert held is None or 0 < held < 100_000
    assert bool(report.refusals) or held is not None or not area


def test_two_companies_of_one_name_are_told_apart_by_their_codes(lin):
    from linyun.kernel.values import uscc

    stems = ("91310110MA1G90TY", "91310110MA1G91TY")
    codes = [next(c for c in (f"{s}{x}" for x in (a + b for a in "0123456789" for b in "0123456789ABCDEFGHJKLMNPQRTUWXY"))
                  if uscc.parse(c).value) for s in stems]  # fmt: skip
    head = ("单位名称", "统一社会信用代码", "单位地址")
    _, report = take(*(["四平便利店", c, DOOR] for c in codes), head=head)
    assert report.created == 2 and Organisation.objects.count() == 2
    _, again = take(["四平便利店", codes[1], DOOR], head=head)
    assert numbers(again) == (0, 0, 1, 0, 0)


def test_a_company_without_a_name_is_refused_in_words(lin):
    head = ("单位名称", "统一社会信用代码", "单位地址", "联系人")
    _, report = take(["", "", DOOR, "林师傅"], ["四平便利店", "", DOOR, ""], head=head)
    assert (report.created, report.refused) == (1, 1)
    assert "没有单位名称" in report.refusals[0]["reason"]

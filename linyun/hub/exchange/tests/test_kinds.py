"""Lists of dwellings, buildings and organisations: the same outcomes as for people, through statements about them."""

import pytest

from linyun.foundation.areas.models import Area
from linyun.hub.exchange import services
from linyun.hub.records.models import Dwelling, Organisation, Person, Statement
from linyun.hub.records.services import Origin, state
from linyun.kernel.values import uscc
from tests.characters import HERE

HOMES = "路名,弄,楼号,室号,建筑面积,房屋用途\n四平路,999弄,12号,302,88.5,自住\n四平路,999弄,12号,303,60,出租"
SHOPS = "单位名称,统一社会信用代码,单位地址,联系人,联系电话\n小林面馆,{code},四平路999号,林师傅,19900111111"
CODE = "91310000MA1FL0000X"


@pytest.fixture
def code():
    """A valid credit code of nobody."""
    return next(c for c in (CODE[:17] + x for x in "0123456789ABCDEFGHJKLMNPQRTUWXY") if uscc.parse(c).value)


def take(text, **given):
    batch = services.bring_in(text.encode(), "清单.csv", area=HERE, **given)
    return batch, services.apply(batch.pk)


def test_dwellings_come_with_their_building_and_keep_what_the_list_says(as_worker, areas):
    with as_worker():
        _, report = take(HOMES)
        home = Dwelling.objects.get(room="302")
        assert (report.rows, report.created) == (2, 2)
        assert (str(home.floor_area), home.road, home.lane, home.building) == ("88.50", "四平路", "999弄", "12")
        assert Area.objects.get(pk=home.area).name == "四平路999弄12号"
        assert Statement.objects.filter(subject_id=home.pk, origin_kind="import_row").exists()


def test_a_list_of_dwellings_twice_changes_nothing_and_a_new_area_is_a_change(as_worker, areas):
    with as_worker():
        take(HOMES)
        assert take(HOMES)[1].unchanged == 2
        batch, report = take(HOMES.replace("88.5", "90"))
        assert (report.updated, report.unchanged) == (1, 1)
        assert Dwelling.objects.get(room="302").floor_area == 90
        services.undo(batch.pk)
        home = Dwelling.objects.get(room="302")
        assert (str(home.floor_area), home.room) == ("88.50", "302")


def test_what_a_worker_found_out_about_a_dwelling_is_not_overwritten(as_worker, areas):
    with as_worker():
        take(HOMES)
        home = Dwelling.objects.get(room="302")
        state(home, {"floor_area": 91.0}, source="visit", origin=Origin("visit"))
        _, report = take(HOMES.replace("88.5", "90"))
        home.refresh_from_db()
        assert report.conflicts == 1
        assert (home.floor_area, home.road) == (91, "四平路")


def test_a_dwelling_that_people_brought_keeps_its_address_when_a_list_adds_to_it(as_worker, areas):
    with as_worker():
        take("姓名,出生日期,住址\n周桂芳,1949-03-05,四平路999弄12号302室")
        _, report = take(HOMES)
        home = Dwelling.objects.get(room="302")
        assert (report.updated, report.created) == (1, 1)
        assert (home.building, str(home.floor_area)) == ("12", "88.50")


def test_a_dwelling_without_a_door_is_refused_with_what_to_write(as_worker, areas):
    with as_worker():
        head, *homes = HOMES.split("\n")
        _, report = take("\n".join((head, ",,,,70,自住", *homes)))
    assert (report.rows, report.created, report.refused) == (3, 2, 1)
    assert report.refusals[0]["row"] == 2 and "四平路2500弄12号302室" in report.refusals[0]["reason"]


def test_organisations_are_known_again_by_their_code_else_by_their_name(as_worker, areas, code):
    with as_worker():
        _, first = take(SHOPS.format(code=code))
        shop = Organisation.objects.get()
        assert (first.created, shop.name, shop.uscc, shop.contact_name) == (1, "小林面馆", code, "林师傅")
        _, renamed = take(SHOPS.format(code=code).replace("小林面馆", "老林面馆"))
        assert renamed.updated == 1
        _, without = take(SHOPS.format(code="").replace("小林面馆", "老林面馆"))
        assert without.unchanged == 1
        assert Organisation.objects.get().name == "老林面馆"


def test_undo_takes_organisations_and_dwellings_back(as_worker, areas, code):
    with as_worker():
        for text in (HOMES, SHOPS.format(code=code)):
            batch, _ = take(text)
            assert services.undo(batch.pk) == []
        assert not Organisation.objects.exists() and not Dwelling.objects.exists()
        assert not Area.objects.filter(source__startswith="import ").exists()


def test_a_kind_that_was_not_asked_for_is_told_and_left(as_worker, areas):
    with as_worker():
        batch, report = take(HOMES, kind="people")
        assert (report.rows, "没有选它" in batch.message) == (0, True)
        assert not Person.objects.exists() and not Dwelling.objects.exists()

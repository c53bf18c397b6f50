"""The known characters stand where everybody expects them, and the canaries are heard nowhere else."""

from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linyun.kernel.clock import years_between
from linyun.kernel.synth import cast
from linyun.kernel.synth.cast import CANARY_STRINGS, HOME_COMMITTEE, PEOPLE, STRANGER_COMMITTEE
from linyun.kernel.synth.characters import characters
from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.tests.street import STREET, TODAY, known
from linyun.kernel.synth.world import FRAMES, generate
from linyun.kernel.values import identity, uscc


def home_of(person: str, kind: str) -> str:
    """The address where a person lives ("actual") or is registered."""
    world = known()
    row = world.residences.filter((pl.col("person_id") == person) & (pl.col("kind") == kind))
    return world.dwellings.filter(pl.col("id") == row["dwelling_id"].item())["address"].item()


def housemates(person: str) -> set[str]:
    """Everybody who lives in the same flat."""
    world = known()
    actual = world.residences.filter(pl.col("kind") == "actual")
    flat = actual.filter(pl.col("person_id") == person)["dwelling_id"].item()
    return set(actual.filter(pl.col("dwelling_id") == flat)["person_id"])


@pytest.mark.parametrize(
    ("person", "name", "age", "address"),
    [
        (cast.ZHOU_GUIFANG, "周桂芳", 77, "公交新村12号302室"),
        (cast.CHEN_ABAO, "陈阿宝", 91, "公交新村3号101室"),
        (cast.SHEN_MEIQIN, "沈美琴", 88, "公交新村3号402室"),
        (cast.OUYANG_ZHIYUAN, "欧阳志远", 86, "公交新村7号203室"),
        (cast.GU_FUGEN, "顾福根", 85, "公交新村9号601室"),
        (cast.XU_LANYING, "徐兰英", 84, "公交新村12号104室"),
        (cast.ZHU_XIAOMEI, "朱小妹", 83, "公交新村12号503室"),
        (cast.DING_GUOHUA, "丁国华", 82, "公交新村15号302室"),
    ],
)
def test_elders_live_alone_at_their_known_address(person: str, name: str, age: int, address: str) -> None:
    row = known().persons.row(by_predicate=pl.col("id") == person, named=True)
    assert row["name"] == name
    assert years_between(row["birth_date"], TODAY) == age
    assert home_of(person, "actual") == home_of(person, "registered") == address
    assert housemates(person) == {person}
    assert row["area"].startswith(HOME_COMMITTEE)


def test_zhou_guifang_has_care_level_two_and_a_daughter_in_baoshan() -> None:
    world = known()
    zhou = world.persons.row(by_predicate=pl.col("id") == cast.ZHOU_GUIFANG, named=True)
    assert (zhou["care_level"], zhou["sex"], zhou["emergency_contact"]) == ("2", "2", "王敏")
    kin = world.kin.filter(pl.col("person_id") == cast.ZHOU_GUIFANG)
    assert kin.rows() == [(cast.ZHOU_GUIFANG, cast.WANG_MIN, "child")]
    daughter = world.persons.row(by_predicate=pl.col("id") == cast.WANG_MIN, named=True)
    assert "宝山区" in daughter["living_address"]
    assert daughter["registered_address"] == "公交新村12号302室"
    kinds = world.residences.filter(pl.col("person_id") == cast.WANG_MIN)["kind"].to_list()
    assert kinds == ["registered"]


def test_next_door_lives_a_family_with_a_child() -> None:
    assert housemates(cast.LIU_ZIHAN) == {cast.LIU_ZHIQIANG, cast.HE_TING, cast.LIU_ZIHAN}
    assert home_of(cast.LIU_ZIHAN, "actual") == "公交新村12号301室"
    child = known().persons.row(by_predicate=pl.col("id") == cast.LIU_ZIHAN, named=True)
    assert years_between(child["birth_date"], TODAY) < 14
    assert child["phone"] is None
    ties = known().kin.filter(pl.col("person_id") == cast.LIU_ZHIQIANG)
    assert set(ties.select("kin_person_id", "kind").rows()) == {(cast.HE_TING, "spouse"), (cast.LIU_ZIHAN, "child")}


def test_the_story_of_zhou_guifang_ends_with_the_water_bill() -> None:
    visits = known().visits.filter(pl.col("person_id") == cast.ZHOU_GUIFANG).sort("at", descending=True)
    assert visits.height == 46
    assert visits["content"].head(3).to_list() == [note for _, _, _, note in cast.STORY]
    assert visits["visited_on"][0] == TODAY - timedelta(days=10)
    assert set(visits["visitor"]) == {"林晓岚", "李静"}
    assert visits["visited_on"].min() > TODAY - timedelta(days=366)


@pytest.mark.parametrize(("person", "days"), [(cast.CHEN_ABAO, 47), (cast.SHEN_MEIQIN, 41), (cast.OUYANG_ZHIYUAN, 38)])
def test_the_others_were_last_visited_so_many_days_ago(person: str, days: int) -> None:
    last = known().visits.filter(pl.col("person_id") == person)["visited_on"].max()
    assert last == TODAY - timedelta(days=days)


def test_notes_give_a_character_no_kin_nobody_has_heard_of() -> None:
    mine = [p.id for p in PEOPLE]
    notes = known().visits.filter(pl.col("person_id").is_in(mine))["content"]
    assert not notes.str.contains("儿子|孙|老伴|侄").any()


def test_numbers_of_characters_are_valid_and_stand_once_in_the_world() -> None:
    everybody = known().persons
    numbers = [p.identity_number for p in PEOPLE]
    assert all(identity.parse(n, today=TODAY).value == n for n in numbers)
    assert all(identity.sex(p.identity_number) == p.sex for p in PEOPLE)
    assert everybody.filter(pl.col("identity_number").is_in(numbers)).height == len(PEOPLE)
    assert everybody["identity_number"].n_unique() == everybody.height
    phones = everybody["phone"].drop_nulls()
    assert phones.n_unique() == phones.len()


def test_the_flats_of_characters_hold_nobody_else_in_any_way() -> None:
    world = known()
    ids = [p.id for p in PEOPLE]
    flats = world.residences.filter(pl.col("person_id").is_in(ids))["dwelling_id"].unique()
    attached = world.residences.filter(pl.col("dwelling_id").is_in(flats.implode()))["person_id"]
    assert set(attached) == set(ids)
    assert world.households.filter(pl.col("dwelling_id").is_in(flats.implode())).height == flats.len()
    assert not world.dwellings.filter(pl.col("id").is_in(flats.implode()))["vacant"].any()


def test_nothing_of_the_canaries_stands_outside_their_committee() -> None:
    for name, frame in known().frames().items():
        if "area" not in frame.columns:
            continue
        outside = frame.filter(pl.col("area").str.starts_with(STRANGER_COMMITTEE).not_())
        text = outside.select(pl.concat_str(pl.col(pl.String).fill_null(""), separator="|")).to_series()
        for canary in CANARY_STRINGS:
            assert not text.str.contains(canary, literal=True).any(), (name, canary)


def test_the_canaries_sing_at_home() -> None:
    inside = known().persons.filter(pl.col("area").str.starts_with(STRANGER_COMMITTEE))
    assert {"金丝雀", "金絲雀", "金思雀"} <= set(inside["name"])
    shop = known().organisations.row(by_predicate=pl.col("name") == "金丝雀杂货店", named=True)
    assert uscc.parse(shop["uscc"]).value == shop["uscc"]
    assert cast.CANARY_NOTE in set(known().visits["content"])
    assert home_of(cast.CANARY, "actual") == "铁岭路50弄2号201室"


def test_putting_them_in_again_changes_nothing() -> None:
    again = characters(known())
    for name in FRAMES:
        one, other = getattr(known(), name), getattr(again, name)
        assert_frame_equal(one, other, check_row_order=False)


def test_a_tiny_world_gets_the_houses_it_lacks() -> None:
    world = characters(generate(STREET, 60, 1, TODAY))
    homes = world.residences.filter(pl.col("kind") == "actual").join(
        world.dwellings, left_on="dwelling_id", right_on="id"
    )
    lived = dict(homes.select("person_id", "address").rows())
    assert lived[cast.DING_GUOHUA] == "公交新村15号302室"
    assert lived[cast.CANARY_SOUND] == "铁岭路50弄2号203室"
    assert world.buildings["area"].is_duplicated().sum() == 0
    assert world.dwellings.join(world.buildings, on="area", how="anti").is_empty()


def test_a_world_without_their_committees_is_refused() -> None:
    with pytest.raises(ValueError, match=STRANGER_COMMITTEE):
        characters(generate([c for c in STREET if c.code == HOME_COMMITTEE], 500, 1, TODAY))
    with pytest.raises(ValueError, match=HOME_COMMITTEE):
        characters(generate([Area("310101002001", "云南中路居委会")], 500, 1, TODAY))


def test_ids_of_characters_are_written_in_stone() -> None:
    assert cast.ZHOU_GUIFANG == "01906b00-0000-7000-8000-000000000001"
    assert cast.CANARY == "01906b00-0000-7000-8000-000000000081"
    zhou = next(p for p in PEOPLE if p.id == cast.ZHOU_GUIFANG)
    assert zhou.identity_number == "310108194903059925"
    assert zhou.phone == "19900992001"
    assert zhou.born == date(1949, 3, 5)

"""People are consistent in themselves: numbers, names, schooling, marriage, work."""

from datetime import date

import polars as pl
import pytest

from linyun.kernel.synth import codes, names
from linyun.kernel.synth.tests.street import TODAY, large
from linyun.kernel.values import identity
from linyun.kernel.values.names import parse as parse_name


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    """Everybody, with age."""
    age = (pl.lit(TODAY) - pl.col("birth_date")).dt.total_days() / 365.2425
    return large().persons.with_columns(age=age.floor())


def test_identity_numbers_stand_once(people: pl.DataFrame) -> None:
    assert people["identity_number"].n_unique() == people.height


def test_identity_numbers_agree_with_birth_date_and_sex(people: pl.DataFrame) -> None:
    number = pl.col("identity_number")
    odd = number.str.slice(16, 1).cast(pl.Int8) % 2 == 1
    wrong = people.filter(
        (number.str.slice(6, 8) != pl.col("birth_date").dt.strftime("%Y%m%d")) | (odd != (pl.col("sex") == "1"))
    )
    assert wrong.is_empty()


def test_identity_numbers_are_valid(people: pl.DataFrame) -> None:
    for number in people["identity_number"].sample(5000, seed=1):
        assert identity.parse(number, today=TODAY).value == number


def test_a_small_register_keeps_to_the_reserved_sequences(people: pl.DataFrame) -> None:
    sequence = people["identity_number"].str.slice(14, 3).cast(pl.Int64)
    assert int(sequence.min()) >= 900
    assert (sequence >= 990).mean() > 0.99


def test_registered_people_have_shanghai_numbers_mostly_of_their_district(people: pl.DataFrame) -> None:
    registered = people.filter(pl.col("population_kind") == "01")
    assert registered["identity_number"].str.starts_with("31").all()
    assert 0.5 < registered["identity_number"].str.starts_with("310110").mean() < 0.65


def test_most_comers_have_numbers_of_other_provinces(people: pl.DataFrame) -> None:
    comers = people.filter(pl.col("population_kind") == "02")
    elsewhere = comers["identity_number"].str.starts_with("31").not_().mean()
    assert 0.75 < elsewhere < 0.9


def test_phones_are_ours_and_stand_once(people: pl.DataFrame) -> None:
    phones = people["phone"].drop_nulls()
    assert phones.n_unique() == phones.len()
    assert phones.str.contains(r"^19900\d{6}$").all()
    assert people.filter(pl.col("age") <= 10)["phone"].is_null().all()
    assert people.filter(pl.col("age").is_between(25, 60))["phone"].is_not_null().mean() > 0.97


def test_names_are_read_as_one_person_each(people: pl.DataFrame) -> None:
    for name in people["name"].unique().sample(4000, seed=2):
        assert parse_name(name).value == name


def test_common_surnames_are_common_and_double_ones_exist(people: pl.DataFrame) -> None:
    first = people["name"].str.head(1).value_counts(sort=True).head(10).to_series(0).to_list()
    assert {"王", "张", "李", "陈"} <= set(first)
    assert people["name"].str.starts_with("欧阳").any()


def test_given_names_follow_the_time_of_birth(people: pl.DataFrame) -> None:
    children = people.filter((pl.col("age") < 10) & (pl.col("sex") == "1"))["name"]
    elders = people.filter((pl.col("age") > 85) & (pl.col("sex") == "1"))["name"]
    assert children.str.contains("[轩辰宸泽睿]").mean() > 4 * elders.str.contains("[轩辰宸泽睿]").mean()
    assert elders.str.contains("[福根祥昌]").mean() > 4 * children.str.contains("[福根祥昌]").mean()


def test_given_name_lists_are_drawn_only_from_their_sex_and_period() -> None:
    for table in (names.MEN, names.WOMEN):
        years = [year for year, _, _ in table]
        assert years == sorted(years)
        assert years[0] <= 1900
        assert all(len(first) > 8 and len(second) > 8 for _, first, second in table)


def test_nobody_is_born_tomorrow_or_older_than_a_long_life(people: pl.DataFrame) -> None:
    assert people["birth_date"].max() <= TODAY
    assert people["birth_date"].min() >= date(1900, 1, 1)
    assert people["age"].max() < 110


def test_schooling_fits_the_age(people: pl.DataFrame) -> None:
    assert people.filter(pl.col("age") < 6)["education"].is_null().all()
    assert people.filter(pl.col("age").is_between(6, 11))["education"].unique().to_list() == ["80"]
    graduate = people.filter(pl.col("education") == "10")
    assert graduate["age"].min() >= 22
    high = pl.col("education").is_in(["10", "20", "30"])
    young, old = (people.filter(pl.col("age").is_between(*band)) for band in ((28, 38), (75, 90)))
    assert young.select(high.mean()).item() > 3 * old.select(high.mean()).item()


def test_marriage_fits_the_age(people: pl.DataFrame) -> None:
    assert set(people.filter(pl.col("age") < 20)["marital_status"]) == {"10"}
    eighty = people.filter((pl.col("age") >= 80) & (pl.col("sex") == "2"))["marital_status"]
    assert (eighty == "30").mean() > 0.4
    assert (people.filter(pl.col("age").is_between(40, 50))["marital_status"] == "20").mean() > 0.6


def test_those_with_a_spouse_in_the_register_are_married(people: pl.DataFrame) -> None:
    couples = large().kin.filter(pl.col("kind") == "spouse")
    married = couples.join(people, left_on="person_id", right_on="id")
    assert married.height == couples.height
    assert set(married["marital_status"]) == {"20"}


def test_party_members_are_grown_and_joined_in_their_lifetime(people: pl.DataFrame) -> None:
    members = people.filter(pl.col("political_status").is_in(["01", "02"]))
    assert 0.05 < members.height / people.height < 0.2
    assert members["age"].min() >= 20
    joined_at = (members["party_joined_on"] - members["birth_date"]).dt.total_days() / 365.2425
    assert joined_at.min() >= 18
    assert members["party_joined_on"].max() < TODAY
    assert people.filter(pl.col("party_joined_on").is_not_null()).height == members.height


def test_league_members_are_young(people: pl.DataFrame) -> None:
    league = people.filter(pl.col("political_status") == "03")["age"]
    assert (league.min(), league.max()) == (14, 28)


def test_work_fits_the_age(people: pl.DataFrame) -> None:
    assert set(people.filter(pl.col("age").is_between(6, 15))["employment_status"]) == {"31"}
    assert set(people.filter(pl.col("age") >= 60)["employment_status"]) == {"80"}
    assert people.filter(pl.col("employment_status").is_in(["31", "70", "80"]))["occupation"].is_null().all()
    employed = people.filter((pl.col("employment_status") == "13") & (pl.col("age") >= 18))
    assert employed["occupation"].is_not_null().all()
    assert "教师" in set(employed["occupation"])


def test_teachers_do_not_work_in_factories(people: pl.DataFrame) -> None:
    professionals = people.filter(pl.col("employment_status") == "13")["workplace"].drop_nulls()
    assert professionals.len() > 0
    assert "机床厂" not in set(professionals)


def test_addresses_say_where_people_are_registered_and_live(people: pl.DataFrame) -> None:
    kinds = large().residences.group_by("person_id").agg(pl.col("kind"))
    joined = people.join(kinds, left_on="id", right_on="person_id")
    homes = large().residences.join(large().dwellings, left_on="dwelling_id", right_on="id")
    for kind, column in (("actual", "living_address"), ("registered", "registered_address")):
        pairs = homes.filter(pl.col("kind") == kind).join(people, left_on="person_id", right_on="id")
        assert (pairs["address"] == pairs[column]).all()
        without = joined.filter(pl.col("kind").list.contains(kind).not_())
        assert without[column].str.contains("^(上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|重庆|四川|陕西)").all()


def test_registered_area_is_the_district_for_registered_people(people: pl.DataFrame) -> None:
    registered = people.filter(pl.col("population_kind") == "01")
    assert set(registered["registered_area"]) == {"310110"}
    comers = people.filter(pl.col("population_kind") == "02")
    assert comers["registered_area"].str.contains(r"^\d{6}$").all()


def test_emergency_contacts_of_elders_are_kin_in_the_register(people: pl.DataFrame) -> None:
    named = people.filter(pl.col("emergency_contact").is_not_null())
    assert named["age"].min() >= 60
    assert named.height > 0.3 * people.filter(pl.col("age") >= 60).height
    by_phone = named.join(people.select("phone", "name"), left_on="emergency_phone", right_on="phone")
    assert by_phone.height == named.height
    assert (by_phone["emergency_contact"] == by_phone["name_right"]).all()
    assert set(named["emergency_relation"]) == {"1", "2"}


def test_veterans_are_mostly_men_and_grown(people: pl.DataFrame) -> None:
    served = people.filter(pl.col("service_status").is_not_null())
    assert served["age"].min() >= 20
    assert (served["sex"] == "1").mean() > 0.8


def test_volunteers_and_chiefs_carry_their_role(people: pl.DataFrame) -> None:
    roles = people.explode("community_role", empty_as_null=True)["community_role"].drop_nulls()
    assert set(roles) == set(codes.COMMUNITY_ROLE)
    chiefs = large().workers.filter(pl.col("role") == "chief")["person_id"]
    marked = people.filter(pl.col("community_role").list.contains("03").fill_null(value=False))["id"]
    assert set(chiefs) == set(marked)

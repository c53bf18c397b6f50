"""A year of visits: who gets how many, how they are held, what is written."""

from datetime import timedelta

import polars as pl
import pytest

from linyun.kernel.synth import codes, sentences
from linyun.kernel.synth.tests.street import TODAY, large


@pytest.fixture(scope="module")
def visits() -> pl.DataFrame:
    """All visits, with the day."""
    return large().visits.with_columns(day=pl.col("at").dt.date())


@pytest.fixture(scope="module")
def counted() -> pl.DataFrame:
    """Everybody who lives here, with age, whether alone, and how many visits they had."""
    world = large()
    actual = world.residences.filter(pl.col("kind") == "actual")
    homes = actual.join(world.memberships, on="person_id").with_columns(together=pl.len().over("household_id"))
    visits = world.visits.group_by("person_id").len("visits")
    age = (pl.lit(TODAY) - pl.col("birth_date")).dt.total_days() / 365.2425
    return (
        world.persons.with_columns(age=age)
        .join(homes.select("person_id", "together"), left_on="id", right_on="person_id")
        .join(visits, left_on="id", right_on="person_id", how="left")
        .with_columns(pl.col("visits").fill_null(0))
    )


def mean(frame: pl.DataFrame) -> float:
    """Visits a year."""
    return float(frame["visits"].mean() or 0)


def test_visits_fill_the_year_before_today(visits: pl.DataFrame) -> None:
    assert visits["day"].max() == TODAY - timedelta(days=1) or visits["day"].max() > TODAY - timedelta(days=4)
    assert visits["day"].min() >= TODAY - timedelta(days=368)
    months = visits.group_by(pl.col("day").dt.truncate("1mo")).len()["len"]
    assert months.len() in (12, 13)
    assert (visits["day"] == visits["visited_on"]).all()


def test_the_old_who_live_alone_are_visited_most(counted: pl.DataFrame) -> None:
    alone = counted.filter((pl.col("together") == 1) & (pl.col("age") >= 60))
    weekly = mean(alone.filter(pl.col("age") >= 80))
    lone = mean(alone.filter(pl.col("age") < 80))
    others = mean(counted.filter(pl.col("age").is_between(18, 55)))
    assert 35 < weekly < 48
    assert 10 < lone < 20
    assert others < 1.5


def test_people_in_care_and_on_aid_are_visited_about_monthly(counted: pl.DataFrame) -> None:
    together = counted.filter(pl.col("together") > 1)
    assert 8 < mean(together.filter(pl.col("care_level").is_not_null())) < 14
    assert 6 < mean(together.filter(pl.col("aid_type").is_not_null() & pl.col("care_level").is_null())) < 13


def test_children_are_not_visited(counted: pl.DataFrame) -> None:
    assert mean(counted.filter(pl.col("age") < 15.9)) == 0


def test_modes_are_known_and_elders_are_seen_at_the_door(visits: pl.DataFrame) -> None:
    assert set(visits["mode"]) == set(codes.VISIT_MODE)
    modes = visits.group_by("mode").len()
    shares = {mode: count / visits.height for mode, count in modes.rows()}
    assert shares["2"] > shares["3"] > shares["5"]


def test_visits_are_in_working_hours_and_mostly_on_workdays(visits: pl.DataFrame) -> None:
    assert visits["at"].dt.hour().min() == 9
    assert visits["at"].dt.hour().max() == 16
    assert (visits["day"].dt.weekday() >= 6).mean() < 0.06


def test_a_visitor_works_for_the_persons_committee(visits: pl.DataFrame) -> None:
    staff = large().workers.filter(pl.col("role") == "worker").select(committee="area", visitor="name").unique()
    theirs = visits.with_columns(committee=pl.col("area").str.head(12))
    assert theirs.join(staff, on=["committee", "visitor"], how="anti").is_empty()


def test_a_person_sees_mostly_the_same_worker(visits: pl.DataFrame) -> None:
    often = visits.filter(pl.len().over("person_id") >= 20)
    usual = (
        often.group_by("person_id", "visitor")
        .len()
        .group_by("person_id")
        .agg(pl.col("len").max() / pl.col("len").sum())
    )
    assert usual["len"].mean() > 0.65


def test_follow_ups_come_after_the_visit_and_have_a_reason(visits: pl.DataFrame) -> None:
    due = visits.filter(pl.col("follow_up").is_not_null())
    assert 0.13 < due.height / visits.height < 0.19
    assert ((due["follow_up"] - due["day"]).dt.total_days().is_between(3, 14)).all()
    closings = tuple(sentences.CLOSING_LIST)
    assert all(note.endswith(closings) for note in due["content"].sample(1000, seed=1))


def test_ids_rise_with_the_time_of_the_visit(visits: pl.DataFrame) -> None:
    by_id = visits.sort(pl.col("id").str.head(13))["at"]
    assert by_id.is_sorted()


def test_notes_are_whole_sentences(visits: pl.DataFrame) -> None:
    notes = visits["content"]
    assert not notes.str.contains(r"[{}|]").any()
    assert notes.str.ends_with("。").all()
    assert notes.str.len_chars().max() < 80
    assert notes.n_unique() > 10_000


def test_a_phone_call_is_not_told_as_a_visit(visits: pl.DataFrame) -> None:
    calls = visits.filter(pl.col("mode") == "3")["content"]
    assert calls.str.contains("^([上下]午|傍晚|早上)?(打?电话|来电话|通电话)").all()


def test_there_are_some_hundred_templates_and_each_filler_is_used() -> None:
    blocks = (sentences.LONE_ELDER, sentences.ELDER, sentences.CARE, sentences.AID, sentences.FAMILY, sentences.TENANT,
              sentences.ADULT)  # fmt: skip
    templates = [t for block in blocks for t in sentences.templates_of(block)]
    assert all(len(set(own)) == len(own) for own in map(sentences.templates_of, blocks))
    assert len(set(templates)) >= 230
    everything = (
        "".join(templates) + "".join("".join(o) for o in sentences.OPENINGS.values()) + "".join(sentences.CLOSINGS)
    )
    assert all(f"{{{filler}}}" in everything for filler in sentences.FILLERS)


def test_fillers_are_spelled_out_evenly() -> None:
    spelled = sentences.spell_out("{小}的{费}")
    assert len(spelled) == len(set(spelled)) == 12
    assert {text[: text.index("的")] for text in spelled} == set(sentences.FILLERS["小"])
    assert sentences.spell_out("没有变化。") == ["没有变化。"]

"""Making a world: exact numbers, the same again for the same seed, parts that never collide, files that read back."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from linyun.kernel import seeds
from linyun.kernel.declare import Subject
from linyun.kernel.synth import codes
from linyun.kernel.synth import world as making
from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.tests.street import PEOPLE, STREET, TODAY, large
from linyun.kernel.synth.world import FRAMES, World, generate, generate_parts, write_parquet

SEEDS = Path(__file__).parents[4] / "seeds"


def assert_same(one: World, other: World) -> None:
    """Every frame of two worlds is equal."""
    for name in FRAMES:
        assert_frame_equal(getattr(one, name), getattr(other, name))


def test_the_same_seed_gives_the_same_world() -> None:
    assert_same(generate(STREET, 3000, 5, TODAY), generate(STREET, 3000, 5, TODAY))


def test_another_seed_gives_another_world() -> None:
    one, other = generate(STREET, 3000, 5, TODAY), generate(STREET, 3000, 6, TODAY)
    assert one.persons["name"].to_list() != other.persons["name"].to_list()
    assert set(one.persons["id"]).isdisjoint(other.persons["id"])


@given(st.integers(1, 400), st.integers(1, 23), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_exactly_as_many_people_as_asked_however_few(people: int, committees: int, seed: int) -> None:
    world = generate(STREET[:committees], people, seed, TODAY)
    assert world.persons.height == people
    assert world.persons["identity_number"].n_unique() == people
    assert set(world.persons["area"].str.head(12)) <= {c.code for c in STREET[:committees]}


def test_a_large_world_has_its_people_too() -> None:
    assert large().persons.height == PEOPLE


@pytest.mark.parametrize(("committees", "people"), [((), 10), (STREET, 0), (STREET, -1)])
def test_a_world_needs_people_and_committees(committees: tuple[Area, ...], people: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        generate(committees, people, 1, TODAY)


def test_today_shifts_the_world() -> None:
    world = generate(STREET, 2000, 5, date(2031, 3, 1))
    assert world.persons["birth_date"].max() <= date(2031, 3, 1)
    assert world.visits["at"].dt.year().min() == 2030


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[World]:
    """A world of 24,000 people made in six parts."""
    monkeypatch.setattr(making, "PART", 4000)
    return list(generate_parts(STREET, 24_000, 3, TODAY))


def test_parts_hold_all_committees_and_people_once(parts: list[World]) -> None:
    assert len(parts) == 6
    assert [c for part in parts for c in part.committees] == list(STREET)
    assert sum(part.persons.height for part in parts) == 24_000


def test_parts_share_no_number_and_no_id(parts: list[World]) -> None:
    everybody = pl.concat([part.persons for part in parts])
    assert everybody["id"].n_unique() == everybody["identity_number"].n_unique() == 24_000
    phones = everybody["phone"].drop_nulls()
    assert phones.n_unique() == phones.len()


def test_parts_together_are_the_whole(parts: list[World], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PART", 4000)
    whole = generate(STREET, 24_000, 3, TODAY)
    assert_frame_equal(pl.concat([part.persons for part in parts]), whole.persons)
    assert_frame_equal(pl.concat([part.visits for part in parts]), whole.visits)


def test_more_parts_than_committees_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PART", 10)
    assert len(list(generate_parts(STREET[:3], 600, 3, TODAY))) == 3


def test_frames_read_back_from_parquet(tmp_path: Path) -> None:
    world = generate(STREET[:2], 800, 1, TODAY)
    rows = write_parquet(world, tmp_path)
    assert rows == {name: frame.height for name, frame in world.frames().items()}
    for name, frame in world.frames().items():
        assert_frame_equal(pl.read_parquet(tmp_path / name / "part-0000.parquet"), frame)


def test_parts_lie_beside_each_other(tmp_path: Path) -> None:
    world = generate(STREET[:2], 300, 1, TODAY)
    write_parquet(world, tmp_path, 0)
    write_parquet(world, tmp_path, 7)
    assert sorted(p.name for p in (tmp_path / "kin").iterdir()) == ["part-0000.parquet", "part-0007.parquet"]


@pytest.mark.parametrize(
    ("subject", "frame", "others"),
    [
        (Subject.PERSON, "persons", {"id", "area", "status"}),
        (Subject.DWELLING, "dwellings", {"id", "area", "address", "address_key"}),
        (Subject.HOUSEHOLD, "households", {"id", "area", "head_person_id", "dwelling_id", "kind"}),
        (Subject.ORGANISATION, "organisations", {"id", "area"}),
        (Subject.PLACE, "places", {"id", "area"}),
    ],
)
def test_columns_are_named_after_the_houses_items(subject: Subject, frame: str, others: set[str]) -> None:
    items = {item.code for item in seeds.load_items(SEEDS) if item.subject is subject}
    assert set(large().frames()[frame].columns) - others <= items


def test_codes_are_those_of_the_houses_code_sets() -> None:
    sets = {code_set.code: {c.code for c in code_set.codes} for code_set in seeds.load_code_sets(SEEDS)}
    items = [i for i in seeds.load_items(SEEDS) if i.code_set]
    frames = {Subject.PERSON: large().persons, Subject.DWELLING: large().dwellings,
              Subject.HOUSEHOLD: large().households, Subject.ORGANISATION: large().organisations,
              Subject.PLACE: large().places}  # fmt: skip
    checked = set()
    for item in items:
        frame = frames[item.subject]
        if item.code not in frame.columns:
            continue
        column = frame[item.code].drop_nulls()
        values = column.explode() if column.dtype == pl.List(pl.String) else column
        assert set(values) <= sets[item.code_set], item.code
        checked.add(item.code)
    assert {"education", "aid_type", "tenure", "community_role", "place_type", "industry"} <= checked


@pytest.mark.parametrize(
    ("words", "code_set"),
    [
        (codes.ETHNICITY, "ethnicity"),
        (codes.RELATION, "relation_to_head"),
        (codes.EDUCATION, "education"),
        (codes.MARITAL_STATUS, "marital_status"),
        (codes.POLITICAL_STATUS, "political_status"),
        (codes.VISIT_MODE, "visit_mode"),
        (codes.AID_TYPE, "aid_type"),
        (codes.TENURE, "tenure"),
    ],
)
def test_the_words_of_rosters_mean_their_codes_to_the_house(words: dict[str, str], code_set: str) -> None:
    held = next(s for s in seeds.load_code_sets(SEEDS) if s.code == code_set)
    meanings = {word: c.code for c in held.codes for word in (c.name, *c.words)}
    assert {word: meanings.get(word) for word in words.values()} == {word: code for code, word in words.items()}

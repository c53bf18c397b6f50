"""Names: as frequent as they are, of their time, written whole."""

import re

import numpy as np
import pytest

from linyun.kernel.synth import names
from linyun.kernel.synth.draft import FEMALE, MALE


def given_names(sex: int, year: int, count: int = 3000) -> list[str]:
    """Given names drawn for one sex and year of birth."""
    rows = names.draw_given(np.random.default_rng(4), np.full(count, sex, np.int8), np.full(count, year))
    return [names.GIVEN.names[row] for row in rows]


def test_surnames_stand_once_with_a_weight() -> None:
    assert len(set(names.SURNAME_LIST)) == len(names.SURNAME_LIST) > 150
    assert len(names.SURNAME_WEIGHTS) == len(names.SURNAME_LIST)
    assert names.SURNAME_WEIGHTS.min() >= 1
    assert {"欧阳", "王", "沈", "诸葛"} <= set(names.SURNAME_LIST)


def test_surnames_are_drawn_by_their_weight() -> None:
    drawn = np.bincount(names.draw_surnames(np.random.default_rng(3), 100_000), minlength=len(names.SURNAME_LIST))
    wang, ouyang = names.SURNAME_LIST.index("王"), names.SURNAME_LIST.index("欧阳")
    expected = names.SURNAME_WEIGHTS / names.SURNAME_WEIGHTS.sum() * 100_000
    assert drawn[wang] == pytest.approx(expected[wang], rel=0.08)
    assert drawn[ouyang] == pytest.approx(expected[ouyang], rel=0.5)


@pytest.mark.parametrize("number", range(len(names.MEN)))
@pytest.mark.parametrize(
    ("sex", "table", "short"), [(MALE, names.MEN, names.SINGLE_MEN), (FEMALE, names.WOMEN, names.SINGLE_WOMEN)]
)
def test_given_names_are_made_of_their_periods_characters(
    number: int, sex: int, table: tuple[tuple[int, str, str], ...], short: str
) -> None:
    year, first, second = table[number]
    allowed = re.compile(f"([{first}][{second}]|[{short}])$")
    assert all(allowed.match(name) for name in given_names(sex, year + 1, 500))


def test_no_given_name_doubles_a_character() -> None:
    assert all(len(name) == 1 or name[0] != name[1] for name in names.GIVEN.names)


def test_names_of_one_character_had_their_time() -> None:
    share = {year: np.mean([len(n) == 1 for n in given_names(MALE, year)]) for year in (1930, 1985, 2015)}
    assert share[1985] > 0.28
    assert share[1930] < 0.06
    assert share[2015] < 0.06


def test_years_before_and_after_all_periods_have_names_too() -> None:
    assert given_names(FEMALE, 1880, 5)
    assert given_names(MALE, 2050, 5)


def test_a_name_is_surname_and_given_name() -> None:
    surname = np.array([names.SURNAME_LIST.index("欧阳"), names.SURNAME_LIST.index("王")])
    given = np.array([names.GIVEN.names.index("晓晴") if "晓晴" in names.GIVEN.names else 0, 1])
    written = names.write_names(surname, given).to_list()
    assert written == ["欧阳" + names.GIVEN.names[given[0]], "王" + names.GIVEN.names[1]]


def known_ways() -> list[tuple[str, int, int]]:
    """Every way in which the lists could give a well-known name: (name, row of surname, row of given name)."""
    surnames = {surname: row for row, surname in enumerate(names.SURNAME_LIST)}
    rows: dict[str, list[int]] = {}
    for row, given in enumerate(names.GIVEN.names):
        rows.setdefault(given, []).append(row)
    return [
        (name, surnames[name[:cut]], row)
        for name in sorted(names.WELL_KNOWN)
        for cut in (1, 2)
        if name[:cut] in surnames
        for row in rows.get(name[cut:], [])
    ]


def sex_of(row: int) -> int:
    """The sex for which a given name stands in the lists."""
    women = min(int(names.GIVEN.pairs_at[1].min()), int(names.GIVEN.singles_at[1]))
    return FEMALE if row >= women else MALE


def test_whoever_would_be_called_like_somebody_known_gets_another_name_of_the_same_sex() -> None:
    ways = known_ways()
    assert {name for name, _, _ in ways} == names.WELL_KNOWN, "a name that cannot arise need not be kept out"
    surname, given = np.array([s for _, s, _ in ways]), np.array([g for _, _, g in ways])
    written = names.write_names(surname, given).to_list()
    assert set(written).isdisjoint(names.WELL_KNOWN)
    for new, (old, at, row) in zip(written, ways, strict=True):
        family = names.SURNAME_LIST[at]
        assert new.startswith(family), f"{old} became {new}"
        assert sex_of(row) in {
            sex_of(r) for r in range(len(names.GIVEN.names)) if names.GIVEN.names[r] == new[len(family) :]
        }


def test_everybody_else_keeps_the_name_that_was_drawn() -> None:
    surname = np.arange(len(names.SURNAME_LIST))
    given = np.arange(len(names.SURNAME_LIST)) * 7
    plain = [names.SURNAME_LIST[s] + names.GIVEN.names[g] for s, g in zip(surname, given, strict=True)]
    written = names.write_names(surname, given).to_list()
    assert [w for w, p in zip(written, plain, strict=True) if p not in names.WELL_KNOWN] == [
        p for p in plain if p not in names.WELL_KNOWN
    ]

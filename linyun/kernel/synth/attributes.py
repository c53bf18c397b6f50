"""What people are like: schooling, marriage, work, party, disability, aid – as age, sex and time make likely."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linyun.kernel.synth.archetypes import Role
from linyun.kernel.synth.draft import FEMALE, MALE, Draft

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rng = np.random.Generator

EDUCATION_CODES = ("10", "20", "30", "40", "60", "70", "80", "90")
# Born before 1940, 1950, 1960, 1970, 1980, 1990, 2000, later: cumulative shares in the order of EDUCATION_CODES.
_EDUCATION = np.cumsum(
    [
        [0.00, 0.05, 0.04, 0.05, 0.08, 0.24, 0.34, 0.20],
        [0.00, 0.04, 0.05, 0.06, 0.14, 0.42, 0.23, 0.06],
        [0.01, 0.05, 0.08, 0.08, 0.27, 0.44, 0.06, 0.01],
        [0.02, 0.12, 0.14, 0.12, 0.24, 0.32, 0.04, 0.00],
        [0.05, 0.24, 0.20, 0.12, 0.17, 0.20, 0.02, 0.00],
        [0.11, 0.36, 0.23, 0.08, 0.10, 0.11, 0.01, 0.00],
        [0.13, 0.44, 0.24, 0.06, 0.07, 0.06, 0.00, 0.00],
        [0.10, 0.48, 0.24, 0.08, 0.07, 0.03, 0.00, 0.00],
    ],
    axis=1,
)
_EDUCATION_FROM = np.array([1940, 1950, 1960, 1970, 1980, 1990, 2000])

ETHNICITY_CODES = ("01", "03", "11", "02", "15", "08", "06", "10")
_ETHNICITY = np.cumsum([0.984, 0.006, 0.003, 0.001, 0.002, 0.002, 0.001, 0.001])

EMPLOYMENT_CODES = ("11", "13", "17", "21", "24", "51", "54", "70")
"""The first five work for somebody, the last has no work."""
# Local people and comers: cumulative shares of those of working age, in the order of EMPLOYMENT_CODES.
_WORK = np.cumsum(
    [[0.05, 0.22, 0.30, 0.09, 0.16, 0.06, 0.05, 0.07], [0.01, 0.16, 0.27, 0.06, 0.26, 0.08, 0.13, 0.03]], axis=1
)
# For each role of archetypes.Role a man's code and a woman's, then a daughter's son and daughter.
_RELATIONS = ("02", "02", "11", "12", "20", "30", "28", "38", "41", "42", "51", "52", "99", "99", "43", "44")
OCCUPATIONS = {
    "11": ("公务员", "事业单位职员"),
    "13": ("教师", "护士", "医生", "工程师", "会计", "程序员", "设计师", "检验员"),
    "17": ("文员", "客服", "出纳", "行政", "销售", "营业员", "人事"),
    "21": ("部门经理", "项目经理", "店长"),
    "24": ("操作工", "驾驶员", "快递员", "外卖骑手", "厨师", "保安", "保洁员", "家政服务员", "电工", "装修工"),
    "51": ("自由撰稿人", "网约车司机", "网店店主", "家教"),
    "54": ("小吃店主", "水果店主", "理发店主", "修理铺主"),
}
WORKPLACES = {
    "11": ("区政府机关", "街道办事处", "税务所", "市场监管所"),
    "13": ("区中心医院", "社区卫生服务中心", "第二中学", "中心小学", "设计院", "研究所", "软件公司"),
    "17": ("百货公司", "保险公司", "银行支行", "旅行社", "邮政支局", "物流公司", "物业公司"),
    "21": ("食品公司", "建筑公司", "连锁超市", "软件公司", "物流公司"),
    "24": (
        "公交公司",
        "机床厂",
        "食品公司",
        "物流公司",
        "物业公司",
        "建筑公司",
        "出租汽车公司",
        "自来水公司",
        "电力公司",
    ),
}


def pick(steps: NDArray[np.float64], u: NDArray[np.float64]) -> Ints:
    """Row of the code whose share holds u; ``steps`` are cumulative shares, one list or one list for each person."""
    inner = steps[..., :-1]
    rows: Ints = (u[:, None] >= inner).sum(axis=1, dtype=np.int64)
    return rows


def words(values: Sequence[str] | pl.Series, rows: Ints, known: Flags | None = None) -> pl.Series:
    """Strings by row; null where not ``known``."""
    column = (values if isinstance(values, pl.Series) else pl.Series(values, dtype=pl.String)).gather(rows)
    if known is None:
        return column
    return pl.select(pl.when(pl.Series(known)).then(column)).to_series()


def education(rng: Rng, year: Ints, age: Ints) -> pl.Series:
    """Highest schooling; for children the school they are at, for those under six nothing."""
    cohort = np.searchsorted(_EDUCATION_FROM, year, side="right")
    row = pick(_EDUCATION[cohort], rng.random(len(age)))
    least = np.array([22, 21, 20, 18, 18, 15, 12, 0])[row]
    growing = np.select([age < 12, age < 15, age < 18, age < 22], [6, 5, 4, 1], 4)
    return words(EDUCATION_CODES, np.where(age < np.maximum(least, 22), growing, row), age >= 6)


def marital_status(rng: Rng, draft: Draft) -> pl.Series:
    """Married where the spouse is in the group; else never married, widowed, divorced, or married to someone away."""
    age, n = draft.age, draft.people
    u = rng.random(n)
    widowed = np.clip((age - 55) / 35, 0.0, 0.88)
    divorced = np.where(age < 75, 0.16, 0.07)
    is_parent = np.zeros(n, bool)
    for parent in (draft.parent1, draft.parent2):
        is_parent[parent[parent >= 0]] = True
    never = np.where(is_parent, 0.02, np.clip(1.25 - age / 45, 0.06, 1.0))
    never = np.where((age >= 60) & ~is_parent, 0.06, never)
    # a grown child who moved out, or a tenant alone in the city, mostly has a spouse elsewhere
    apart = ~draft.lives | (~draft.registered & ~is_parent)
    status = np.select([u < never, u < never + (1 - never) * widowed], [0, 2], 0)
    rest = u >= never + (1 - never) * widowed
    left = rng.random(n)
    status[rest] = np.where(apart[rest] & (left[rest] > divorced[rest]), 1, 3)
    status[(age < 22) & ~is_parent] = 0
    status[draft.spouse >= 0] = 1
    return words(("10", "20", "30", "40"), status)


def ethnicity(rng: Rng, draft: Draft) -> pl.Series:
    """Mostly Han; children have their father's or mother's."""
    row = pick(_ETHNICITY, rng.random(draft.people))
    for _ in range(int(draft.table.generation.max())):
        child = np.flatnonzero(draft.parent1 >= 0)
        row[child] = row[draft.parent1[child]]
    return words(ETHNICITY_CODES, row)


def political_status(rng: Rng, age: Ints, schooling: pl.Series) -> pl.Series:
    """Party members more often among the older and the schooled; League members from 14 to 28."""
    high = schooling.is_in(["10", "20", "30"]).fill_null(value=False).to_numpy()
    member = np.select([age < 20, age < 35, age < 60], [0.0, 0.06, 0.09], 0.15) * np.where(high, 1.6, 0.85)
    u = rng.random(len(age))
    league = (age >= 14) & (age <= 28) & (rng.random(len(age)) < 0.34)
    row = np.select([u < member * 0.98, u < member, league], [0, 1, 2], 3)
    return words(("01", "02", "03", "13"), row, age >= 14)


def employment(rng: Rng, draft: Draft) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Employment status, occupation and workplace; the retired and the pupils have no occupation."""
    age, n = draft.age, draft.people
    row = pick(_WORK[(~draft.registered).astype(np.int64)], rng.random(n))
    study = (age >= 6) & (age < 18 + rng.integers(0, 6, n))
    retired = age >= np.where(draft.sex == MALE, 60, np.where(rng.random(n) < 0.6, 50, 55))
    codes = (*EMPLOYMENT_CODES, "31", "80")
    row = np.select([study, retired], [8, 9], row)
    known = (row < len(EMPLOYMENT_CODES) - 1) & (age >= 18)
    named = known & (row < len(WORKPLACES)) & (rng.random(n) < 0.7)
    return (
        words(codes, row, age >= 6),
        _one_of(rng, [OCCUPATIONS.get(code, ("",)) for code in codes], row, known),
        _one_of(rng, [WORKPLACES.get(code, ("",)) for code in codes], row, named),
    )


def _one_of(rng: Rng, lists: Sequence[Sequence[str]], row: Ints, known: Flags) -> pl.Series:
    """A word from the list that ``row`` names; null where not ``known``."""
    sizes = np.array([len(entries) for entries in lists])
    first = np.cumsum(sizes) - sizes
    word = first[row] + (rng.random(len(row)) * sizes[row]).astype(np.int64)
    return words([entry for entries in lists for entry in entries], word, known)


def disability(rng: Rng, draft: Draft) -> tuple[pl.Series, pl.Series]:
    """Type and level for about one in forty, more with age; comers seldom have a local certificate."""
    age, n = draft.age, draft.people
    share = np.select([age < 18, age < 40, age < 60, age < 75], [0.006, 0.012, 0.026, 0.048], 0.074)
    has = rng.random(n) < np.where(draft.registered, share, share * 0.2)
    kind = pick(np.cumsum([0.13, 0.14, 0.02, 0.50, 0.08, 0.10, 0.03]), rng.random(n))
    level = pick(np.cumsum([0.12, 0.20, 0.33, 0.35]), rng.random(n))
    return words(("1", "2", "3", "4", "5", "6", "7"), kind, has), words(("1", "2", "3", "4"), level, has)


def aid(rng: Rng, draft: Draft, disabled: Flags) -> pl.Series:
    """Low-income aid of registered people: about 1.2 % of all, more among the disabled."""
    share = np.where(disabled, 0.11, 0.012) * draft.registered
    kind = pick(np.cumsum([0.62, 0.10, 0.20, 0.08]), rng.random(draft.people))
    kind = np.where((kind == 1) & (draft.age < 60), 0, kind)
    return words(("01", "02", "03", "04"), kind, rng.random(draft.people) < share)


def care_level(rng: Rng, draft: Draft) -> pl.Series:
    """Long-term-care level 1–6 of registered people of 60 and over who were assessed."""
    age = draft.age
    share = np.select([age < 60, age < 70, age < 80, age < 90], [0.0, 0.015, 0.06, 0.22], 0.42) * draft.registered
    level = pick(np.cumsum([0.05, 0.27, 0.28, 0.20, 0.13, 0.07]), rng.random(draft.people))
    return words(("1", "2", "3", "4", "5", "6"), level, rng.random(draft.people) < share)


def service_status(rng: Rng, draft: Draft) -> pl.Series:
    """Those who served in the forces, men of the older years more often; one in eight an officer (转业)."""
    age = draft.age
    men = np.select([age < 20, age < 60], [0.0, 0.025], 0.075)
    served = rng.random(draft.people) < np.where(draft.sex == FEMALE, 0.003 * (age >= 20), men)
    return words(("01", "03"), (rng.random(draft.people) < 0.125).astype(np.int64), served)


def volunteer(rng: Rng, draft: Draft, member: Flags) -> Flags:
    """Registered volunteers: mostly between fifty and seventy-five and living here."""
    age = draft.age
    share = np.select([age < 16, age < 50, age < 76, age < 85], [0.0, 0.02, 0.09, 0.02], 0.0) * np.where(member, 3, 1)
    return np.asarray(rng.random(draft.people) < share * draft.lives)


def relation_codes(draft: Draft) -> pl.Series:
    """Relation to the head of the household, GB/T 4761-2008, from roles and sexes."""
    through_son = draft.sex[np.maximum(draft.parent1, 0)] == MALE
    row = np.where((draft.role == Role.GRANDCHILD) & ~through_son, len(Role), draft.role.astype(np.int64))
    man = draft.sex == MALE
    return words(_RELATIONS, row * 2 + np.where(man, 0, 1))

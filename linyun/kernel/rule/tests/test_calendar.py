"""Days in rules: every way of writing one, month ends, leap days, the turn of the year, distances, periods, time zones."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError, compile_sql, evaluate, parse
from linyun.kernel.rule.syntax import Between, Compare, Day, Op, Unit
from linyun.kernel.rule.tests.tiny import stepped
from linyun.kernel.rule.tests.world import TODAY, VOCABULARY

DAYS = st.dates(date(1900, 1, 1), date(2150, 12, 31))


def read(written: str):
    return parse(written, Subject.PERSON, VOCABULARY).where


def holds(written: str, day: date | None, today: date = TODAY):
    return evaluate(parse(written, Subject.PERSON, VOCABULARY), {"last_visit": day}, today)


@settings(max_examples=80, deadline=None)
@given(DAYS, st.integers(-60, 60), st.sampled_from(Unit))
def test_a_distance_is_what_one_counts_on_a_wall_calendar(today: date, amount: int, unit: Unit):
    assert Day(amount, unit).on(today) == stepped(today, amount, unit.value)


@settings(max_examples=50, deadline=None)
@given(DAYS)
def test_every_way_to_write_a_day_is_the_same_day(day: date):
    y, m, d = day.year, day.month, day.day
    for written in (f"{y}-{m}-{d}", f"{y}-{m:02}-{d:02}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}年{m}月{d}",
                    f"{y}年{m:02}月{d:02}号", f"{y}{m:02}{d:02}", f'"{day.isoformat()}"', f"「{y}年{m}月{d}日」"):  # fmt: skip
        assert read(f"出生日期 = {written}") == Compare("birth_date", Op.EQ, day), written
        assert read(f"出生日期={written}且年龄>3") == read(f"出生日期 = {day.isoformat()} 且 年龄 > 3"), written


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1949-02-29",
            "1900-02-29",
            "2100-02-29",
            "2023-02-29",
            "2024-02-30",
            "2024-04-31",
            "2024-13-01",
            "2024-00-10",
        ),
        *("2024-01-00", "2024-01-32", "2024年2月30日", "20240230", "2024/6/31", "2024.9.31"),
    ],
)
def test_a_day_that_no_calendar_has_is_told_by_its_name(written):
    with pytest.raises(RuleError) as refused:
        read(f"年龄 > 3 且 出生日期 > {written}")
    error = refused.value
    assert error.message_zh == f"没有“{written}”这一天，请核对。"
    assert (error.start, error.end) == (16, 16 + len(written))


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1948",
            "48-03-05",
            "1948-03",
            "1948年",
            "1948年3月",
            "3月5日",
            "1948-3-5-6",
            "1948a3b5",
            "a1948-3-5",
            "948-03-05",
        ),
        *(
            "0948-03-05",
            "194803051",
            "1948035",
            "一九四八年三月五日",
            "1948-三-5",
            "19480305岁",
            '"1948 03 05"',
            '"x"',
            "-19480305",
        ),
    ],
)
def test_what_is_no_whole_day_is_not_guessed_at(written):
    """A rule that silently reads 1948a3b5 as a day finds people whom nobody meant."""
    with pytest.raises(RuleError) as refused:
        read(f"出生日期 > {written}")
    assert refused.value.nearest == ""
    assert "1948-03-05" in refused.value.message_zh or "这里不应是" in refused.value.message_zh


@pytest.mark.parametrize(
    ("written", "mends"),
    [
        ("最近走访 > 30天", ("30天前", "30天后", "过去30天内")),
        ("最近走访 早于 2个月", ("2个月前", "2个月后", "过去2个月内")),
        ("最近走访 < 1年内", ("1年前", "1年后", "过去1年内")),
    ],
)
def test_a_stretch_without_a_direction_is_refused_with_words_that_work(written, mends):
    with pytest.raises(RuleError) as refused:
        read(written)
    error = refused.value
    assert error.expected == mends
    for mend in (*mends[:2], error.nearest):
        assert read(written[: error.start] + mend + written[error.end :])


@pytest.mark.parametrize(
    ("today", "written", "first_in", "last_out"),
    [
        # 30 days before the 1st of March lies in January, of a leap year one day later.
        (date(2025, 3, 1), "最近走访 早于 30天前", date(2025, 1, 29), date(2025, 1, 30)),
        (date(2024, 3, 1), "最近走访 早于 30天前", date(2024, 1, 30), date(2024, 1, 31)),
        # One month before the last of March is the last of February.
        (date(2025, 3, 31), "最近走访 早于 1个月前", date(2025, 2, 27), date(2025, 2, 28)),
        (date(2024, 3, 31), "最近走访 早于 1个月前", date(2024, 2, 28), date(2024, 2, 29)),
        # A year before a leap day.
        (date(2024, 2, 29), "最近走访 早于 1年前", date(2023, 2, 27), date(2023, 2, 28)),
        # Across the turn of the year.
        (date(2026, 1, 1), "最近走访 早于 1天前", date(2025, 12, 30), date(2025, 12, 31)),
        (date(2026, 1, 31), "最近走访 早于 2个月前", date(2025, 11, 29), date(2025, 11, 30)),
        (date(2026, 1, 1), "最近走访 早于 1周前", date(2025, 12, 24), date(2025, 12, 25)),
    ],
)
def test_the_edge_of_a_distance(today, written, first_in, last_out):
    assert holds(written, first_in, today) is True
    assert holds(written, last_out, today) is False


@settings(max_examples=50, deadline=None)
@given(DAYS, st.integers(0, 400), st.integers(-500, 500))
def test_the_signs_and_the_words_for_a_distance_agree(today: date, ago: int, off: int):
    """``> 30天前`` says how long ago, 早于 which day: the same people, in every order of the two days."""
    day = today - timedelta(days=off)
    for sign, word, is_in in ((">", "早于", off > ago), (">=", "不晚于", off >= ago), ("<", "晚于", off < ago),
                              ("<=", "不早于", off <= ago)):  # fmt: skip
        assert holds(f"最近走访 {sign} {ago}天前", day, today) is is_in
        assert holds(f"最近走访 {word} {ago}天前", day, today) is is_in
    assert holds(f"最近走访 = {ago}天前", day, today) is (off == ago)


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(0, 90), st.integers(-100, 100))
def test_a_period_holds_both_its_ends_and_nothing_of_the_other_side(today: date, length: int, off: int):
    day = today - timedelta(days=off)
    assert holds(f"最近走访 过去{length}天内", day, today) is (0 <= off <= length)
    assert holds(f"最近走访 未来{length}天内", day, today) is (-length <= off <= 0)
    assert holds(f"最近走访 不在 过去{length}天内", day, today) is not (0 <= off <= length)


@pytest.mark.parametrize(
    "written",
    ["最近走访 > 30天前", "最近走访 = 今天", "最近走访 过去30天内", "最近走访 不在 过去30天内", "非 最近走访 < 昨天"],
)
def test_whoever_was_never_visited_is_neither_in_nor_out(written):
    assert holds(written, None) is None


@pytest.mark.parametrize(
    ("name", "off"),
    [("今天", 0), ("今日", 0), ("昨天", -1), ("明天", 1), ("today", 0), ("yesterday", -1), ("tomorrow", 1)],
)
@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2025, 12, 31), date(2024, 2, 29), date(2024, 3, 1)])
def test_named_days_move_with_the_day_on_which_one_asks(name, off, today):
    day = today + timedelta(days=off)
    assert holds(f"最近走访 = {name}", day, today) is True
    assert holds(f"最近走访 = {name}", day + timedelta(days=1), today) is False
    assert holds(f"最近走访 早于 {name}", day - timedelta(days=1), today) is True


def test_a_rule_read_once_is_asked_on_many_days():
    """Saved crowds hold the distance, never the day on which they were saved."""
    rule = parse("最近走访 早于 30天前", Subject.PERSON, VOCABULARY)
    facts = {"last_visit": date(2026, 1, 1)}
    assert evaluate(rule, facts, date(2026, 1, 31)) is False
    assert evaluate(rule, facts, date(2026, 2, 1)) is True
    assert "2026" not in rule.text("zh")
    edges = {compile_sql(rule, "s", day).params["p0"] for day in (date(2026, 1, 31), date(2026, 2, 1))}
    assert edges == {date(2026, 1, 1), date(2026, 1, 2)}


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("在 60天前 到 30天前 之间", Day(-60), Day(-30)),
        ("在 30天前 到 60天前 之间", Day(-60), Day(-30)),
        ("在 1年前 到 1个月前 之间", Day(-1, Unit.YEAR), Day(-1, Unit.MONTH)),
        ("在 1个月前 到 1年前 之间", Day(-1, Unit.YEAR), Day(-1, Unit.MONTH)),
        ("在 明天 到 昨天 之间", Day(-1), Day(1)),
        ("在 2周前 到 3天后 之间", Day(-2, Unit.WEEK), Day(3)),
        ("在 5周后 到 1个月后 之间", Day(1, Unit.MONTH), Day(5, Unit.WEEK)),
        ("在 今天 到 今天 之间", Day(0), Day(0)),
    ],
)
def test_a_stretch_between_distances_may_be_said_either_way_round(written, low, high):
    assert read(f"最近走访 {written}") == Between("last_visit", low, high)


@pytest.mark.parametrize("amount", ["73001天", "10401周", "2401个月", "201年", "99999999999999999999年"])
def test_what_no_calendar_can_count_is_refused_in_words(amount):
    for side in ("前", "后"):
        with pytest.raises(RuleError, match="太远，最多 200 年"):
            read(f"最近走访 晚于 {amount}{side}")


@pytest.mark.parametrize("amount", ["73000天", "10400周", "2400个月", "200年"])
def test_the_farthest_day_can_be_asked_about_on_any_day_a_computer_runs(amount):
    for today in (date(1970, 1, 1), date(2026, 2, 28), date(2100, 12, 31)):
        assert holds(f"最近走访 晚于 {amount}前", today, today) is True
        assert holds(f"最近走访 早于 {amount}后", today, today) is True


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(1, 110))
def test_an_age_turns_on_the_birthday(born: date, years: int):
    """The words say 周岁; who was born on a leap day turns a year older on the 28th in other years, never a day early."""
    birthday = stepped(born, years, "year")
    for today, age in ((birthday - timedelta(days=1), years - 1), (birthday, years)):
        rule = parse(f"年龄 = {age}", Subject.PERSON, VOCABULARY)
        whole = today.year - born.year - ((today.month, today.day) < (birthday.month, birthday.day))
        assert whole == age
        assert evaluate(rule, {"age": whole}, today) is True

"""How a person's page words what it knows: as neighbours say it, with what is not known left out and never guessed."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.ui.parts import Entry
from linyun.front.desk import history, people
from linyun.front.desk.circle import Circle, _read
from linyun.hub.records.models import Person
from linyun.hub.tags.services import Borne
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level, Subject

TODAY = clock.today()
HERE, THERE = {"id": "1", "address": "公交新村1号101室"}, {"id": "2", "address": "铁岭路50弄3号"}


def home(where, kind):
    return {**where, "kind": kind}


def years_ago(n):
    return date(TODAY.year - n, 1, 1)


@pytest.mark.parametrize(
    ("person", "circle", "line"),
    [
        (Person(sex="2", birth_date=years_ago(77)), Circle(residences=[home(HERE, "actual")]), "女 · 77 岁 · 独居"),
        (Person(sex="1"), Circle(residences=[home(HERE, "actual")], housemates=2), "男 · 3 人同住"),
        (Person(birth_date=years_ago(0)), Circle(), "0 岁"),
        (Person(sex="2"), Circle(residences=[home(HERE, "registered")]), "女"),  # nobody knows how they live
        (Person(sex="2"), Circle(residences=[home(HERE, "owner")]), "女"),
        (Person(), Circle(), ""),
    ],
)
def test_the_line_says_what_is_known_and_no_more(person, circle, line):
    assert people.facts_line(person, circle) == line


@pytest.mark.parametrize(
    ("residences", "said"),
    [
        ([home(HERE, "actual"), home(HERE, "registered")], "公交新村1号101室 · 户籍同址"),
        ([home(HERE, "actual"), home(THERE, "registered")], "公交新村1号101室 · 户籍在 铁岭路50弄3号"),
        ([home(HERE, "actual")], "公交新村1号101室 · 户籍不在本居委"),
        ([home(THERE, "registered")], "户籍在 铁岭路50弄3号，人不住这里"),
        ([home(HERE, "owner")], ""),
        ([], ""),
    ],
)
def test_where_somebody_lives_and_is_registered(residences, said):
    assert people.address_of(Circle(residences=residences)) == said


def circle(**known):
    return Circle(**known)


@pytest.mark.parametrize(
    ("known", "title", "sub", "late"),
    [
        ({"last_visit": TODAY, "rhythm": "elder"}, "今天走访过", "老人", False),
        ({"last_visit": TODAY - timedelta(days=9), "rhythm": "elder"}, "距上次走访 9 天", "老人", False),
        ({"last_visit": TODAY - timedelta(days=90), "rhythm": "elder"}, "距上次走访 90 天，该走访了", "每季一次", True),
        ({"rhythm": "high_risk"}, "还没有走访过，该走访了", "每周一次", True),
        ({"due": {"follow_up_on": TODAY, "situation": "x" * 60}}, "还没有走访过", "x" * 40, True),
        ({"due": {"follow_up_on": TODAY + timedelta(days=1), "situation": "来看"}}, "还没有走访过", "来看", False),
        ({"planned": {"due_on": TODAY - timedelta(days=1), "why": "高温"}}, "还没有走访过", "高温", True),
        ({"planned": {"due_on": TODAY + timedelta(days=2), "why": "高温"}, "rhythm": "high_risk"}, "还没有走访过", "高温", False),
        ({"due": {"follow_up_on": TODAY + timedelta(days=9), "situation": "约好"},
          "planned": {"due_on": TODAY, "why": "高温"}}, "还没有走访过", "约好", False),
    ],
)  # fmt: skip
def test_a_promise_beats_a_plan_and_a_plan_beats_the_usual(known, title, sub, late):
    banner = people.banner_of(circle(**known))
    assert (banner.title, banner.late) == (title, late)
    assert sub in banner.sub and "x" * 41 not in banner.sub


@pytest.mark.parametrize(
    "known", [{}, {"last_visit": TODAY}, {"rhythm": "没有这种", "last_visit": TODAY - timedelta(days=999)}]
)
def test_nobody_is_pressed_without_a_promise_or_a_rhythm(known):
    assert people.banner_of(circle(**known)) is None


@pytest.mark.parametrize(
    ("code", "sex", "word"),
    [("10", "1", "丈夫"), ("10", "2", "妻子"), ("20", "2", "女儿"), ("30", "1", "儿子"), ("40", "2", "孙女"), ("70", "1", "兄弟"),
     (None, "1", ""), ("", None, "")],
)  # fmt: skip
def test_relations_as_neighbours_say_them(code, sex, word):
    assert people.relation_word(code, sex) == word


@pytest.mark.parametrize("code", sorted(people.BY_SEX))
def test_a_relation_without_a_known_sex_is_that_of_the_standard(code):
    standard = catalogue.code_sets["relation_to_head"].name_of(code)
    assert {people.relation_word(code, None), people.relation_word(code, "9")} == {standard}


@pytest.mark.parametrize(
    ("mate", "own_head", "line"),
    [
        ({"relation": "30", "sex": "2", "born": years_ago(52)}, True, "女儿 · 52 岁"),
        ({"relation": "30", "sex": "2", "born": years_ago(52)}, False, "户主的女儿 · 52 岁"),
        ({"head": True, "relation": "02", "sex": "1"}, False, "户主"),
        ({"relation": None, "sex": "1", "born": years_ago(3)}, True, "3 岁"),
        ({}, False, ""),
    ],
)
def test_a_mate_is_named_from_where_the_reader_stands(mate, own_head, line):
    assert people.mate_line(mate, own_head) == line


@pytest.mark.parametrize(
    ("kin", "line"),
    [
        (
            {"relation": "20", "sex": "2", "born": years_ago(50), "note": "住宝山", "address": "别处"},
            "女儿 · 50 岁 · 住宝山",
        ),
        ({"relation": "20", "sex": "1", "note": "", "address": "公交新村2号"}, "儿子 · 公交新村2号"),
        ({"relation": "97"}, catalogue.code_sets["relation_to_head"].name_of("97")),
    ],
)
def test_kin_with_where_they_are(kin, line):
    assert people.kin_line(kin) == line


def tag(code):
    return catalogue.tags[code]


def test_six_telling_tags_at_most_none_sensitive_and_those_by_hand_first():
    everything = [Borne(t) for t in catalogue.tags.values() if t.subject is Subject.PERSON]
    by_hand = Borne(tag("key_elder"), SimpleNamespace(ground="上门核实", set_by="林晓岚", until=date(2026, 12, 24)))
    chips = people.chips([*everything, by_hand])
    sensitive = {t.name for t in catalogue.tags.values() if t.level >= Level.SENSITIVE}
    assert len(chips) == people.CHIPS
    assert not {c.label for c in chips} & sensitive
    assert chips[0].label == f"{tag('key_elder').name} 至 12-24"
    assert chips[0].kind == "warn" and "上门核实，林晓岚" in chips[0].title
    assert "按规则自动计算" in people.chip(Borne(tag("lone_elder"))).title


def test_of_a_scale_of_ages_the_last_alone_is_told():
    scale = [Borne(t) for t in catalogue.tags.values() if t.path[-1] in people.LAST and t.subject is Subject.PERSON]
    assert len(scale) > 1
    paths = {b.tag.path for b in scale}
    assert len(people.telling(scale)) == len(paths)


days = st.dates(date(2015, 1, 1), TODAY)


@given(st.lists(days, max_size=30))
def test_months_hold_every_entry_newest_first(when):
    months = history.by_month([Entry(when=d, text=str(n)) for n, d in enumerate(when)])
    told = [e.when for m in months for e in m.entries]
    assert told == sorted(when, reverse=True)
    assert len({m.title for m in months}) == len(months) == len({(d.year, d.month) for d in when})


def test_months_of_this_year_go_without_it():
    this, last = (history.by_month([Entry(when=date(y, 3, 1), text="")])[0].title for y in (TODAY.year, TODAY.year - 1))
    assert (this, last) == ("3 月", f"{TODAY.year - 1} 年 3 月")


def visited(**said):
    return {"id": uuid4(), "visited_on": TODAY, "mode": "2", "visitor": "林晓岚", "situation": "在家", "needs": "",
            "outcome": "", "photos": None, **said}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({}, "在家"),
        ({"needs": "修灯"}, "在家 需求：修灯"),
        ({"situation": "", "needs": "修灯", "outcome": "已修"}, "需求：修灯 结果：已修"),
        ({"outcome": "100%好"}, "在家 结果：100%好"),
    ],
)
def test_a_visit_in_one_paragraph(said, text):
    assert history.visit_entry(visited(**said)).text == text


def test_a_visit_leads_to_itself_and_to_its_photos():
    photo = uuid4()
    entry = history.visit_entry(visited(photos=[photo]))
    assert str(photo) in entry.photos[0][0]
    assert (entry.mode, entry.who) == (catalogue.code_sets["visit_mode"].name_of("2"), "林晓岚")


STATED = {"true_on": TODAY, "source": "police", "collector": "", "origin_kind": "feed", "origin_id": None}
ITEMS = {i.code: i for i in catalogue.items_of(Subject.PERSON)}


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        (["name"], "姓名"),
        (["name", "no_such_item"], "姓名"),
        (None, ""),
        (["name", "sex", "phone", "education", "remark"], "等 5 项"),
    ],
)
def test_a_register_tells_which_items_and_never_a_value(codes, text):
    (entry,) = history.entries(circle(stated=[{**STATED, "items": codes}]), with_values=True, items=ITEMS)
    assert text in entry.text and (text or entry.text == "")


def test_a_source_or_kind_that_is_no_more_is_named_as_it_was():
    done = {
        "id": uuid4(),
        "kind": "old_kind",
        "reason": "旧",
        "happened_on": TODAY,
        "actor_name": "王",
        "undone_at": None,
    }
    stated = {**STATED, "items": ["name"], "source": "old_source"}
    modes = {e.mode for e in history.entries(circle(stated=[stated], operations=[done]), with_values=True, items=ITEMS)}
    assert modes == {"old_source", "old_kind"}


def test_an_operation_taken_back_is_marked():
    done = {
        "id": uuid4(),
        "kind": "death",
        "reason": "证明",
        "happened_on": TODAY,
        "actor_name": "林",
        "undone_at": clock.now(),
    }
    entries = history.entries(circle(operations=[done, {**done, "undone_at": None}]), with_values=True, items={})
    assert [[c.label for c in e.chips] for e in entries] == [["已撤销"], []]
    assert history.entries(circle(operations=[done]), with_values=False, items={}) == []


def test_what_registers_said_before_the_oldest_visit_shown_waits_with_the_older_visits():
    old = {**STATED, "items": ["name"], "true_on": TODAY - timedelta(days=99)}
    shown = circle(visits=[visited()], visit_count=2, stated=[old])
    assert len(history.entries(shown, with_values=True, items=ITEMS)) == 1
    assert (
        len(history.entries(circle(visits=[visited()], visit_count=1, stated=[old]), with_values=True, items=ITEMS))
        == 2
    )


@pytest.mark.parametrize(
    ("verb", "detail", "what"),
    [
        ("person_seen", {}, "打开了页面"),
        ("sealed_item_seen", {"item": "phone"}, "查看了完整的联系电话"),
        ("sealed_item_seen", {"item": "gone"}, "查看了完整的一项"),
        ("items_stated", {"items": ["a", "b"]}, "记录了 2 项"),
        ("items_stated", {}, "记录了 0 项"),
        ("value_settled", {"item": "education"}, "核定了文化程度"),
        ("something_new", {"x": "%s"}, "办理了一项业务"),
    ],
)
def test_an_act_in_words_whatever_it_holds(verb, detail, what):
    look = history.look(clock.now(), "林晓岚", verb, "走访准备", detail)
    assert (look.what, look.who, look.why) == (what, "林晓岚", "走访准备")


def test_days_and_moments_of_the_circle_are_read_as_such():
    read = _read([("born", "1940-01-02"), ("at", "2026-11-01T08:00:00+08:00"), ("note", "2026-11-01"), ("since", None)])
    assert read["born"] == date(1940, 1, 2) and isinstance(read["at"], datetime)
    assert (read["note"], read["since"]) == ("2026-11-01", None)

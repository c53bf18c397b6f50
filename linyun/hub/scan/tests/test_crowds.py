"""Crowds: counted right, in words, within the scope; nothing leaves that should not."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from linyun.foundation.acts.models import Act
from linyun.hub.scan import find, services
from linyun.hub.scan.builder import Builder, Row, text_of
from linyun.hub.scan.export import NoSuchColumn
from linyun.hub.scan.find import Asked
from linyun.hub.scan.models import Crowd
from linyun.hub.scan.services import Unsavable
from linyun.hub.tags.services import Unsettable, borne_by, retract_tag, set_tag
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.rule import RuleError
from linyun.kernel.values.identity import make
from tests.characters import BUILDING_THERE, HERE

RULE = "年龄 >= 70 且 标签 = 独居老人 且 最近走访 > 30天前"


def years_ago(years: int) -> date:
    return date(clock.today().year - years, 1, 1)


@pytest.fixture
def lone(person, home):
    """An old woman who lives alone, not seen for 40 days."""
    p = person(name="周桂芳", birth_date=years_ago(78), phone="19900111111")
    home(p, address="公交新村1号101室")
    return p


def test_the_english_text_and_the_built_conditions_are_the_same_rule(as_worker, lone):
    rows = (Row("年龄", ">=", "70"), Row("标签", "=", "独居老人"), Row("最近走访", "早于", "30天前"))
    with as_worker():
        built = text_of(Builder(rows), Subject.PERSON, vocabulary())
        english = Asked.text("age >= 70 and tag = lone_elder and last_visit > 30 days ago")
        assert english.rule.text("zh") == Asked.text(RULE).rule.text("zh") == Asked.text(built).rule.text("zh")


def test_those_about_whom_something_is_not_known_are_counted_apart(as_worker, lone, person):
    person(name="无生日")
    with as_worker():
        counted = find.count(Asked.text("年龄 >= 70"))
    assert (counted.yes, counted.unknown, counted.all) == (1, 1, 2)


def test_a_rule_that_cannot_be_read_is_refused_with_the_place(as_worker, areas):
    with as_worker(), pytest.raises(RuleError) as refused:
        Asked.text("出生日其 >= 1950-01-01")
    assert "出生日期" in str(refused.value)


def test_the_stranger_counts_lists_and_exports_nobody_from_here(as_character, lone, person):
    person(name="外人", area=BUILDING_THERE, birth_date=years_ago(90))
    with as_character("wu"):
        asked = Asked.text("年龄 >= 70")
        assert find.count(asked).yes == 1
        assert [p.name for p in services.listed(asked)] == ["外人"]
        file, rows = services.exported(asked, ("name", "phone"), "核对")
        assert rows == 1 and "周桂芳" not in file.content.decode()


def test_a_portrait_hides_small_cells(as_worker, person):
    for n in range(6):
        person(name=f"老{n}", birth_date=years_ago(75), sex="2" if n < 2 else "1")
    with as_worker():
        shares = find.portrait(Asked.text("年龄 >= 70"), [("女性", "性别 = 女"), ("60+", "年龄 >= 60")])
    assert [s.inside for s in shares] == [None, 1.0]


def test_an_export_masks_numbers_and_says_why_it_was_made(as_worker, person):
    number = make("310110", date(1950, 1, 1), 998)
    person(name="周桂芳", identity_number=number, phone="19900111111")
    with as_worker():
        asked = Asked.text("姓名 不为空")
        file, _count = services.exported(asked, ("name", "identity_number", "phone", "sex"), "核对名单")
        head, *rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
        act = Act.objects.get(verb="crowd_exported")
        with pytest.raises(Unsavable):
            services.exported(asked, ("name",), "")
        with pytest.raises(NoSuchColumn, match="敏感"):
            services.exported(asked, ("disability_type",), "核对名单")
    assert head == ["姓名", "证件号码", "联系电话", "性别"]
    assert number not in str(rows)
    assert "19900111111" not in str(rows)
    assert rows[0][3] == "女"
    assert act.reason == "核对名单"


def test_a_saved_crowd_is_a_rule_and_sent_twice_it_is_one(as_worker, lone):
    key = lone.pk
    with as_worker():
        first = services.save("独居老人", Asked.text("标签 = 独居老人"), client_key=key)
        assert services.save("独居老人", Asked.text("标签 = 独居老人"), client_key=key) == first
        with pytest.raises(Unsavable, match="换个名字"):
            services.save("独居老人", Asked.text("年龄 >= 60"))
        services.drop(first)
        services.save("独居老人", Asked.text("年龄 >= 60"))
        assert Crowd.objects.count() == 2


def test_the_command_counts_lists_and_writes_csv(areas, lone):
    out = io.StringIO()
    call_command("crowd", "年龄 >= 70", area=HERE, count=True, json=True, stdout=out)
    assert json.loads(out.getvalue())["count"] == 1
    out = io.StringIO()
    call_command("crowd", "年龄 >= 70", area=HERE, csv=True, stdout=out)
    assert list(csv.reader(io.StringIO(out.getvalue())))[1][0] == "周桂芳"


def test_every_tag_rule_can_be_asked_of_the_database(as_worker, lone):
    """228 rules in one query; a rule that PostgreSQL refuses would break every person's page."""
    with as_worker():
        names = {b.tag.code for b in borne_by("person", [lone.pk])[lone.pk]}
        for subject in ("household", "dwelling", "organisation", "place"):
            borne_by(subject, [lone.pk])
    assert "lone_elder" in names


def hand_set() -> str:
    return next(t.code for t in catalogue.tags.values() if not t.rule and t.subject is Subject.PERSON)


def test_a_tag_set_by_hand_says_on_what_ground_and_ends(as_worker, lone):
    tag, day = hand_set(), clock.today()
    with as_worker():
        mark = set_tag(lone, tag, "上门核实", until=day + timedelta(days=3))
        assert tag in {b.tag.code for b in borne_by("person", [lone.pk])[lone.pk]}
        later = borne_by("person", [lone.pk], on=day + timedelta(days=3))[lone.pk]
        assert tag not in {b.tag.code for b in later}
        assert find.count(Asked.text(f"tag = {tag}")).yes == 1
        assert find.count(Asked.text(f"tag = {tag}", today=day + timedelta(days=3))).yes == 0
        retract_tag(lone, tag, "情况变了")
        assert find.count(Asked.text(f"tag = {tag}")).yes == 0
    assert mark.set_by == "林晓岚"


@pytest.mark.parametrize(
    ("tag", "ground", "says"),
    [("lone_elder", "看到的", "自动计算"), ("no_such", "x", "没有这个标签"), (None, " ", "依据")],
)
def test_a_tag_that_cannot_be_set_is_refused_in_words(as_worker, lone, tag, ground, says):
    with as_worker(), pytest.raises(Unsettable, match=says):
        set_tag(lone, tag or hand_set(), ground)


def test_crowd_pages_keep_what_was_typed_when_the_rule_is_wrong(client_of, lone):
    answer = client_of("lin").get("/desk/crowds", {"rule": "年令 >= 70"})
    assert answer.status_code == 422
    assert "年令 &gt;= 70" in answer.content.decode()


def test_leaders_see_numbers_but_no_names(client_of, lone):
    body = client_of("gu").get("/desk/crowds", {"rule": "年龄 >= 70"}).content.decode()
    assert "周桂芳" not in body
    assert "少于 5 人" in body

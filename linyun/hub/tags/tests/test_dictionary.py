"""The tag dictionary: counts that agree with the crowds, what a tag's page says, hand-set tags that end soon."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from linyun.hub.tags import counts
from linyun.hub.tags.models import Mark
from linyun.hub.tags.services import Borne, borne_by, set_tag
from linyun.hub.tags.telling import telling
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Level, Subject
from tests.characters import HERE


def years_ago(years: int) -> date:
    return date(clock.today().year - years, 1, 1)


def by_hand(level: Level = Level.PERSONAL) -> str:
    """A tag set by hand that may last half a year."""
    of_people = (t for t in catalogue.tags.values() if not t.rule and t.subject is Subject.PERSON)
    return next(t.code for t in of_people if t.level <= level and (t.expires_days or 0) >= 180)


@pytest.fixture
def lone(person, home):
    p = person(name="周桂芳", birth_date=years_ago(78))
    home(p)
    return p


def body(answer) -> str:
    return answer.content.decode()


def test_all_counts_agree_with_the_tags_of_each_person(as_worker, lone, person):
    """One scan over everybody against the tags of each, for every tag of the dictionary."""
    people = [lone, person(name="小李", birth_date=years_ago(10)), person(name="某人")]
    with as_worker():
        set_tag(lone, by_hand(), "上门核实")
        counted = counts.counts(Subject.PERSON, counts.all_tags(Subject.PERSON), clock.today())
        borne = borne_by("person", [p.pk for p in people])
    each: dict[str, int] = {}
    for tags in borne.values():
        for one in tags:
            each[one.tag.code] = each.get(one.tag.code, 0) + 1
    assert {code: n for code, n in counted.items() if n} == each
    assert counted.keys() == {t.code for t in catalogue.tags.values() if t.subject is Subject.PERSON}


def test_counting_takes_two_queries_beside_the_words(as_worker, lone, assert_queries):
    with as_worker(), assert_queries(2 + 1):
        counts.counts(
            Subject.PERSON, [t for t in catalogue.tags.values() if t.subject is Subject.PERSON], clock.today()
        )


def test_an_ended_mark_counts_no_more(as_worker, lone):
    with as_worker():
        set_tag(lone, by_hand(), "上门核实", until=clock.today() + timedelta(days=2))
        assert counts.by_hand(clock.today()) == {by_hand(): 1}
        assert counts.by_hand(clock.today() + timedelta(days=2)) == {}


def test_the_dictionary_walks_and_counts(client_of, lone, assert_queries):
    client = client_of("lin")
    client.get("/desk/tags")
    with assert_queries(9, at_most=True):
        page = body(client.get("/desk/tags"))
    assert "独居老人" in page
    assert "民政" in page
    for subject in Subject:
        assert client.get("/desk/tags", {"subject": subject.value}).status_code == 200
    assert "共" in page


def test_searching_the_dictionary(client_of, areas):
    page = body(client_of("lin").get("/desk/tags", {"q": "独居"}))
    assert "独居老人" in page
    assert "学龄前儿童" not in page
    assert "词典里没有这样的标签" in body(client_of("lin").get("/desk/tags", {"q": "<script>alert(1)</script>"}))


def test_a_tags_page_says_what_it_is_how_it_comes_about_and_how_many(client_of, lone):
    page = body(client_of("lin").get("/desk/tags/tag", {"code": "lone_elder"}))
    assert "发现需要关心的老人" in page
    assert "年龄 &gt;= 60 且 同住人数 = 1" in page
    assert '<b class="num figure-of">1</b>' in page
    assert "rule=tag+%3D+lone_elder" in page
    assert client_of("lin").get("/desk/tags/tag", {"code": "no_such"}).status_code == 404
    assert client_of("lin").get("/desk/tags/tag").status_code == 200


@pytest.mark.parametrize("code", ["lone_elder", "age_60", None])
def test_every_page_of_a_tag_opens_the_crowd_it_counts(client_of, lone, code):
    tag = catalogue.tags.get(code or by_hand()) or catalogue.tags["lone_elder"]
    answer = client_of("lin").get("/desk/crowds", {"rule": f"tag = {tag.code}"})
    assert answer.status_code == 200


def test_every_tag_has_a_page(client_of, areas):
    client = client_of("lin")
    for tag in catalogue.tags.values():
        assert client.get("/desk/tags/tag", {"code": tag.code}).status_code == 200, tag.code


def test_leaders_are_told_rounded_numbers_and_operators_none(client_of, lone):
    assert "少于 5" in body(client_of("gu").get("/desk/tags/tag", {"code": "lone_elder"}))
    assert "本辖区现在有" not in body(client_of("yan").get("/desk/tags/tag", {"code": "lone_elder"}))
    assert client_of("zhou").get("/desk/tags").status_code == 403
    assert client_of("zhou").get("/desk/tags/tag", {"code": "lone_elder"}).status_code == 403


def test_a_stranger_counts_nobody_from_here(client_of, lone):
    assert '<b class="num figure-of">0</b>' in body(client_of("wu").get("/desk/tags/tag", {"code": "lone_elder"}))


def test_hand_set_tags_are_listed_those_that_end_first_on_top(client_of, lone, person, as_worker):
    other = person(name="陈阿宝")
    with as_worker():
        set_tag(other, by_hand(), "电话核实", until=clock.today() + timedelta(days=90))
        set_tag(lone, by_hand(), "上门<b>核实</b>", until=clock.today() + timedelta(days=5))
    page = body(client_of("lin").get("/desk/tags/marks"))
    assert page.index("周桂芳") < page.index("陈阿宝")
    assert "1 个标签 30 天内到期" in page
    assert "上门<b>" not in page
    assert "周桂芳" not in body(client_of("wu").get("/desk/tags/marks"))
    assert client_of("gu").get("/desk/tags/marks").status_code == 403
    assert client_of("lin").get("/desk/tags/marks", {"after": "x"}).status_code == 200


def test_sensitive_marks_stand_on_the_persons_page_only(client_of, lone, as_worker):
    sensitive = [
        t for t in catalogue.tags.values() if not t.rule and t.subject is Subject.PERSON and t.level is Level.SENSITIVE
    ]
    with as_worker():
        for tag in sensitive[:1]:
            set_tag(lone, tag.code, "残疾证")
    page = body(client_of("lin").get("/desk/tags/marks"))
    assert all(tag.name not in page for tag in sensitive)
    assert sensitive


def borne(code: str, mark: bool = False) -> Borne:
    return Borne(catalogue.tags[code], Mark() if mark else None)


def test_the_most_telling_tags_come_first():
    ages = [t.code for t in catalogue.tags.values() if t.path == ("人", "基本", "年龄")][-2:]
    tags = [borne(ages[0]), borne(ages[1]), borne("lone_elder"), borne(by_hand(), mark=True)]
    told = [b.tag.code for b in telling(tags)]
    assert told == [by_hand(), "lone_elder", ages[1]]
    assert telling(tags, {ages[0]})[0].tag.code == ages[0]


def test_sensitive_tags_are_told_only_where_they_were_asked_for():
    code = next(t.code for t in catalogue.tags.values() if t.level is Level.SENSITIVE and t.subject is Subject.PERSON)
    assert telling([borne(code)]) == []
    assert [b.tag.code for b in telling([borne(code)], {code})] == [code]


def test_the_command_lists_the_dictionary(lone):
    out = StringIO()
    call_command("tags", "list", json=True, stdout=out)
    assert len(json.loads(out.getvalue())) == len(catalogue.tags)
    out = StringIO()
    call_command("tags", "list", subject="person", area=HERE, json=True, stdout=out)
    assert next(t for t in json.loads(out.getvalue()) if t["code"] == "lone_elder")["count"] == 1
    out = StringIO()
    call_command("tags", "list", subject="person", area=HERE, stdout=out)
    assert "独居老人\tlone_elder\t1" in out.getvalue()

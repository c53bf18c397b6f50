"""The page of a person: who this is, for whom, at which price; what is sensitive waits for a reason."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client

from linyun.foundation.acts.actor import Actor, acting
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Kin, Person
from linyun.hub.records.services import Origin, state
from linyun.hub.tags.models import Mark
from linyun.kernel import clock
from linyun.work.visits.services import Sheet, plan, write
from tests.queries import Asked
from tests.residents import CLERK, Home

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]
AsCharacter = Callable[[str], AbstractContextManager[Actor]]
Counted = Callable[..., AbstractContextManager[Asked]]
BORN = date(clock.today().year - 78, 1, 5)


@pytest.fixture
def zhou(person: Callable[..., Person], home: Callable[..., Home]) -> Person:
    """周桂芳, 78, alone in 101, 长护二级, whose phone two sources tell differently."""
    p = person(name="周桂芳", sex="2", birth_date=BORN, phone="19900002041", care_level="2", source="roster")
    home(p)
    return p


def html(client: Client, path: str, **data: str) -> str:
    answer = client.post(path, data) if data else client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]


def test_who_this_is_stands_on_top(zhou: Person, client_of: ClientOf) -> None:
    page = html(client_of("lin"), f"/desk/people/{zhou.pk}")
    assert f"女 · {clock.years_between(BORN, clock.today())} 岁 · 独居" in page
    assert "公交新村1号101室 · 户籍同址" in page
    assert "199****2041" in page and "19900002041" not in page


def test_only_telling_tags_and_no_sensitive_one(zhou: Person, client_of: ClientOf) -> None:
    head = html(client_of("lin"), f"/desk/people/{zhou.pk}").split("</header>")[0]
    assert "独居老人" in head and "70岁以上老人" in head
    assert "60岁以上老人" not in head, "of a scale only the last tells something"
    assert "长护二级" not in head
    assert head.count('class="chip') <= 8


def test_a_sensitive_value_is_not_on_the_page(zhou: Person, client_of: ClientOf) -> None:
    page = html(client_of("lin"), f"/desk/people/{zhou.pk}")
    assert "长护等级" in page and "••••" in page
    assert "二级" not in page


@pytest.mark.parametrize("visits", [0, 15])
def test_the_page_costs_the_same_for_more(
    zhou: Person, person: Callable[..., Person], as_character: AsCharacter, client_of: ClientOf,
    assert_queries: Counted, visits: int,
) -> None:  # fmt: skip
    with as_character("lin"):
        for n in range(visits):
            day = clock.today() - timedelta(days=n * 20)
            write(Sheet(zhou, mode="2", visited_on=day, situation=f"第 {n} 次"))
            Kin.objects.create(area=zhou.area, person=zhou, relative_name=f"亲戚{n}", kind="97")
    client = client_of("lin")
    with assert_queries(10):
        page = html(client, f"/desk/people/{zhou.pk}")
    assert f"走访记录 {visits} 次" in page


def test_the_timeline_has_visits_moves_and_sources_by_month(
    zhou: Person, as_character: AsCharacter, client_of: ClientOf
) -> None:
    client = client_of("lin")
    with as_character("lin"):
        write(Sheet(zhou, mode="3", visited_on=clock.today(), situation="能自己下床，胃口好些。"))
    client.post(f"/desk/people/{zhou.pk}/operations/move_out", {"kind": "registered", "reason": "户口迁到女儿家"})
    page = html(client, f"/desk/people/{zhou.pk}")
    assert "能自己下床" in page and "户口迁到女儿家" in page
    assert 'class="month"' in page
    assert "姓名、" in page, "the roster tells which items it brought"


def test_sources_that_disagree_stand_side_by_side_until_settled(zhou: Person, client_of: ClientOf) -> None:
    with acting(CLERK), within(zhou.area[:12]):
        state(zhou, {"education": "20"}, source="roster", origin=Origin("feed"), true_on=date(2026, 1, 1))
        state(zhou, {"education": "60"}, source="police", origin=Origin("feed"), true_on=date(2026, 2, 1))
    client = client_of("lin")
    page = html(client, f"/desk/people/{zhou.pk}")
    assert "说法不同" in page and "核定<" in page and "另有" in page
    answer = client.post(f"/desk/people/{zhou.pk}/items/education/correct", {"education": "20", "ground": "看了毕业证"})
    assert answer.status_code == 303
    assert "说法不同" not in html(client, f"/desk/people/{zhou.pk}")


def test_somebody_late_is_pressed_and_a_promise_beats_the_usual(
    zhou: Person, as_character: AsCharacter, client_of: ClientOf
) -> None:
    client = client_of("lin")
    assert "还没有走访过，该走访了" in html(client, f"/desk/people/{zhou.pk}")
    with as_character("lin"):
        plan([zhou.pk], clock.today() + timedelta(days=3), "高温关心")
    assert "高温关心" in html(client, f"/desk/people/{zhou.pk}")
    with as_character("lin"):
        day = clock.today() - timedelta(days=9)
        soon = clock.today() + timedelta(days=2)
        write(Sheet(zhou, mode="2", visited_on=day, situation="答应周五陪去", follow_up_on=soon))
    page = html(client, f"/desk/people/{zhou.pk}")
    assert "距上次走访 9 天" in page and "答应周五陪去" in page.split("距上次走访", 1)[1]


def test_a_chief_sees_who_lives_where_and_no_more(zhou: Person, as_character: AsCharacter, client_of: ClientOf) -> None:
    with as_character("lin"):
        write(Sheet(zhou, mode="2", visited_on=clock.today(), situation="子女来谈了家里的事"))
    chief = client_of("zhou")
    page = html(chief, f"/desk/people/{zhou.pk}")
    assert "周桂芳" in page and "公交新村1号101室" in page and "199****2041" in page
    for hidden in ("独居", "78 岁", "长护", "出生日期", "子女来谈", "谁看过", "全部标签", "迁出"):
        assert hidden not in page, hidden
    for path in ("tags", "looks", "items/care_level", "items/phone/full", "items/phone/correct", "operations"):
        assert chief.get(f"/desk/people/{zhou.pk}/{path}").status_code == 403, path
    answer = chief.post(f"/desk/people/{zhou.pk}/visit",
                        {"mode": "2", "visited_on": clock.today().isoformat(), "situation": "楼道里碰到"})  # fmt: skip
    assert answer.status_code == 303
    assert "楼道里碰到" in html(chief, f"/desk/people/{zhou.pk}")


def test_the_street_says_why_first(zhou: Person, client_of: ClientOf) -> None:
    street = client_of("shen")
    asked = html(street, f"/desk/people/{zhou.pk}")
    assert "请说明理由" in asked and "周桂芳" not in asked
    assert street.post(f"/desk/people/{zhou.pk}", {"reason": " "}).status_code == 422
    page = html(street, f"/desk/people/{zhou.pk}", reason_kind="check", reason="核对独居老人紧急联系人")
    assert "周桂芳" in page and "走访记录 0 次" in page
    with within(""):
        seen = Act.objects.filter(verb="person_seen", subject_id=zhou.pk).get()
    assert (seen.actor_name, seen.reason) == ("沈立群", "核对信息：核对独居老人紧急联系人")
    assert "写走访" not in page


def test_a_reason_counts_for_one_person_only(zhou: Person, person: Callable[..., Person], client_of: ClientOf) -> None:
    other = person(name="李建国")
    street = client_of("shen")
    html(street, f"/desk/people/{zhou.pk}", reason_kind="check", reason="核对")
    assert "李建国" not in html(street, f"/desk/people/{other.pk}")
    assert "请说明理由" in html(street, f"/desk/people/{other.pk}/items/phone")


def test_a_stranger_finds_nobody(zhou: Person, client_of: ClientOf) -> None:
    stranger = client_of("wu")
    for path in ("", "/tags", "/looks", "/operations", "/visit", "/items/phone", "/items/phone/full"):
        answer = stranger.get(f"/desk/people/{zhou.pk}{path}")
        assert answer.status_code == 404, path
        assert "周桂芳" not in answer.content.decode()


def test_sensitive_tags_open_for_a_reason(zhou: Person, client_of: ClientOf) -> None:
    client = client_of("lin")
    closed = html(client, f"/desk/people/{zhou.pk}/tags")
    assert "长护二级" not in closed and "敏感标签" in closed
    assert client.post(f"/desk/people/{zhou.pk}/tags", {"reason": ""}).status_code == 422
    assert "长护二级" in html(client, f"/desk/people/{zhou.pk}/tags", reason_kind="visit")
    with within(""):
        assert Act.objects.get(verb="sensitive_tags_seen").reason == "走访准备"


def test_a_tag_is_set_with_a_ground_and_taken_back_with_a_reason(zhou: Person, client_of: ClientOf) -> None:
    client = client_of("lin")
    until = (clock.today() + timedelta(days=20)).isoformat()
    refused = client.post(f"/desk/people/{zhou.pk}/tags/set", {"tag": "key_elder", "ground": "", "until": until})
    assert refused.status_code == 422 and "请写明依据" in refused.content.decode()
    client.post(f"/desk/people/{zhou.pk}/tags/set", {"tag": "key_elder", "ground": "上门核实", "until": until})
    page = html(client, f"/desk/people/{zhou.pk}")
    assert "重点关爱老人 至" in page
    client.post(f"/desk/people/{zhou.pk}/tags/key_elder/retract", {"reason": "已恢复"})
    with within(""):
        assert Mark.objects.get().retract_reason == "已恢复"


def test_everybody_who_looked_is_shown(zhou: Person, client_of: ClientOf) -> None:
    client = client_of("lin")
    html(client, f"/desk/people/{zhou.pk}/items/phone/full", reason_kind="visit", reason="上门前联系")
    page = html(client, f"/desk/people/{zhou.pk}/looks")
    assert "林晓岚" in page and "查看了完整的联系电话" in page and "走访准备：上门前联系" in page
    assert "名册导入" in html(client, f"/desk/people/{zhou.pk}/items/phone")

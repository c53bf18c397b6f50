"""The notebook under wrong hands and wrong input, over posts and moves, and what today shows of it."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import transaction

from linyun.foundation.accounts.doors import POST_KEY
from linyun.foundation.accounts.models import Post
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.office import pages, services
from linyun.work.office.models import Note
from tests.characters import BUILDING_THERE, OTHER_GRID, THERE

pytestmark = pytest.mark.django_db
TODAY = clock.today()

NOBODY = "01906b00-0000-7000-8000-00000000dead"


def main(answer):
    return html.unescape(answer.content.decode().split("<main", 1)[-1].split("</main>", 1)[0])


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def write(client, text="问药", **more):
    return client.post("/desk/notes/write", {"text": text, **more})


def told(page):
    """The numbers of the notes on a page, in their order; each is named by its buttons too."""
    return list(dict.fromkeys(int(n) for n in re.findall(r"第(\d+)件事", page)))


def only():
    with within(""):
        return Note.objects.get()


@pytest.mark.parametrize(("text", "kept"), [("周三\0陪诊", "周三陪诊"), ("\0问药\0", "问药"), ("  问药\n", "问药")])
def test_a_character_that_no_database_holds_is_left_out(lin, text, kept):
    """It was answered with a sentence about the day, which was right."""
    assert write(lin, text).status_code == 303
    assert only().text == kept


@pytest.mark.parametrize("text", ["\0", " \0 ", "\n\t"])
def test_nothing_is_nothing_whatever_it_is_made_of(lin, text):
    answer = write(lin, text)
    assert answer.status_code == 422 and "请写下要记的事" in main(answer)


def test_what_just_fits_is_kept_whole_and_one_more_is_refused(lin):
    assert write(lin, "长" * services.LONGEST).status_code == 303
    assert len(only().text) == services.LONGEST
    answer = write(lin, "长" * services.LONGEST + "x")
    assert answer.status_code == 422 and "最多 500 个字" in main(answer)


@pytest.mark.parametrize("person_id", ["", "不是编号", NOBODY, "0"])
def test_a_note_about_nobody_known_is_a_note_all_the_same(lin, person_id):
    assert write(lin, person=person_id).status_code == 303
    assert only().person_id is None


def test_a_note_about_somebody_over_the_border_names_nobody(lin, person):
    there = person(BUILDING_THERE, name="丁阿姨")
    assert write(lin, person=str(there.pk)).status_code == 303
    assert only().person_id is None
    assert "丁阿姨" not in main(lin.get("/desk/notes"))


def test_a_note_about_somebody_who_moved_out_of_ones_grid_names_them_no_more(client_of, person):
    p, chen = person(name="周桂芳"), client_of("chen")
    write(chen, "问药", person=str(p.pk))
    assert "周桂芳" in main(chen.get("/desk/notes"))
    with within(""), transaction.atomic():
        Person.objects.filter(pk=p.pk).update(area=OTHER_GRID)
    page = main(chen.get("/desk/notes"))
    assert "问药" in page and "周桂芳" not in page
    today = main(chen.get("/desk"))
    assert "问药" in today and "周桂芳" not in today


def test_ticked_twice_is_done_once_and_open_again_when_asked(lin):
    write(lin)
    note = only()
    for done, said in (("1", True), ("1", True), ("0", False), ("x", False)):
        assert lin.post(f"/desk/notes/{note.pk}/tick", {"done": done}).status_code == 303
        assert (only().done_at is not None) is said
    with within(""):
        acts = Act.objects.filter(verb="note_done").order_by("id")
        assert [a.detail["done"] for a in acts] == [True, True, False, False]
        assert all("问药" not in str(a.detail) and a.reason == "" for a in acts)


def test_a_note_thrown_away_is_gone_from_every_page_and_cannot_come_back(lin):
    write(lin)
    note = only()
    lin.post(f"/desk/notes/{note.pk}/tick", {"done": "1"})
    lin.post(f"/desk/notes/{note.pk}/drop")
    assert "问药" not in main(lin.get("/desk/notes")) and "问药" not in main(lin.get("/desk"))
    assert lin.post(f"/desk/notes/{note.pk}/tick", {"done": "0"}).status_code == 404
    answer = write(lin, "问药", client_key=str(note.pk))
    assert answer.status_code == 422 and "请重新打开这一页再写" in main(answer)


def test_a_notebook_goes_with_its_writer_and_not_with_the_post(lin, cast, client_of):
    write(lin)
    with within(""), transaction.atomic():
        Post.objects.filter(pk=cast["chen"].pk).update(account=cast["chen"].account)
    assert "问药" not in main(client_of("chen").get("/desk/notes"))
    assert only().account_id == cast["lin"].account_id


def test_who_works_in_two_places_keeps_a_notebook_in_each(lin, cast):
    write(lin, "这里的事")
    with within(""), transaction.atomic():
        second = Post.objects.create(
            account=cast["lin"].account, role="worker", area_id=THERE, valid_from=date(2026, 1, 2)
        )
    session = lin.session
    session[POST_KEY] = str(second.pk)
    session.save()
    assert "这里的事" not in main(lin.get("/desk/notes"))
    write(lin, "那里的事")
    assert "那里的事" in main(lin.get("/desk/notes"))
    with within(""):
        assert {n.text: n.area for n in Note.objects.all()}["那里的事"] == THERE


def test_today_shows_the_most_pressing_and_the_notebook_all(lin, as_character):
    with as_character("lin"):
        for n in range(12):
            services.write(f"第{n}件事", TODAY + timedelta(days=11 - n))
        services.write("没有日子的事")
    today, all_of_them = main(lin.get("/desk")), main(lin.get("/desk/notes"))
    assert told(today) == [11, 10, 9, 8, 7, 6, 5, 4]
    assert len(told(all_of_them)) == 12 and "没有日子的事" in all_of_them


def test_what_was_done_lately_stands_last_first_and_not_for_ever(lin, as_character, monkeypatch):
    monkeypatch.setattr(pages, "MOST_DONE", 3)
    with as_character("lin"):
        for n in range(5):
            services.tick(services.write(f"第{n}件事").pk)
    assert told(main(lin.get("/desk/notes"))) == [4, 3, 2]


def test_the_notebook_costs_the_same_for_more(lin, person, as_character, assert_queries):
    def grow(count):
        people = [person(name=f"某{n}") for n in range(count)]
        with as_character("lin"):
            for p in people:
                services.write("问药", person=p)
        with assert_queries(12, at_most=True) as asked:
            lin.get("/desk/notes")
        return len(asked)

    assert grow(1) == grow(25)


@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize("path", ["/desk/notes/write", f"/desk/notes/{NOBODY}/tick", f"/desk/notes/{NOBODY}/drop"])
def test_what_changes_is_only_posted(lin, method, path):
    assert getattr(lin, method)(path).status_code == 405


def test_nobody_signed_in_has_no_notebook(client_of, areas):
    nobody = client_of("")
    for answer in (nobody.get("/desk/notes"), write(nobody)):
        assert answer.status_code == 302 and "/account/login" in answer["Location"]
    with within(""):
        assert not Note.objects.exists()

"""A notebook is one's own: nobody else reads it, whatever their post, and acts about it hold none of its words."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from linyun.foundation.acts.actor import Actor
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records.models import Person
from linyun.kernel import clock
from linyun.work.office import services
from linyun.work.office.models import Note

pytestmark = pytest.mark.django_db
AsCharacter = Callable[[str], AbstractContextManager[Actor]]
WORDS = "周三陪李阿姨看医生"


def test_a_note_is_written_ticked_and_dropped(client_of: Callable[[str], Client]) -> None:
    lin = client_of("lin")
    day = (clock.today() + timedelta(days=2)).isoformat()
    assert lin.post("/desk/notes/write", {"text": WORDS, "due_on": day, "next": "/desk"})["Location"] == "/desk"
    assert WORDS in lin.get("/desk/notes").content.decode()
    assert WORDS in lin.get("/desk").content.decode()
    with within(""):
        note = Note.objects.get()
    lin.post(f"/desk/notes/{note.pk}/tick", {"done": "1"})
    assert WORDS not in lin.get("/desk").content.decode()
    assert f'<s class="muted">{WORDS}</s>' in lin.get("/desk/notes").content.decode()
    lin.post(f"/desk/notes/{note.pk}/tick", {"done": "0"})
    assert WORDS in lin.get("/desk").content.decode()
    lin.post(f"/desk/notes/{note.pk}/drop")
    assert WORDS not in lin.get("/desk/notes").content.decode()


def test_nobody_else_reads_or_ticks_it(as_character: AsCharacter, client_of: Callable[[str], Client]) -> None:
    with as_character("lin"):
        note = services.write(WORDS)
    for who in ("wu", "chen", "zhou", "shen", "yan"):
        other = client_of(who)
        assert WORDS not in other.get("/desk/notes").content.decode(), who
        assert other.post(f"/desk/notes/{note.pk}/tick").status_code == 404, who
        assert other.post(f"/desk/notes/{note.pk}/drop").status_code == 404, who
    with within(""):
        assert Note.objects.get().done_at is None


def test_acts_hold_none_of_its_words(as_character: AsCharacter) -> None:
    with as_character("lin"):
        services.tick(services.write(WORDS).pk)
        assert {a.verb for a in Act.objects.all()} == {"note_written", "note_done"}
        assert not Act.objects.filter(detail__icontains="李阿姨").exists()


def test_sent_twice_it_is_one_note(client_of: Callable[[str], Client]) -> None:
    lin, key = client_of("lin"), str(uuid4())
    for _ in range(2):
        lin.post("/desk/notes/write", {"text": WORDS, "client_key": key})
    with within(""):
        assert Note.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": "  "}, "请写下要记的事"),
        ({"text": "长" * 501}, "最多 500 个字"),
        ({"text": WORDS, "due_on": "下周五"}, "日期请写成"),
    ],
)
def test_wrong_input_keeps_the_words(client_of: Callable[[str], Client], sent: dict[str, str], said: str) -> None:
    answer = client_of("lin").post("/desk/notes/write", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert sent["text"].strip() in page


def test_the_most_pressing_stands_first(as_character: AsCharacter) -> None:
    today = clock.today()
    with as_character("lin"):
        services.write("没有日子")
        services.write("下周", today + timedelta(days=7))
        services.write("昨天", today - timedelta(days=1))
        assert [n.text for n in services.mine().open()] == ["昨天", "下周", "没有日子"]
        assert [n.text for n in services.mine().due(today)] == ["昨天"]


def test_a_note_about_somebody_leads_to_them(person: Callable[..., Person], client_of: Callable[[str], Client]) -> None:
    p = person(name="周桂芳")
    lin = client_of("lin")
    lin.post("/desk/notes/write", {"text": "问药", "person": str(p.pk)})
    assert f"/desk/people/{p.pk}" in lin.get("/desk/notes").content.decode()
    stranger = client_of("wu")
    stranger.post("/desk/notes/write", {"text": "问药", "person": str(p.pk)})
    assert "周桂芳" not in stranger.get("/desk/notes").content.decode()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}", "长" * 500, "第一行\n第二行", "👵🏻"]
)
def test_any_words_stand_as_they_are(client_of: Callable[[str], Client], text: str) -> None:
    lin = client_of("lin")
    assert lin.post("/desk/notes/write", {"text": text}).status_code == 303
    for path in ("/desk/notes", "/desk"):
        page = lin.get(path).content.decode()
        assert text in unescape(page), path
        assert "<script>alert" not in page and "<img src=x>" not in page


@pytest.mark.parametrize("day", ["2026-02-30", "0", "9" * 400, "2026-2-3x"])
def test_an_impossible_day_keeps_what_was_typed(client_of: Callable[[str], Client], day: str) -> None:
    answer = client_of("lin").post("/desk/notes/write", {"text": WORDS, "due_on": day})
    page = answer.content.decode()
    assert answer.status_code == 422 and "日期请写成" in page and WORDS in page
    with within(""):
        assert not Note.objects.exists()


@pytest.mark.parametrize(
    "next_page", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\elsewhere"]
)
def test_after_writing_one_stays_in_the_house(client_of: Callable[[str], Client], next_page: str) -> None:
    answer = client_of("lin").post("/desk/notes/write", {"text": WORDS, "next": next_page})
    assert answer["Location"] == "/desk/notes"


@pytest.mark.parametrize("verb", ["tick", "drop"])
def test_a_note_that_is_gone_is_not_found(client_of: Callable[[str], Client], verb: str) -> None:
    lin = client_of("lin")
    lin.post("/desk/notes/write", {"text": WORDS})
    with within(""):
        note = Note.objects.get()
    assert lin.post(f"/desk/notes/{note.pk}/drop").status_code == 303
    assert lin.post(f"/desk/notes/{note.pk}/{verb}").status_code == 404
    assert lin.post(f"/desk/notes/{uuid4()}/{verb}").status_code == 404


def test_anothers_key_does_not_reach_anothers_note(
    as_character: AsCharacter, client_of: Callable[[str], Client]
) -> None:
    with as_character("lin"):
        note = services.write(WORDS)
    answer = client_of("chen").post("/desk/notes/write", {"text": "我的事", "client_key": str(note.pk)})
    assert WORDS not in answer.content.decode() and answer.status_code in (303, 422)
    with within(""):
        assert Note.objects.get(pk=note.pk).text == WORDS


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one_note(cast: object, as_character: AsCharacter) -> None:
    key, start, answers = uuid4(), threading.Barrier(2), []

    def send() -> None:
        try:
            start.wait(10)
            with as_character("lin"):
                answers.append(services.write(WORDS, note_id=key).pk)
        except Exception as broken:
            answers.append(repr(broken))
        finally:
            close_old_connections()
            connection.close()

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert answers == [key, key]

"""The house says that it is well only when its database answers; its front door leads to the desk."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from linyun.site.tests.test_machine import started


@pytest.mark.django_db
def test_well_is_said_in_one_word_to_anybody():
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")
    assert not answer.cookies, "whoever watches the house gets no session"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_sent_to_the_watch(method):
    assert getattr(Client(), method)("/healthz").status_code == 405


def test_without_a_database_the_house_is_not_well(tmp_path):
    code = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "linyun.site.settings"
django.setup()
from django.test import Client
print(Client(raise_request_exception=False).get("/healthz", headers={"host": "localhost"}).status_code)
"""
    done = started(tmp_path, code, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.stdout.strip() in ("500", "503"), done.stderr


@pytest.mark.django_db
def test_the_front_door_leads_to_the_desk(client_of):
    assert Client().get("/")["Location"] == reverse("desk")
    assert client_of("lin").get("/", follow=True).status_code == 200
    assert Client().get("/desk")["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
def test_an_address_of_nothing_is_a_page_in_words(client_of):
    answer = client_of("lin").get("/nowhere")
    assert answer.status_code == 404 and "没有找到" in answer.content.decode()


def test_the_check_without_a_database_says_so_and_looks_at_the_rest(tmp_path):
    code = "import sys; from linyun.site.cli import main; sys.exit(main(['check', '--json']))"
    done = started(tmp_path, code, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    answer = json.loads(done.stdout)
    found = {f["name"]: f for f in answer["findings"]}
    assert done.returncode == 1 and answer["sound"] is False
    assert not found["数据库"]["sound"] and "DATABASE_URL" in found["数据库"]["said"]
    assert found["密钥"]["sound"] and "磁盘" in found
    assert "Traceback" not in done.stderr

"""Every verb is recorded in the transaction of what it does, and what is recorded names nobody."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from linyun.foundation.acts import services as acts
from linyun.foundation.acts.models import Act
from linyun.hub.ledgers import exports, services
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry, LedgerForm, OwnLedger
from linyun.hub.ledgers.tests.blanks import disabled_list
from tests.characters import HERE

DEFINITION = {"name": "老人", "source": "person", "rule": "年龄 >= 70", "columns": [{"name": "姓名", "value": "name"}]}
BLANK = {"name": "", "source": "person", "columns": []}


def write():
    return services.add_entry("honours", {"title": "周桂芳获奖"}, client_key=uuid4())


VERBS = {
    "entry_added": write,
    "entry_withdrawn": lambda: services.withdraw_entry(write(), "登记错了"),
    "ledger_closed": lambda: services.close("lone_elders", HERE, "2025"),
    "ledger_made": lambda: services.make_ledger(DEFINITION),
    "ledger_dropped": lambda: services.drop_ledger(services.make_ledger(DEFINITION).code),
    "form_uploaded": lambda: services.make_from_blank(disabled_list(), "空表.xlsx", BLANK),
    "form_mapped": lambda: services.map_form(
        services.make_from_blank(disabled_list(), "空表.xlsx", BLANK), {2: "name"}
    ),
    "ledger_exported": lambda: exports.export("residents", HERE),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leaves_one_act_with_who_where_and_how(as_worker, neighbourhood, verb):
    with as_worker() as actor:
        VERBS[verb]()
        (act,) = Act.objects.filter(verb=verb)
    assert (act.actor_name, act.account_id, act.post_id) == ("林晓岚", actor.account_id, actor.post_id)
    assert act.area.startswith(HERE)
    assert act.channel == "command"


@pytest.mark.parametrize("verb", VERBS)
def test_an_act_names_no_resident(as_worker, neighbourhood, verb):
    with as_worker():
        VERBS[verb]()
        said = " ".join(str(a.detail) for a in Act.objects.filter(verb=verb))
    assert not any(word in said for word in ("周桂芳", "陈阿宝", "19900111111", "公交新村"))


COUNTED = {
    "entry_added": LedgerEntry,
    "ledger_closed": LedgerClosing,
    "ledger_made": OwnLedger,
    "form_uploaded": LedgerForm,
}


@pytest.mark.parametrize("verb", COUNTED)
def test_what_cannot_be_recorded_does_not_happen(as_worker, neighbourhood, monkeypatch, verb):
    def broken(*_, **__):
        raise RuntimeError("the acts are full")

    with as_worker():
        monkeypatch.setattr(acts.Act, "save", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            VERBS[verb]()
        assert not COUNTED[verb].objects.exists()


def test_a_submission_that_comes_twice_at_once_counts_once(as_worker, areas, monkeypatch):
    """The other request wrote its row between our look and our insert."""
    key = uuid4()
    with as_worker():
        first = services.add_entry("honours", {"title": "甲"}, client_key=key)
        found = LedgerEntry.objects.filter

        def blind(*args, **kwargs):
            return LedgerEntry.objects.none() if kwargs == {"client_key": key} else found(*args, **kwargs)

        monkeypatch.setattr(LedgerEntry.objects, "filter", blind)
        assert services.add_entry("honours", {"title": "甲"}, client_key=key) == first
        assert LedgerEntry.objects.count() == 1


def test_two_closings_at_once_leave_one_and_a_sentence(as_worker, neighbourhood, monkeypatch):
    with as_worker():
        services.close("lone_elders", HERE, "2025")
        monkeypatch.setattr(type(LedgerClosing.objects.all()), "holding", lambda *_: None)
        with pytest.raises(services.Unclosable, match="刚才已有人封了这本账"):
            services.close("lone_elders", HERE, "2025")
        assert LedgerClosing.objects.count() == 1


def test_a_refused_export_leaves_no_act(as_worker, neighbourhood):
    with as_worker():
        for wrong in ({"form": "pdf"}, {"full": True}, {"when": "去年"}):
            with pytest.raises(ValueError, match="."):
                exports.export("residents", HERE, **wrong)
        assert not Act.objects.filter(verb="ledger_exported").exists()


def test_an_export_of_all_is_recorded_when_the_last_file_is_made(as_worker, neighbourhood):
    with as_worker():
        making = exports.export_each(HERE)
        next(making)
        assert not Act.objects.filter(verb="ledger_exported").exists()
        list(making)
        assert Act.objects.filter(verb="ledger_exported").count() == 1


def test_a_correction_records_both_the_new_row_and_the_withdrawal(as_worker, areas):
    with as_worker():
        old = write()
        services.add_entry("honours", {"title": "改正"}, client_key=uuid4(), replaces=old)
        verbs = list(Act.objects.filter(detail__ledger="honours").order_by("at").values_list("verb", flat=True))
    assert sorted(verbs) == ["entry_added", "entry_added", "entry_withdrawn"]


def test_the_day_of_a_row_is_its_own_not_that_of_writing(as_worker, areas):
    with as_worker():
        row = services.add_entry("enquiries", {"date": date(2026, 3, 5), "name": "李建国"}, client_key=uuid4())
    assert row.happened_on == date(2026, 3, 5)
    assert row.created_at.date() != row.happened_on

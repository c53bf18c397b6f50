"""The verbs: each does what it says once, records it, and says why when it does not."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.acts.models import Act
from linyun.hub.ledgers import closing, register, services
from linyun.hub.ledgers.forms import BadForm
from linyun.hub.ledgers.models import LedgerClosing, LedgerEntry, LedgerForm, OwnLedger
from linyun.hub.ledgers.plans import BadLedger
from linyun.hub.ledgers.register import NoSuchLedger
from linyun.hub.ledgers.services import BadEntry, Unclosable
from linyun.hub.ledgers.tests.blanks import disabled_list, plain
from linyun.hub.records.services import Origin, state
from tests.characters import BUILDING, HERE, THERE
from tests.residents import number_of

NUMBER = number_of(date(1948, 3, 5), 996)


def acts(verb: str) -> list[Act]:
    return list(Act.objects.filter(verb=verb).order_by("at"))


def entered(code: str = "honours", **cells) -> LedgerEntry:
    return services.add_entry(code, cells or {"title": "市级文明小区"}, client_key=uuid4())


# Rows kept by hand


def test_a_row_is_kept_with_who_wrote_it_and_recorded(as_worker, areas):
    with as_worker() as actor:
        row = entered(title="市级文明小区")
        (act,) = acts("entry_added")
    assert (row.area, row.ledger, row.cells) == (HERE, "honours", {"title": "市级文明小区"})
    assert (row.created_by, row.created_by_id) == ("林晓岚", actor.account_id)
    assert act.detail == {"entry_id": str(row.pk), "ledger": "honours"}
    assert "市级" not in str(act.detail)


def test_a_repeated_submission_counts_once(as_worker, areas):
    key = uuid4()
    with as_worker():
        first = services.add_entry("honours", {"title": "甲"}, client_key=key)
        again = services.add_entry("honours", {"title": "甲"}, client_key=key)
        assert first == again
        assert LedgerEntry.objects.count() == 1
        assert len(acts("entry_added")) == 1


def test_values_are_kept_as_they_were_meant(as_worker, areas):
    with as_worker():
        row = entered("enquiries", date=date(2026, 11, 3), name="李建国", phone="19900123456")
    assert row.cells == {"date": "2026-11-03", "name": "李建国", "phone": "19900123456"}
    assert row.happened_on == date(2026, 11, 3)


def test_document_numbers_are_kept_sealed(as_worker, areas):
    with as_worker():
        columns = [{"name": "姓名", "value": "entry.name"}, {"name": "身份证", "value": "entry.identity_number"}]
        made = services.make_ledger({"name": "来访登记", "source": "entry", "columns": columns})
        row = entered(made.code, name="李建国", identity_number=NUMBER)
    assert row.cells["identity_number"].startswith("s1:")
    assert NUMBER not in str(row.cells)


@pytest.mark.parametrize("cells", [{}, {"nothing": "x"}, {"title": "甲", "nothing": "x"}])
def test_a_row_without_content_or_with_unknown_cells_is_refused(as_worker, areas, cells):
    with as_worker(), pytest.raises(BadEntry):
        services.add_entry("honours", cells, client_key=uuid4())


def test_a_row_beside_a_record_lies_where_the_record_lies(as_worker, neighbourhood):
    with as_worker():
        columns = [{"name": "姓名", "value": "name"}, {"name": "签收", "value": "entry.signed"}]
        made = services.make_ledger({"name": "领取登记", "source": "person", "columns": columns})
        row = services.add_entry(made.code, {"signed": "已领"}, client_key=uuid4(), subject_id=neighbourhood.zhou.pk)
    assert row.area == BUILDING
    assert row.subject_id == neighbourhood.zhou.pk


def test_a_list_without_records_takes_no_row_beside_one(as_worker, neighbourhood):
    with as_worker(), pytest.raises(BadEntry, match="不记在"):
        services.add_entry("honours", {"title": "甲"}, client_key=uuid4(), subject_id=neighbourhood.zhou.pk)


def test_a_withdrawn_row_stays_with_who_and_why(as_worker, areas):
    with as_worker():
        row = entered()
        services.withdraw_entry(row, " 登记错了 ")
        services.withdraw_entry(row, "再撤一次")
        row.refresh_from_db()
        (act,) = acts("entry_withdrawn")
    assert (row.withdrawn_by, row.withdrawn_reason) == ("林晓岚", "登记错了")
    assert row.withdrawn_at is not None
    assert act.reason == "登记错了"


def test_withdrawing_needs_a_reason(as_worker, areas):
    with as_worker():
        row = entered()
        with pytest.raises(BadEntry, match="请写明"):
            services.withdraw_entry(row, " ")
        assert LedgerEntry.objects.standing().count() == 1


def test_a_correction_is_a_new_row_and_the_old_one_stays_readable(as_worker, areas):
    with as_worker():
        old = entered(title="市级文明小区")
        new = services.add_entry("honours", {"title": "市文明小区"}, client_key=uuid4(), replaces=old)
        old.refresh_from_db()
        assert list(LedgerEntry.objects.standing()) == [new]
    assert (new.replaces_id, old.withdrawn_reason) == (old.pk, "更正")
    assert old.cells == {"title": "市级文明小区"}


def test_a_sealed_number_that_is_not_typed_again_survives_a_correction(as_worker, areas):
    with as_worker():
        columns = [{"name": "姓名", "value": "entry.name"}, {"name": "身份证", "value": "entry.identity_number"}]
        made = services.make_ledger({"name": "来访登记", "source": "entry", "columns": columns})
        old = entered(made.code, name="李建国", identity_number=NUMBER)
        new = services.add_entry(made.code, {"name": "李建军"}, client_key=uuid4(), replaces=old)
    assert new.cells == {"name": "李建军", "identity_number": old.cells["identity_number"]}


@pytest.mark.parametrize(
    ("when", "day"),
    [("2026", date(2026, 11, 23)), ("2025", date(2025, 12, 31)), ("2027", date(2027, 1, 1))],
)
def test_figures_by_hand_belong_to_the_period_for_which_they_are_written(as_worker, areas, when, day):
    with as_worker():
        row = services.add_entry("population_table", {"deaths": 3}, client_key=uuid4(), when=when)
    assert row.happened_on == day


@pytest.mark.parametrize("key", ["zhou", "shen", "gu", "he", "yan"])
def test_who_may_not_write_ledgers_is_refused(as_character, areas, key):
    with as_character(key), pytest.raises(Refused):
        entered()


def test_nobody_sees_or_changes_the_rows_of_the_next_community(as_worker, as_character, areas):
    with as_worker():
        row = entered()
    with as_character("wu"):
        assert not LedgerEntry.objects.exists()
        with pytest.raises(Refused):
            services.withdraw_entry(row, "别人的")


# Closing


def test_a_closing_keeps_what_was_there_and_is_recorded(as_worker, neighbourhood):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        kept = services.contents(row)
        (act,) = acts("ledger_closed")
    assert (row.number, row.count, row.early, row.title) == (1, 1, False, "独居老人名册")
    assert kept.data[1] == ["周桂芳"]
    assert (row.start, row.end, row.closed_by) == (date(2025, 1, 1), date(2026, 1, 1), "林晓岚")
    assert act.detail["digest"] == row.digest
    assert "周桂芳" not in str(act.detail)


def test_a_closing_stays_whatever_changes_later(as_worker, neighbourhood):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        state(neighbourhood.zhou, {"phone": "19900999999"}, source="desk", origin=Origin("desk"))
        neighbourhood.chen.status = "left"
        neighbourhood.chen.save()
        row.refresh_from_db()
        assert services.contents(row).data[5] == ["19900111111"]


def test_the_difference_to_now_names_people_and_cells(as_worker, neighbourhood, home, person):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        assert services.compare(row).is_empty
        state(neighbourhood.zhou, {"phone": "19900999999"}, source="desk", origin=Origin("desk"))
        newcomer = person(name="沈美琴", birth_date=date(1938, 5, 5))
        home(newcomer, address="公交新村7号203室")
        found = services.compare(row)
    assert found.added == ((str(newcomer.pk), "沈美琴"),)
    assert found.removed == ()
    (changed,) = found.changed
    assert changed.label == "周桂芳"
    assert [(c.column, c.old, c.new) for c in changed.cells] == [("联系电话", "19900111111", "19900999999")]


def test_a_period_that_is_not_over_is_closed_only_early_and_with_a_reason(as_worker, neighbourhood):
    with as_worker():
        with pytest.raises(Unclosable, match="2026年还没有结束"):
            services.close("lone_elders", HERE, "2026")
        with pytest.raises(Unclosable, match="提前封账，请写明原因"):
            services.close("lone_elders", HERE, "2026", early=True)
        row = services.close("lone_elders", HERE, "2026", early=True, reason="街道提前收表")
    assert (row.early, row.reason) == (True, "街道提前收表")


def test_a_correction_is_the_next_number_with_a_reason(as_worker, neighbourhood):
    with as_worker():
        first = services.close("lone_elders", HERE, "2025")
        state(neighbourhood.zhou, {"phone": "19900999999"}, source="desk", origin=Origin("desk"))
        with pytest.raises(Unclosable, match="更正已封的账，请写明原因"):
            services.close("lone_elders", HERE, "2025")
        second = services.close("lone_elders", HERE, "2025", reason="电话登记错了")
        assert (second.number, second.reason) == (2, "电话登记错了")
        assert LedgerClosing.objects.holding("lone_elders", HERE, first.start, first.end) == second
        assert services.contents(first).data[5] == ["19900111111"]


def test_a_correction_that_changes_nothing_is_refused(as_worker, neighbourhood):
    with as_worker():
        services.close("lone_elders", HERE, "2025")
        with pytest.raises(Unclosable, match="与第 1 次封账完全一致"):
            services.close("lone_elders", HERE, "2025", reason="再封一次")


def test_a_ledger_of_what_holds_now_is_closed_for_a_month(as_worker, neighbourhood):
    with as_worker():
        row = services.close("residents", HERE, "2026-10")
        assert (row.period, row.count) == ("2026-10", 3)
        assert services.compare(row).is_empty


def test_months_quarters_and_years_compare_with_their_own_period(as_worker, neighbourhood):
    with as_worker():
        for code, when in (("visits", "2026-10"), ("dibao", "2026-Q3"), ("population_table", "2025")):
            row = services.close(code, HERE, when)
            assert services.compare(row).is_empty, code
        assert services.close("visits", HERE, "2026-09").count == 0


def test_identity_numbers_in_a_closing_stay_sealed(as_worker, neighbourhood):
    with as_worker():
        row = services.close("residents", HERE, "2026-10")
        kept = services.contents(row)
    numbers = kept.data[[h.value for h in kept.headings].index("identity_number")]
    assert [n for n in numbers if n][0].startswith("s1:")


def test_the_database_itself_refuses_to_change_or_delete_a_closing(as_worker, neighbourhood):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        for statement in ("update ledgers_ledgerclosing set count = 0", "delete from ledgers_ledgerclosing"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        row.refresh_from_db()
        assert row.count == 1


def test_two_closings_of_one_number_cannot_stand(as_worker, neighbourhood):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        row.pk = uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_a_damaged_closing_is_found_when_it_is_read(as_worker, neighbourhood):
    with as_worker():
        row = services.close("lone_elders", HERE, "2025")
        row.digest = "0" * 64
        with pytest.raises(closing.Damaged):
            services.contents(row)


@pytest.mark.parametrize("key", ["chen", "zhou", "shen", "he", "yan"])
def test_who_may_not_close_is_refused(as_character, areas, key):
    with as_character(key), pytest.raises(Refused):
        services.close("lone_elders", HERE, "2025")


def test_a_worker_closes_the_own_area_only(as_worker, areas):
    with as_worker(), pytest.raises(Refused):
        services.close("lone_elders", THERE, "2025")


def test_a_closing_is_invisible_next_door(as_worker, as_character, neighbourhood):
    with as_worker():
        services.close("lone_elders", HERE, "2025")
    with as_character("wu"):
        assert not LedgerClosing.objects.exists()


# Ledgers made by staff


DEFINITION = {
    "name": "八十岁以上老人",
    "source": "person",
    "rule": "年龄 >= 80",
    "period": "quarter",
    "due": "每季末月25日前",
    "sort": ["address"],
    "columns": [
        {"name": "序号", "value": "seq"},
        {"name": "姓名", "value": "name", "head": ["老人"], "width": 12},
        {"name": "年龄", "value": "age", "head": ["老人"]},
    ],
}


def test_a_ledger_is_made_without_programming_and_fills_at_once(as_worker, neighbourhood, filled):
    with as_worker():
        made = services.make_ledger(DEFINITION)
        found = filled(made.code)
        assert made.code in [x.code for x in register.in_force()]
    assert found.rows() == [(1, "陈阿宝", 91)]
    assert found.headings[1].path == ("老人", "姓名")
    assert (made.group, made.period, made.due) == (register.OWN_GROUP, "quarter", "每季末月25日前")


def test_a_definition_is_kept_and_read_back_the_same(as_worker, areas):
    with as_worker():
        made = services.make_ledger(DEFINITION)
        assert register.ledger_of(made.code) == made
        assert register.from_data(made.code, register.to_data(made)) == made


def test_a_bad_definition_is_refused_and_nothing_is_kept(as_worker, areas):
    with as_worker():
        with pytest.raises(BadLedger) as refused:
            services.make_ledger({**DEFINITION, "rule": "年铃 >= 80", "columns": [{"name": "x", "value": "nothing"}]})
        assert {p.place for p in refused.value.problems} == {"rule", "columns.0"}
        assert not OwnLedger.objects.exists()


def test_a_repeated_request_makes_one_ledger(as_worker, areas):
    key = uuid4()
    with as_worker():
        assert services.make_ledger(DEFINITION, key) == services.make_ledger(DEFINITION, key)
        assert OwnLedger.objects.count() == 1


def test_a_dropped_ledger_is_gone_but_its_closings_remain(as_worker, neighbourhood):
    with as_worker():
        made = services.make_ledger(DEFINITION)
        row = services.close(made.code, HERE, "2026-Q3")
        services.drop_ledger(made.code)
        with pytest.raises(NoSuchLedger):
            register.ledger_of(made.code)
        assert services.contents(row).count == 1
        with pytest.raises(NoSuchLedger):
            services.compare(row)


def test_a_declared_ledger_cannot_be_dropped(as_worker, areas):
    with as_worker(), pytest.raises(NoSuchLedger):
        services.drop_ledger("lone_elders")


def test_a_ledger_made_next_door_is_not_there(as_worker, as_character, areas):
    with as_character("wu"):
        theirs = services.make_ledger(DEFINITION)
    with as_worker():
        assert theirs.code not in [x.code for x in register.in_force()]
        with pytest.raises(NoSuchLedger):
            register.ledger_of(theirs.code)


@pytest.mark.parametrize("key", ["chen", "zhou", "shen", "yan"])
def test_who_may_not_define_is_refused(as_character, areas, key):
    with as_character(key), pytest.raises(Refused):
        services.make_ledger(DEFINITION)


# Official blanks


BLANK = {"name": "", "source": "person", "rule": "年龄 >= 70", "columns": []}


def from_blank(content: bytes = b"", key=None, **others) -> LedgerForm:
    return services.make_from_blank(content or disabled_list(), "空表.xlsx", {**BLANK, **others}, key)


def test_a_blank_makes_a_ledger_with_its_own_columns(as_worker, neighbourhood, filled):
    with as_worker():
        form = from_blank()
        found = filled(form.ledger)
    assert found.plan.ledger.name.startswith("四平路街道残疾人名单")
    assert [h.full_name for h in found.headings][:2] == ["序号", "姓名"]
    assert found.headings[2].path == ("联系人", "姓名")
    assert found.count == 2
    assert [h.value for h in found.plan.by_hand][-1] == "entry.c6"
    assert form.defines


def test_the_same_upload_twice_is_one_ledger(as_worker, areas):
    key = uuid4()
    with as_worker():
        assert from_blank(key=key) == from_blank(key=key)
        assert (OwnLedger.objects.count(), LedgerForm.objects.count()) == (1, 1)


def test_a_confirmed_mapping_changes_the_ledger_that_the_blank_defines(as_worker, neighbourhood, filled):
    with as_worker():
        form = from_blank()
        mapping = {c["number"]: c["value"] for c in form.columns} | {
            3: "emergency_contact",
            4: "emergency_phone",
            6: "",
        }
        services.map_form(form, mapping)
        found = filled(form.ledger)
        form.refresh_from_db()
    assert [h.value for h in found.headings][2:4] == ["emergency_contact", "emergency_phone"]
    assert all(c["sure"] == 1 for c in form.columns)


@pytest.mark.parametrize(
    ("mapping", "sentence"), [({2: "nothing"}, "B 列对应的内容"), ({}, "至少为一列"), ({1: ""}, "至少为一列")]
)
def test_a_mapping_that_fits_nothing_is_refused(as_worker, areas, mapping, sentence):
    with as_worker():
        form = from_blank()
        with pytest.raises(BadForm, match=sentence):
            services.map_form(form, mapping)


def test_a_blank_for_a_declared_ledger_is_matched_with_its_columns(as_worker, areas):
    with as_worker():
        form = services.upload_form("lone_elders", plain("序号", "姓名", "年龄", "住址", "慰问签收"), "空表.xlsx")
        assert [c["value"] for c in form.columns] == ["seq", "name", "age", "address", ""]
        assert services.form_of("lone_elders", HERE) == form
        with pytest.raises(BadForm, match="台账里没有"):
            services.map_form(form, {2: "disability_type"})
        services.map_form(form, {2: "name", 4: "address"})
        assert not form.defines


def test_the_latest_blank_of_the_area_is_used(as_worker, as_character, areas):
    with as_worker():
        services.upload_form("lone_elders", plain("姓名", "年龄"), "旧表.xlsx")
        newer = services.upload_form("lone_elders", plain("姓名", "住址"), "新表.xlsx")
        assert services.form_of("lone_elders", HERE) == newer
    with as_character("wu"):
        assert services.form_of("lone_elders", THERE) is None


def test_a_file_that_is_no_blank_leaves_nothing_behind(as_worker, areas):
    with as_worker():
        with pytest.raises(BadForm):
            from_blank(b"%PDF-1.4")
        assert (OwnLedger.objects.count(), LedgerForm.objects.count()) == (0, 0)


def test_uploading_and_mapping_are_recorded(as_worker, areas):
    with as_worker():
        form = from_blank()
        services.map_form(form, {2: "name"})
        assert len(acts("form_uploaded")) == 1
        assert acts("form_mapped")[0].subject_id == form.pk

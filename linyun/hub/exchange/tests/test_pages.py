"""The pages of imports, as a worker in a browser uses them."""

import io
from datetime import date

import pytest
from django.urls import reverse

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import jobs, progress, services
from linyun.hub.exchange.models import Import, Layout
from linyun.hub.records.models import Person, Statement
from linyun.kernel.values.identity import make
from tests.characters import HERE

ZHOU = make("310110", date(1949, 3, 5), 998)
WANG = make("310110", date(1975, 6, 1), 998)
HEAD = "姓名,身份证号,住址,联系电话,备注"
GOOD = f"周桂芳,{ZHOU},四平路999弄12号302室,19900111111,"
WRONG = f"王敏,{WANG[:-1]}?,四平路999弄12号302室,,"


def upload(client, *rows, head=HEAD, name="名册.csv", **more):
    file = io.BytesIO("\n".join((head, *rows)).encode())
    file.name = name
    return client.post(reverse("import_bring"), {"file": file, **more})


def latest():
    with within(HERE):
        return Import.objects.defer("content").order_by("-uploaded_at").first()


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def lin(client_of):
    return client_of("lin")


def test_an_upload_shows_numbers_reading_and_what_was_refused_with_its_cell(lin):
    answer = upload(lin, GOOD, WRONG, source="police", as_of="2025-12-31")
    assert answer.status_code == 303
    found = latest()
    shown = read(lin, answer["Location"])
    assert (found.source, found.as_of, found.state) == ("police", date(2025, 12, 31), "checked")
    assert found.counts == {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "conflicts": 0, "refused": 1}
    for words in ("B 身份证号", "王敏", "表头在第 1 行", "公安数据", "2025-12-31", "确认导入", "下载待更正的行"):
        assert words in shown
    assert WANG[:-1] not in shown
    with within(HERE):
        assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"source": "nobody"}, "请选择名单的来源"),
        ({"as_of": "2999-01-01"}, "不能晚于今天"),
        ({"as_of": "昨天"}, "日期请写成"),
        ({"kind": "cats"}, "可以选"),
    ],
)
def test_a_choice_that_cannot_be_is_answered_with_a_sentence(lin, posted, says):
    answer = upload(lin, GOOD, **posted)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert latest() is None


def test_a_difference_tells_the_held_value_its_source_and_what_stays(lin, person):
    person(name="周桂芳", identity_number=ZHOU, phone="19900333333", source="visit")
    upload(lin, GOOD)
    shown = read(lin, reverse("import", args=[latest().pk]) + "?outcome=conflicts")
    assert "保留" in shown and "199****3333" in shown and "199****1111" in shown
    assert "走访 2026-01-05" in shown


def test_an_older_list_does_not_overwrite_what_was_learnt_later(lin, person):
    held = person(name="周桂芳", identity_number=ZHOU, phone="19900333333", source="roster")
    upload(lin, GOOD, as_of="2020-01-01")
    with within(HERE):
        assert latest().counts["conflicts"] == 1
    lin.post(reverse("import_apply", args=[latest().pk]))
    run_job(latest())
    with within(HERE):
        held.refresh_from_db()
    assert held.phone == "19900333333"


def run_job(batch, post=None):
    """What the worker process does with the job that the page queued."""
    with within(""):
        from linyun.foundation.accounts.models import Post

        held = Post.objects.get(account__username=post or "lin")
    jobs.apply(batch=str(batch.pk), area=batch.area, post=str(held.pk), account=str(held.account_id))


def test_confirming_queues_a_job_that_acts_as_the_one_who_started_it(lin, cast):
    upload(lin, GOOD)
    batch = latest()
    lin.post(reverse("import_apply", args=[batch.pk]))
    assert latest().state == "applying"
    assert "排队中" in read(lin, reverse("import_job", args=[batch.pk]))
    run_job(batch)
    assert latest().state == "applied"
    assert "已完成" in read(lin, reverse("import_job", args=[batch.pk]))
    with within(HERE):
        assert Person.objects.get().name == "周桂芳"
        act = Act.objects.get(verb="import_applied")
    assert (act.actor_name, act.post_id, act.role, act.channel) == ("林晓岚", cast["lin"].pk, "worker", "job")


def test_whose_post_has_ended_meanwhile_imports_nothing_and_it_is_said(lin, cast):
    upload(lin, GOOD)
    batch = latest()
    lin.post(reverse("import_apply", args=[batch.pk]))
    cast["lin"].valid_to = date(2026, 2, 1)
    with within(""):
        cast["lin"].save()
    jobs.apply(batch=str(batch.pk), area=HERE, post=str(cast["lin"].pk), account=str(cast["lin"].account_id))
    found = latest()
    assert (found.state, found.message) == ("failed", jobs.ENDED)
    with within(HERE):
        assert not Person.objects.exists()


def test_a_failure_keeps_a_sentence_leaves_no_trace_and_can_be_tried_again(lin, monkeypatch, caplog):
    upload(lin, GOOD)
    batch = latest()
    lin.post(reverse("import_apply", args=[batch.pk]))

    def broken(*args):
        raise ValueError("disk full")

    with monkeypatch.context() as patch, pytest.raises(jobs.ImportFailed) as failure:
        patch.setattr(services, "apply_rows", broken)
        run_job(batch)
    assert "周桂芳" not in str(failure.value)
    assert (latest().state, latest().message) == ("failed", jobs.FAILED)
    assert "没有任何变动" in read(lin, reverse("import", args=[batch.pk]))
    lin.post(reverse("import_apply", args=[batch.pk]))
    run_job(batch)
    assert latest().state == "applied"


def test_a_second_click_while_it_runs_is_refused_but_a_dead_job_can_be_started_again(lin, as_worker):
    upload(lin, GOOD)
    batch = latest()
    lin.post(reverse("import_apply", args=[batch.pk]))
    with as_worker():
        with pytest.raises(services.Unusable, match="已经在办"):
            services.take_on(batch.__class__.objects.get(pk=batch.pk))
        told = progress.progress_of(batch.pk)
        told.at -= 2 * services.GIVEN_UP
        told.save()
        services.take_on(Import.objects.get(pk=batch.pk))


def test_many_changes_are_confirmed_by_typing_how_many(lin, monkeypatch):
    monkeypatch.setattr(services, "MANY_CHANGES", 0)
    upload(lin, GOOD)
    batch = latest()
    assert "会改动 1 行" in read(lin, reverse("import", args=[batch.pk]))
    lin.post(reverse("import_apply", args=[batch.pk]), {"typed": "2"})
    assert latest().state == "checked"
    lin.post(reverse("import_apply", args=[batch.pk]), {"typed": "1"})
    assert latest().state == "applying"
    with within(HERE):
        assert Act.objects.filter(verb="many_confirmed", detail__changes=1).exists()


def test_a_column_changed_by_hand_is_read_again_at_once_and_remembered_for_the_layout(lin):
    head = "姓名,身份证号,联系电话,去年的说法"
    row = f"周桂芳,{ZHOU},19900111111,退休教师"
    upload(lin, row, head=head)
    batch = latest()
    page = read(lin, reverse("import_mapping", args=[batch.pk]))
    assert "去年的说法" in page and "没有采用" in page
    posted = {
        "kind-0": "people",
        "column-0-D": "person.occupation",
        "column-0-C": "",
        "column-0-B": "person.not_an_item",
    }
    lin.post(reverse("import_mapping", args=[batch.pk]), posted)
    with within(HERE):
        (values,) = batch.rows.values_list("values", flat=True)
        assert values["occupation"] == "退休教师" and "phone" not in values and "identity_number" in values
        assert Layout.objects.get().confirmed_by == "林晓岚"
    upload(lin, row.replace("教师", "医生"), head=head)
    with within(HERE):
        (values,) = latest().rows.values_list("values", flat=True)
        assert values["occupation"] == "退休医生" and "phone" not in values


def test_an_import_that_was_applied_cannot_be_read_anew(lin, as_worker):
    upload(lin, GOOD)
    with as_worker():
        services.apply(latest().pk)
    lin.post(reverse("import_mapping", args=[latest().pk]), {"column-0-D": ""})
    assert latest().state == "applied"
    with within(HERE):
        assert latest().rows.count() == 1 and not Layout.objects.exists()


def test_phones_in_remarks_go_to_the_phone_with_one_click(lin, as_worker):
    upload(lin, f"周桂芳,{ZHOU},,19900111111,女儿电话19900222222")
    assert "1 行的备注里写着电话" in read(lin, reverse("import", args=[latest().pk]))
    lin.post(reverse("import_phones", args=[latest().pk]))
    assert "备注里写着电话" not in read(lin, reverse("import", args=[latest().pk]))
    with as_worker():
        services.apply(latest().pk)
        assert Person.objects.get().phone == "19900111111; 19900222222"
        assert "19900222222" in Person.objects.get().remark


def test_the_very_same_file_says_when_it_was_imported_before(lin, as_worker):
    upload(lin, GOOD)
    with as_worker():
        services.apply(latest().pk)
    upload(lin, GOOD, name="改了名.csv")
    shown = read(lin, reverse("import", args=[latest().pk]))
    assert "导入过的完全一样" in shown and "不用导入" in shown


def test_undo_by_page_names_those_who_stay_with_name_and_home(lin, as_worker):
    upload(lin, GOOD, f"王敏,{WANG},四平路999弄12号302室,,")
    batch = latest()
    with as_worker():
        services.apply(batch.pk)
        seen = Person.objects.get(name="周桂芳")
        Statement.objects.create(
            area=seen.area, subject_kind="person", subject_id=seen.pk, values={"occupation": "退休教师"},
            source="visit", origin_kind="visit", true_on=date(2026, 11, 1), known_at=batch.uploaded_at,
        )  # fmt: skip
    answer = lin.post(reverse("import_undo", args=[batch.pk]), follow=True)
    assert "周桂芳 1 位居民" in answer.content.decode()
    with within(HERE):
        kept = Person.objects.get()
        assert kept.name == "周桂芳" and kept.identity_digest and kept.residences.count() == 1


def test_the_returned_file_of_a_csv_is_a_workbook_with_the_reason(lin):
    import openpyxl

    upload(lin, GOOD, WRONG)
    answer = lin.get(reverse("import_refused", args=[latest().pk]))
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    rows = [[c.value for c in row] for row in page.iter_rows()]
    assert [r[0] for r in rows] == ["姓名", "王敏"]
    assert "身份证" in rows[1][-2]


def test_a_list_of_visits_leads_to_where_visits_are_brought(lin):
    upload(lin, "2026-11-03,周桂芳,公交新村1号101室,上门,一切都好", head="走访日期,姓名,地址,走访方式,走访情况")
    assert "走访" in latest().message and "批量" in latest().message
    assert latest().total == 0


@pytest.mark.parametrize("key", ["chen", "zhou", "shen", "he", "yan"])
def test_who_is_no_worker_of_a_committee_can_bring_nothing(client_of, as_character, key):
    assert upload(client_of(key), GOOD).status_code == 403
    with as_character(key), pytest.raises(PermissionError):
        services.bring_in(b"x", "x.csv", area=HERE)


@pytest.mark.parametrize("route", ["import", "import_mapping", "import_job", "import_refused"])
def test_the_stranger_finds_no_import_no_row_and_no_file(lin, client_of, route):
    upload(lin, GOOD, WRONG)
    batch = latest()
    assert client_of("wu").get(reverse(route, args=[batch.pk])).status_code == 404
    with within(HERE):
        row = batch.rows.first()
    assert client_of("wu").get(reverse("import_row", args=[row.pk])).status_code == 404
    for step in ("import_apply", "import_undo", "import_phones", "import_mapping"):
        assert client_of("wu").post(reverse(step, args=[batch.pk])).status_code == 404
    assert latest().state == "checked"


def test_looking_at_the_rows_of_an_import_leaves_a_trace(lin):
    upload(lin, GOOD)
    read(lin, reverse("import", args=[latest().pk]))
    with within(HERE):
        assert Act.objects.filter(verb="people_listed", detail__by="import", subject_id=latest().pk).exists()

"""The job that applies an import: delivered twice, killed in the middle, started by somebody who may no longer."""

import pytest
from django.db import DatabaseError
from django.urls import reverse

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import applying, jobs, progress, services
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.tests.test_import import rows_of_everything
from linyun.hub.exchange.tests.test_pages import GOOD, WRONG, ZHOU, latest, read, run_job, upload
from linyun.hub.records.models import Person
from linyun.kernel import clock
from tests.characters import HERE, THERE


@pytest.fixture
def lin(client_of):
    return client_of("lin")


@pytest.fixture
def queued(lin):
    """An import that the worker confirmed and the queue holds."""
    upload(lin, GOOD)
    lin.post(reverse("import_apply", args=[latest().pk]))
    return latest()


def people() -> list[str]:
    with within(HERE):
        return list(Person.objects.order_by("name").values_list("name", flat=True))


def test_a_job_that_comes_twice_imports_once(queued):
    run_job(queued)
    run_job(queued)
    assert (latest().state, people()) == ("applied", ["周桂芳"])
    with within(HERE):
        assert Act.objects.filter(verb="import_applied").count() == 1


def test_a_job_that_comes_again_after_the_undo_leaves_the_undo_standing(queued, as_worker):
    run_job(queued)
    with as_worker():
        services.undo(queued.pk)
    run_job(queued)
    assert (latest().state, people()) == ("undone", [])


def test_a_job_that_comes_again_after_the_post_ended_does_not_call_the_done_import_failed(queued, cast, as_worker):
    run_job(queued)
    cast["lin"].valid_to = clock.today()
    with within(""):
        cast["lin"].save()
    run_job(queued)
    assert (latest().state, latest().message, people()) == ("applied", "", ["周桂芳"])
    with as_worker():
        services.undo(queued.pk)


def test_a_job_without_anybody_who_started_it_imports_nothing(queued):
    jobs.apply(batch=str(queued.pk), area=HERE, post="", account="")
    assert (latest().state, people()) == ("failed", [])


def test_a_job_names_the_post_and_its_holder_and_neither_alone(queued, cast):
    jobs.apply(batch=str(queued.pk), area=HERE, post=str(cast["lin"].pk), account=str(cast["wu"].account_id))
    assert (latest().state, people()) == ("failed", [])


def test_the_stranger_cannot_have_our_import_applied_by_planting_it_in_a_job_of_hers(queued, cast):
    wu = cast["wu"]
    with pytest.raises(jobs.ImportFailed):
        jobs.apply(batch=str(queued.pk), area=THERE, post=str(wu.pk), account=str(wu.account_id))
    assert (latest().state, people()) == ("applying", [])


@pytest.mark.parametrize("step", applying.STEPS)
def test_killed_at_any_step_it_leaves_the_register_as_it_was(queued, as_worker, monkeypatch, step):
    with as_worker():
        before = rows_of_everything()

    def dying(batch, tell):
        def telling(said):
            tell(said)
            if said == step:
                raise DatabaseError("server closed the connection: (周桂芳) is in this text")

        return applying.apply(batch, telling)

    monkeypatch.setattr(services, "apply_rows", dying)
    with pytest.raises(jobs.ImportFailed) as failure:
        run_job(queued)
    assert "周桂芳" not in str(failure.value) and failure.value.__cause__ is None
    with as_worker():
        assert rows_of_everything() == before
    assert (latest().state, latest().message) == ("failed", jobs.FAILED)


def test_what_was_seen_on_the_page_and_what_is_done_are_matched_anew(queued, person):
    person(name="周桂芳", identity_number=ZHOU, source="visit")
    run_job(queued)
    assert people() == ["周桂芳"], "she came onto the register while the job was waiting"
    assert latest().counts["created"] == 0 and latest().counts["updated"] == 1


def test_the_page_of_a_failed_job_leads_back_and_says_why(queued, lin):
    jobs.apply(batch=str(queued.pk), area=HERE, post="", account="")
    assert "岗位已经结束" in read(lin, reverse("import_job", args=[queued.pk]))
    assert "确认导入" in read(lin, reverse("import", args=[queued.pk]))


def test_progress_says_the_step_and_how_far(queued, lin, as_worker):
    with as_worker():
        told = progress.progress_of(queued.pk)
        told.done, told.total, told.said = 3, 7, applying.STEPS[2]
        told.save()
    shown = read(lin, reverse("import_job", args=[queued.pk]))
    assert applying.STEPS[2] in shown and 'max="7" value="3"' in shown


def test_a_word_of_progress_that_cannot_be_written_holds_nothing_up(queued, as_worker):
    with as_worker(), progress.telling(queued.pk, "x" * 99) as tell:
        progress.silent(1, 2, "nobody watches")
        with pytest.raises(Exception, match="too long"):
            tell(1, 2, "区域代码太长，不是等待")


def test_an_import_that_was_undone_or_applied_is_not_taken_on_again(lin, as_worker):
    upload(lin, GOOD, WRONG)
    batch = latest()
    with as_worker():
        services.apply(batch.pk)
        with pytest.raises(services.Unusable, match="已经办完"):
            services.take_on(Import.objects.get(pk=batch.pk))
        services.undo(batch.pk)
        for step in (lambda: services.take_on(Import.objects.get(pk=batch.pk)), lambda: services.apply(batch.pk),
                     lambda: services.move_phones(batch.pk)):  # fmt: skip
            with pytest.raises(services.Unusable):
                step()
    assert latest().state == "undone" and people() == []


def test_typing_the_number_may_be_done_with_separators_and_nothing_else(lin, as_worker, monkeypatch):
    monkeypatch.setattr(services, "MANY_CHANGES", 0)
    upload(lin, GOOD)
    with as_worker():
        batch = latest()
        for typed in ("", "0", "-1", "1.0", "一", "10"):
            with pytest.raises(services.Unusable, match="会改动 1 行"):
                services.take_on(batch, typed)
        services.take_on(batch, " 1 ")
        assert batch.state == "applying"

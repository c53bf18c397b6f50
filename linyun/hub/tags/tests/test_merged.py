"""Tags set by hand follow a duplicate into the record kept, for pages and crowds alike, and part again with it."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from linyun.foundation.acts import delivery
from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.records import operations
from linyun.hub.tags import services
from linyun.hub.tags.models import Mark
from linyun.hub.tags.services import borne_by, retract_tag, set_tag
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject

pytestmark = pytest.mark.django_db
TODAY = clock.today()
TAG, OTHER = [t.code for t in catalogue.tags.values() if not t.rule and t.subject is Subject.PERSON][:2]


def deliver_all():
    """What the job worker would do now."""
    for job in ProcrastinateJob.objects.filter(task_name="acts.deliver", status="todo").order_by("id"):
        delivery.deliver.func(**job.args)


@pytest.fixture
def pair(person):
    return person(name="周桂芳"), person(name="周桂芬")


def by_hand(person):
    with within(""):
        return {b.tag.code for b in borne_by("person", [person.pk])[person.pk] if b.mark}


def test_the_kept_record_bears_what_the_duplicate_bore_until_they_part(pair, as_worker):
    kept, twin = pair
    with as_worker():
        set_tag(kept, OTHER, "上门核实")
        set_tag(twin, TAG, "残疾证", TODAY + timedelta(days=30))
        operation = operations.merge_people(kept, twin, "同一个人")
    deliver_all()
    assert by_hand(kept) == {TAG, OTHER}
    with within(""):
        mark = Mark.objects.get(subject_id=kept.pk, tag=TAG)
    assert (mark.ground, mark.set_by, mark.until) == ("残疾证", "林晓岚", TODAY + timedelta(days=30))
    with as_worker():
        operations.undo(operation.pk, "两个人")
    deliver_all()
    assert (by_hand(kept), by_hand(twin)) == ({OTHER}, {TAG})
    with within(""):
        said = Act.objects.filter(subject_id=kept.pk, verb__startswith="tag_").order_by("id")
        assert [(a.verb, a.reason) for a in said][1:] == [("tag_set", "残疾证"), ("tag_retracted", "撤销合并")]


def test_told_twice_it_is_done_once(pair, as_worker):
    kept, twin = pair
    with as_worker():
        set_tag(twin, TAG, "残疾证")
        operations.merge_people(kept, twin, "同一个人")
    deliver_all()
    deliver_all()
    with within(""):
        assert Mark.objects.filter(subject_id=kept.pk, tag=TAG).count() == 1
        assert Act.objects.filter(verb="tag_set", subject_id=kept.pk).count() == 1


def test_ones_own_ground_is_not_written_over(pair, as_worker):
    kept, twin = pair
    with as_worker():
        set_tag(kept, TAG, "本人来告知")
        set_tag(twin, TAG, "残疾证")
        operation = operations.merge_people(kept, twin, "同一个人")
        assert services.follow_merge(operation.pk) == 0
        assert [b.mark.ground for b in borne_by("person", [kept.pk])[kept.pk] if b.mark] == ["本人来告知"]
        operations.undo(operation.pk, "两个人")
    deliver_all()
    assert by_hand(kept) == {TAG}, "what was one's own stays"


def test_what_had_come_to_its_end_or_was_taken_back_does_not_follow(pair, as_worker):
    kept, twin = pair
    with as_worker():
        set_tag(twin, TAG, "残疾证", TODAY + timedelta(days=1))
        set_tag(twin, OTHER, "上门核实")
        retract_tag(twin, OTHER, "已恢复")
        Mark.objects.filter(tag=TAG).update(set_on=TODAY - timedelta(days=9), until=TODAY)
        operations.merge_people(kept, twin, "同一个人")
    deliver_all()
    assert by_hand(kept) == set()


def test_an_ended_mark_of_ones_own_gives_way(pair, as_worker):
    kept, twin = pair
    with as_worker():
        set_tag(kept, TAG, "去年的")
        Mark.objects.filter(subject_id=kept.pk).update(set_on=TODAY - timedelta(days=9), until=TODAY)
        set_tag(twin, TAG, "残疾证")
        operations.merge_people(kept, twin, "同一个人")
    deliver_all()
    assert by_hand(kept) == {TAG}


def test_parted_before_it_was_told_nothing_follows(pair, as_worker):
    kept, twin = pair
    with as_worker():
        set_tag(twin, TAG, "残疾证")
        operations.undo(operations.merge_people(kept, twin, "同一个人").pk, "两个人")
    deliver_all()
    assert (by_hand(kept), by_hand(twin)) == (set(), {TAG})


def test_other_operations_leave_tags_alone(pair, as_worker):
    kept, _twin = pair
    with as_worker():
        set_tag(kept, TAG, "残疾证")
        operations.die(kept, TODAY, "证明")
    deliver_all()
    assert by_hand(kept) == {TAG}


def test_a_record_merged_into_one_that_is_merged_again_leads_to_the_last(person, as_worker):
    first, second, third = person(name="周桂芳"), person(name="周桂芬"), person(name="周桂枋")
    with as_worker():
        set_tag(third, TAG, "残疾证")
        operations.merge_people(second, third, "同一个人")
        deliver_all()
        second.refresh_from_db()
        operations.merge_people(first, second, "同一个人")
    deliver_all()
    assert by_hand(first) == {TAG}

"""Two imports at the same moment, and one that is killed while another waits: each ends whole, and nobody comes twice."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from linyun.foundation.acts.actor import acting
from linyun.foundation.areas.models import Area
from linyun.foundation.areas.scope import within
from linyun.hub.exchange import services
from linyun.hub.exchange.models import Import
from linyun.hub.exchange.tests.corpus.making import MIN, WANG, ZHOU
from linyun.hub.exchange.tests.test_together import WORKER
from linyun.hub.records.models import Dwelling, Person
from tests.characters import AREAS, HERE

HEAD = "姓名,身份证号,住址,联系电话"


def staged(*rows: str) -> Import:
    return services.bring_in("\n".join((HEAD, *rows)).encode(), "名册.csv", area=HERE)


@pytest.fixture
def areas_there(transactional_db):
    Area.objects.bulk_create(Area(code=code, name=name, kind=kind) for code, name, kind in AREAS)


def at_once(*verbs):
    """Run verbs in threads that start together; answers what each came to."""
    start, outcomes = Barrier(len(verbs)), {}

    def run(number, verb):
        try:
            start.wait()
            with acting(WORKER), within(HERE):
                outcomes[number] = verb()
        except Exception as failure:
            outcomes[number] = failure
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, verb)) for n, verb in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[n] for n in range(len(verbs))]


def test_two_files_with_one_neighbour_in_common_make_her_once(areas_there):
    with acting(WORKER), within(HERE):
        first = staged(f"周桂芳,{ZHOU},四平路999弄12号302室,", f"王福生,{WANG},四平路999弄12号302室,")
        second = staged(f"周桂芳,{ZHOU},四平路999弄12号302室,19900111111", f"王敏,{MIN},四平路999弄12号303室,")
    reports = at_once(lambda: services.apply(first.pk), lambda: services.apply(second.pk))
    assert sum(r.created for r in reports) == 3
    with within(HERE):
        assert sorted(Person.objects.values_list("name", flat=True)) == ["周桂芳", "王敏", "王福生"]
        assert Dwelling.objects.count() == 2
        assert Person.objects.get(name="周桂芳").phone == "19900111111"
        assert Area.objects.filter(kind="building", parent_id=HERE + "000").count() == 1


def test_the_second_click_on_one_import_answers_what_the_first_did(areas_there):
    with acting(WORKER), within(HERE):
        batch = staged(f"周桂芳,{ZHOU},四平路999弄12号302室,")
    reports = at_once(*[lambda: services.apply(batch.pk)] * 3)
    assert {(r.rows, r.created) for r in reports} == {(1, 1)}
    with within(HERE):
        assert Person.objects.count() == 1


def test_of_two_who_undo_at_once_one_does_and_the_other_is_told(areas_there):
    with acting(WORKER), within(HERE):
        batch = staged(f"周桂芳,{ZHOU},四平路999弄12号302室,")
        services.apply(batch.pk)
    outcomes = at_once(*[lambda: services.undo(batch.pk)] * 2)
    assert sorted(type(o).__name__ for o in outcomes) == ["Unusable", "list"]
    with within(HERE):
        assert not Person.objects.exists() and Import.objects.get().state == "undone"


def test_an_undo_and_a_new_import_of_the_same_people_end_in_one_of_two_orders(areas_there):
    with acting(WORKER), within(HERE):
        first = staged(f"周桂芳,{ZHOU},四平路999弄12号302室,")
        services.apply(first.pk)
        second = staged(f"周桂芳,{ZHOU},四平路999弄12号302室,19900111111")
    at_once(lambda: services.undo(first.pk), lambda: services.apply(second.pk))
    with within(HERE):
        (found,) = Person.objects.all()
        assert found.phone == "19900111111", "the later file spoke of her, so she is there, once"


def test_one_that_fails_leaves_the_other_whole(areas_there, monkeypatch):
    with acting(WORKER), within(HERE):
        bad, good = staged(f"周桂芳,{ZHOU},,"), staged(f"王福生,{WANG},四平路999弄12号302室,")
    whole = services.apply_rows

    def failing(batch, tell):
        if batch.pk == bad.pk:
            raise RuntimeError("killed")
        whole(batch, tell)

    monkeypatch.setattr(services, "apply_rows", failing)
    outcomes = at_once(lambda: services.apply(bad.pk), lambda: services.apply(good.pk))
    assert isinstance(outcomes[0], RuntimeError) and outcomes[1].created == 1
    with within(HERE):
        assert [p.name for p in Person.objects.all()] == ["王福生"]
        assert Import.objects.get(pk=bad.pk).state == "read", "it can be tried again"


def test_one_upload_sent_twice_at_once_is_one_import(areas_there):
    key = uuid4()
    content = f"{HEAD}\n周桂芳,{ZHOU},,".encode()

    def bring():
        return services.bring_in(content, "名册.csv", area=HERE, client_key=key).pk

    outcomes = at_once(bring, bring)
    with within(HERE):
        assert Import.objects.count() == 1
    assert [o for o in outcomes if not isinstance(o, Exception)], "one of the two was answered"

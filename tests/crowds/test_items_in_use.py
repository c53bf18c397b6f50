"""An item added by staff is used everywhere at once: corrected on a person's page, imported, asked in a rule, in a ledger."""

import pytest

from linyun.hub.exchange import services as imports
from linyun.hub.ledgers.cells import cells_of
from linyun.hub.records.items import Draft, add_item
from linyun.hub.scan import find
from linyun.hub.scan.find import Asked
from linyun.hub.scan.services import exported
from linyun.hub.tags.vocabulary import vocabulary
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Level, Subject
from tests.characters import HERE


@pytest.fixture
def pets(as_worker, areas):
    """家中宠物, with three choices, added by 林老师."""
    with as_worker():
        return add_item(
            Draft(
                Subject.PERSON,
                "家中宠物",
                Kind.TEXT,
                "community",
                Level.PERSONAL,
                "楼道清洁时提前告知",
                "本人同意",
                choices=("犬", "猫", "没有"),
            )  # fmt: skip
        )


def test_it_is_corrected_on_the_persons_page_and_found_by_a_rule(client_of, as_worker, person, pets):
    p = person(name="周桂芳")
    client = client_of("lin")
    address = f"/desk/people/{p.pk}/items/{pets.code}/correct"
    assert "犬、猫、没有" in client.get(address).content.decode()
    assert client.post(address, {pets.code: "犬", "ground": "上门核实"}).status_code == 303
    with as_worker():
        assert find.ids(Asked.text('家中宠物 = "犬"')) == [p.pk]
        assert find.count(Asked.text("家中宠物 为空")).yes == 0
        file, rows = exported(Asked.text('家中宠物 = "犬"'), ("name", pets.code), "核对")
    assert (file.content.decode("utf-8-sig").split(), rows) == (["姓名,家中宠物", "周桂芳,犬"], 1)


def test_it_is_offered_in_the_builder_with_its_choices(client_of, pets):
    found = client_of("lin").get("/desk/crowds/words").json()
    assert found["家中宠物"]["values"] == ["犬", "猫", "没有"]
    assert "家中宠物" not in client_of("wu").get("/desk/crowds/words").json()


def test_a_column_of_its_name_is_imported(as_worker, person, pets):
    p = person(name="周桂芳", phone="19900111111")
    with as_worker():
        batch = imports.bring_in("姓名,联系电话,家中宠物\n周桂芳,19900111111,猫".encode(), "名册.csv", area=HERE)
        imports.apply(batch.pk)
        p.refresh_from_db()
        assert p.tail[pets.code] == "猫"


def test_a_ledger_can_have_it_as_a_column(as_worker, pets):
    with as_worker():
        cells = cells_of(catalogue.ledger_sources["person"], vocabulary())
    assert pets.code in cells
    assert cells[pets.code].name == "家中宠物"


def test_a_stranger_cannot_ask_for_it(as_character, pets):
    with as_character("wu"):
        assert vocabulary().words(Subject.PERSON).fields.only("家中宠物") is None

"""Random rules over all words of the product: the database and the reading of one person find the same people."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from linyun.hub.records.models import Kin, Person
from linyun.hub.scan import find
from linyun.hub.scan.find import Asked
from linyun.hub.scan.undecided import facts, missing
from linyun.hub.tags.services import set_tag
from linyun.hub.tags.vocabulary import cheapest_first, vocabulary
from linyun.kernel import clock
from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Kind, Relation, Subject
from linyun.kernel.rule import Sense, Vocabulary, evaluate, rule_from_json
from linyun.kernel.rule.vocabulary import Field
from tests.residents import Home

TODAY = clock.today()


def years(count: int) -> date:
    return date(TODAY.year - count, 6, 15)


@pytest.fixture
def street(person: Callable[..., Person], home: Callable[..., Home], as_worker) -> list[Person]:
    """Sixteen people of whom much, little or nothing but a name is known, in four homes; parents and children; tags by hand."""
    chance = random.Random(2026)
    full = [
        {
            "birth_date": years(age),
            "sex": sex,
            "marital_status": chance.choice(("10", "20", "30")),
            "phone": f"1990000000{n}",
        }
        for n, (age, sex) in enumerate(((84, "2"), (79, "1"), (52, "2"), (48, "1"), (17, "2"), (5, "1"), (91, "2")))
    ]
    full[0] |= {"service_needs": ["01"], "community_role": [], "ethnicity": "01", "chronic_conditions": ["01", "02"]}
    full[1] |= {"service_needs": ["02", "03"], "hardship_kinds": ["1"]}
    full[2] |= {"emergency_contact": "100% 李，王", "language": "1"}
    partly = [{"sex": "2"}, {"birth_date": years(70)}, {"phone": "19900000099"}, {"marital_status": "20", "sex": "1"}]
    people = [person(name=f"某{n}", **items) for n, items in enumerate([*full, *partly, {}, {}, {}, {}, {}])]
    home(people[0], people[2], people[4], address="公交新村1号101室")
    home(people[1], people[7], people[11], address="公交新村1号102室")
    home(people[6], address="公交新村1号103室")
    home(people[8], people[12], address="公交新村1号104室")
    tags = sorted(t.code for t in catalogue.tags.values() if not t.rule and t.subject is Subject.PERSON)
    with as_worker():
        for parent, child in ((0, 2), (0, 3), (2, 4), (1, 7), (6, 8), (8, 12)):
            Kin.objects.create(area=people[0].area, person=people[parent], relative=people[child], kind="30")
        for bearer, tag in ((0, tags[0]), (0, tags[1]), (5, tags[0]), (11, tags[2])):
            set_tag(people[bearer], tag, "上门核实", until=TODAY + timedelta(days=9))
    return people


def _value(field: Field, chance: random.Random) -> object:
    match field.kind:
        case Kind.INTEGER:
            return chance.choice((0, 1, 2, 5, 18, 60, 80))
        case Kind.DECIMAL:
            return str(chance.choice((Decimal(0), Decimal("12.5"), Decimal(3000))))
        case Kind.DATE:
            near = {
                chance.choice(("ago", "ahead")): chance.randrange(400),
                "unit": chance.choice(("day", "week", "month")),
            }
            return chance.choice((near, years(chance.randrange(100)).isoformat()))
        case Kind.BOOLEAN:
            return chance.choice((True, False))
        case Kind.AREA:
            return chance.choice(("31", "310110009016", "310110009017", "310110009016001001001"))
        case Kind.CODE | Kind.CODES if field.code_set:
            return chance.choice(field.code_set.codes).code
    return chance.choice(("某", "1", "100%", "_", "李，王", "19900"))


def _test(field: Field, chance: random.Random) -> dict[str, object]:
    if chance.random() < 0.2 or field.kind is Kind.IDENTITY:
        return {"item": field.code, "op": "unknown"}
    one = _value(field, chance)
    if field.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE):
        if chance.random() < 0.2 and field.kind is not Kind.DATE:
            low, high = sorted((float(str(one)), float(str(_value(field, chance)))))
            return {"item": field.code, "op": "between", "value": [f"{low:g}", f"{high:g}"]}
        return {"item": field.code, "op": chance.choice(("=", "!=", "<", "<=", ">", ">=")), "value": one}
    if field.kind is Kind.CODES:
        return {"item": field.code, "op": "has", "value": one}
    if field.kind in (Kind.AREA,) or (field.kind is Kind.CODE and chance.random() < 0.3):
        return {"item": field.code, "op": "in", "value": [one, _value(field, chance)]}
    if field.kind in (Kind.PHONE, Kind.TEXT) and chance.random() < 0.7 or field.kind is Kind.PHONE:
        return {"item": field.code, "op": "contains", "value": one}
    return {"item": field.code, "op": "=" if field.kind is Kind.BOOLEAN else chance.choice(("=", "!=")), "value": one}


def _node(subject: Subject, words: Vocabulary, chance: random.Random, levels: int) -> dict[str, object]:
    """A random condition about a subject, over everything that is declared about it."""
    kind = (
        chance.choice(("test", "test", "tag", "not", "all", "any", "related"))
        if levels
        else chance.choice(("test", "test", "tag"))
    )
    inner = levels - 1
    relations: list[Relation] = [r for (s, _), r in words.relations.items() if s is subject]
    tags = [t for t in words.tags.values() if t.subject is subject]
    if kind == "not":
        return {"not": _node(subject, words, chance, inner)}
    if kind in ("all", "any"):
        return {kind: [_node(subject, words, chance, inner) for _ in range(2)]}
    if kind == "related" and relations:
        one = chance.choice(relations)
        where = _node(one.target, words, chance, inner)
        quantity = chance.choice(("any", "none", "all", "count"))
        count = (
            {"op": chance.choice(("=", "!=", ">=", "<")), "value": chance.randrange(3)} if quantity == "count" else {}
        )
        return {"related": one.code, "quantity": quantity, "where": where, **count}
    if kind == "tag" and tags:
        return {"tag": chance.choice(tags).code}
    known = {field.code for field in words.fields.values() if field.subject is subject}
    likely = [c for c in LIKELY if c in known]
    code = chance.choice(likely) if likely and chance.random() < 0.6 else chance.choice(sorted(known))
    return _test(words.field(subject, code), chance)


LIKELY = (
    "age",
    "sex",
    "phone",
    "birth_date",
    "marital_status",
    "service_needs",
    "housemate_count",
    "lives_here",
    "member_count",
)
"""Words of which something is known in this street, so that not every answer is "not known"."""


@pytest.mark.parametrize("seed", range(6))
def test_the_database_and_the_reading_of_one_person_agree(as_worker, street, seed):
    chance = random.Random(seed)
    seen: set[bool | None] = set()
    with as_worker():
        words = vocabulary()
        for _ in range(25):
            form = {"subject": "person", "where": _node(Subject.PERSON, words, chance, 2)}
            rule = rule_from_json(form, words)
            asked = Asked(rule, Subject.PERSON, TODAY)
            yes, unknown = set(find.ids(asked)), set(find.ids(asked, unknown=True))
            for pk, known in facts(asked, [p.pk for p in street]).items():
                truth = evaluate(rule, known, TODAY)
                assert truth is (None if pk in unknown else pk in yes), f"{rule.text('zh')} of {known}"
                seen.add(truth)
            counted = find.count(asked)
            assert (counted.yes, counted.unknown, counted.all) == (len(yes), len(unknown), len(street))
            lacking = missing(asked, sorted(unknown))
            assert set(lacking) == unknown and all(lacking.values()), rule.text("zh")
    assert seen == {True, False, None}


def test_the_cheap_conditions_first_and_the_same_people(as_worker, street):
    """The order of conditions is for the planner; it must never change who is meant."""
    chance = random.Random(99)
    with as_worker():
        words = vocabulary()
        for _ in range(15):
            where = {chance.choice(("all", "any")): [_node(Subject.PERSON, words, chance, 1) for _ in range(3)]}
            rule = rule_from_json({"subject": "person", "where": where}, words)
            ordered = cheapest_first(rule)
            for known in facts(Asked(rule, Subject.PERSON, TODAY), [p.pk for p in street]).values():
                assert evaluate(rule, known, TODAY) is evaluate(ordered, known, TODAY)


def test_one_of_several_codes_is_not_found_inside_another(as_worker, person):
    """Codes came to the reading as the text of a list: in '["12"]' it found a "1" that nobody has."""
    needs = next(f.code_set for f in vocabulary_fields() if f.code == "service_needs")
    assert needs is not None
    first = needs.codes[0].code
    held = [c.code for c in needs.codes if c.code != first][:2]
    somebody = person(name="某人", service_needs=held)
    with as_worker():
        for code in (c.code for c in needs.codes):
            rule = rule_from_json(
                {"subject": "person", "where": {"item": "service_needs", "op": "has", "value": code}}, vocabulary()
            )
            asked = Asked(rule, Subject.PERSON, TODAY)
            known = facts(asked, [somebody.pk])[somebody.pk]
            assert known["service_needs"] == held
            assert evaluate(rule, known, TODAY) is (code in held)
            assert (somebody.pk in find.ids(asked)) is (code in held)


def vocabulary_fields() -> list[Field]:
    return [f for (s, _), f in Vocabulary.of(catalogue).fields.items() if s is Subject.PERSON]


def test_households_and_dwellings_are_read_alike(as_worker, street):
    chance = random.Random(5)
    with as_worker():
        words = vocabulary()
        for subject, everybody in ((Subject.HOUSEHOLD, "户内人数 >= 0"), (Subject.DWELLING, "居住人数 >= 0")):
            ids = find.ids(Asked.text(everybody, subject))
            assert len(ids) == 4
            for _ in range(12):
                rule = rule_from_json({"subject": subject.value, "where": _node(subject, words, chance, 2)}, words)
                asked = Asked(rule, subject, TODAY)
                yes, unknown = set(find.ids(asked)), set(find.ids(asked, unknown=True))
                for pk, known in facts(asked, ids).items():
                    assert evaluate(rule, known, TODAY) is (None if pk in unknown else pk in yes), rule.text("zh")


def test_what_is_true_and_what_is_false_of_a_street_part_it(as_worker, street):
    """Nobody is in a rule and in its opposite, and whoever is in neither is undecided in both."""
    chance = random.Random(17)
    with as_worker():
        words = vocabulary()
        for _ in range(12):
            node = _node(Subject.PERSON, words, chance, 2)
            one, other = (
                Asked(rule_from_json({"subject": "person", "where": w}, words), Subject.PERSON, TODAY)
                for w in (node, {"not": node})
            )
            yes, no, unknown = set(find.ids(one)), set(find.ids(other)), set(find.ids(one, unknown=True))
            assert not yes & no
            assert yes | no | unknown == {p.pk for p in street}
            assert unknown == set(find.ids(other, unknown=True))
            assert one.compiled(Sense.TRUE)[0] != other.compiled(Sense.TRUE)[0]

"""Every word the product declares can be used in a rule, and every rule it ships holds, on the product's own tables."""

from collections.abc import Iterator

import pytest
from django.db import connection

from linyun.kernel.catalogue import catalogue
from linyun.kernel.clock import today
from linyun.kernel.declare import Kind, Subject
from linyun.kernel.rule import Rule, RuleError, Sense, Vocabulary, compile_sql, parse, rule_from_json, tag_faults
from linyun.work.visits.rhythm import due_rule

WORDS = Vocabulary.of(catalogue)


def _shipped() -> Iterator[tuple[str, Subject, str]]:
    for tag in catalogue.tags.values():
        if tag.rule:
            yield f"tag {tag.code}", tag.subject, tag.rule
    for rhythm in catalogue.rhythms.values():
        yield f"rhythm {rhythm.code}", Subject.PERSON, rhythm.rule
        yield f"due by rhythm {rhythm.code}", Subject.PERSON, due_rule(rhythm)
    for ledger in catalogue.ledgers.values():
        subject = catalogue.ledger_sources[ledger.source].subject
        if ledger.rule and subject:
            yield f"ledger {ledger.code}", subject, ledger.rule


def _plan(rule: Rule, sense: Sense) -> None:
    """Let PostgreSQL check every column, function and type of a rule without running it."""
    compiled = compile_sql(rule, "s", today(), sense=sense)
    with connection.cursor() as cursor:
        cursor.execute(
            f"explain select ({compiled.sql})::boolean from records_{rule.subject} s",  # noqa: S608
            compiled.params,
        )


def test_the_rules_of_all_tags_hold_without_circles():
    assert {code: str(fault) for code, fault in tag_faults(WORDS).items()} == {}


def test_every_shipped_rule_is_read_told_and_stored_without_loss():
    faults = {}
    for name, subject, written in _shipped():
        try:
            rule = parse(written, subject, WORDS)
            assert parse(rule.text("zh"), subject, WORDS) == rule
            assert parse(rule.text("en"), subject, WORDS) == rule
            assert rule_from_json(rule.to_json(), WORDS) == rule
            assert rule.say("zh").endswith("。")
        except RuleError as fault:
            faults[name] = f"{written}: {fault}"
    assert faults == {}


@pytest.mark.django_db
def test_every_shipped_rule_runs_on_the_tables():
    rules = [parse(written, subject, WORDS) for _, subject, written in _shipped()]
    assert rules
    for rule in rules:
        for sense in (Sense.VALUE, Sense.TRUE):
            _plan(rule, sense)


SAMPLES = {
    Kind.INTEGER: "> 1",
    Kind.DECIMAL: "> 1",
    Kind.DATE: "早于 30天前",
    Kind.BOOLEAN: "= 是",
    Kind.TEXT: "包含 一",
    Kind.PHONE: "包含 1",
    Kind.AREA: "= 310110",
    Kind.IDENTITY: "不为空",
}


def _sample(field) -> str:
    if field.code_set:
        return f'{"有" if field.kind is Kind.CODES else "="} "{field.code_set.codes[0].code}"'
    return SAMPLES.get(field.kind, '= "1"')


@pytest.mark.django_db
def test_every_item_and_term_can_be_tested_on_the_tables():
    for (subject, code), field in WORDS.fields.items():
        for written in (f"{code} 为空", f"{code} {_sample(field)}"):
            _plan(parse(written, subject, WORDS), Sense.VALUE)


@pytest.mark.django_db
def test_every_relation_and_tag_can_be_asked_for_on_the_tables():
    for subject, code in WORDS.relations:
        for written in (f"any {code}", f"count {code} = 2"):
            _plan(parse(written, subject, WORDS), Sense.VALUE)
    for tag in WORDS.tags.values():
        _plan(parse(f"tag = {tag.code}", tag.subject, WORDS), Sense.FALSE)


def test_every_item_is_found_by_its_name_unless_another_has_it_too():
    """A worker knows an item by its name only; names that repeat must be told apart in the seeds."""
    unreachable = [
        f"{subject}.{code}"
        for (subject, code), field in WORDS.fields.items()
        if WORDS.words(subject).fields.only(field.name) is not field
    ]
    assert unreachable == []


def _every_condition() -> Iterator[tuple[Subject, dict[str, object]]]:
    """Each word of the product once in every form it can take: fields, each of their codes, relations, tags, branches."""
    for (subject, code), field in WORDS.fields.items():
        yield subject, {"item": code, "op": "unknown"}
        if field.code_set and field.kind in (Kind.CODE, Kind.CODES):
            op, codes = "has" if field.kind is Kind.CODES else "=", field.code_set.codes
            tests = [{"item": code, "op": op, "value": entry.code} for entry in codes]
            yield from ((subject, {"any": tests[n : n + 40]}) for n in range(0, len(tests), 40))
    for subject, code in WORDS.relations:
        yield subject, {"related": code, "quantity": "any", "where": None}
    for tag in WORDS.tags.values():
        yield tag.subject, {"tag": tag.code}
    tags = WORDS.tags.values()
    for subject, path in sorted({(t.subject, t.path[:n]) for t in tags for n in range(1, len(t.path) + 1)}):
        yield subject, {"branch": list(path)}


def test_every_word_leads_back_from_both_languages_alone_and_among_others():
    """Saved crowds hold the Chinese text: a name or code the parser cannot find again would lose them."""
    faults = []
    for subject, node in _every_condition():
        other = next(code for (s, code) in WORDS.fields if s is subject)
        for where in (node, {"any": [{"all": [{"not": node}, {"item": other, "op": "unknown"}]}, {"not": node}]}):
            rule = rule_from_json({"subject": subject.value, "where": where}, WORDS)
            for lang in ("zh", "en"):
                try:
                    same = parse(rule.text(lang), subject, WORDS) == rule
                except RuleError as fault:
                    faults.append(f"{rule.text(lang)}: {fault}")
                else:
                    if not same:
                        faults.append(f"{rule.text(lang)} means another")
    assert faults == []


def test_every_word_is_told_in_both_languages_without_a_code_in_the_chinese():
    for subject, node in _every_condition():
        rule = rule_from_json({"subject": subject.value, "where": node}, WORDS)
        told = rule.say("zh")
        assert told.endswith("。") and "None" not in told
        code = node.get("item") or node.get("tag") or node.get("related")
        assert code is None or not ("_" in str(code) and str(code) in told), told
        assert rule.say("en").isprintable()

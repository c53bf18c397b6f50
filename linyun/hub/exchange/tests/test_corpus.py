"""Over a hundred files as committees have them: the exact numbers, every refused cell, and what people hold afterwards."""

import json
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from linyun.foundation.acts.models import Act
from linyun.foundation.areas.scope import within
from linyun.hub.exchange.models import Import, ImportRow
from linyun.hub.exchange.tests.corpus import cells, containers, layouts, numbers
from linyun.hub.exchange.tests.corpus.making import Case
from linyun.hub.records.models import Person
from tests.characters import HERE

CASES: dict[str, Case] = {f"{part.__name__.rpartition('.')[2]}: {name}": case
                          for part in (layouts, numbers, cells, containers) for name, case in part.CASES.items()}  # fmt: skip
NUMBERS = ("created", "updated", "unchanged", "conflicts", "refused")


def held(person: Person, code: str) -> Any:
    """What a person holds, as JSON would say it."""
    value = getattr(person, code) if hasattr(person, code) else person.tail.get(code)
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("what", CASES)
def test_a_file_of_a_committee(areas, tmp_path, capsys, what):
    case = CASES[what]
    path = tmp_path / case.name
    path.write_bytes(case.data)
    call_command("import", str(path), "--area", HERE, "--yes" if case.holds else "--dry-run", "--json")
    said = json.loads(capsys.readouterr().out)
    reasons = [r.pop("reason") for r in said["refusals"]]
    looked_for = case.expected
    words = [r.pop("reason") for r in looked_for]
    assert said["refusals"] == looked_for
    assert [w for w, reason in zip(words, reasons, strict=True) if w not in reason] == [], reasons
    assert (said["rows"], *(said[n] for n in NUMBERS)) == (sum(case.counts), *case.counts)
    assert case.says in said["message"]
    with within(HERE):
        kept = str([*ImportRow.objects.values_list("problems", "changes", "hints"), *Act.objects.values_list("detail")])
        assert not re.search(r"\d{15}", kept), "identity numbers are kept sealed or masked"
        for name, items in case.holds.items():
            person = Person.objects.get(name=name)
            assert {code: held(person, code) for code in items} == items


@pytest.mark.parametrize("what", containers.UNREADABLE)
def test_what_is_no_table_is_answered_in_a_sentence_and_kept_nowhere(areas, tmp_path, what):
    make, name, says = containers.UNREADABLE[what]
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(CommandError, match=says) as refused:
        call_command("import", str(path), "--area", HERE, "--yes", "--json")
    assert refused.value.returncode == 1
    assert str(refused.value).isprintable()
    with within(HERE):
        assert not Import.objects.exists()

"""The names that the catalogue holds: msgids like any sentence, collected here because no source line says them."""

from collections.abc import Iterator

from linyun.kernel.catalogue import Catalogue
from linyun.kernel.words import ROLE_NAMES


def catalogue_names(catalogue: Catalogue) -> dict[str, str]:
    """Every name and short description that people see, each once, with where it stands (``item birth_date``).

    Names of areas are not among them: they are real names.
    """
    found: dict[str, str] = {}
    for name, where in (
        *_of_items(catalogue),
        *_of_tags(catalogue),
        *_of_ledgers(catalogue),
        *_of_others(catalogue),
    ):
        if name:
            found.setdefault(name, where)
    return found


def _of_items(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for item in catalogue.items.values():
        for text in (item.name, item.group, item.unit, item.purpose, item.basis, item.help):
            yield text, f"item {item.code}"
    for word in catalogue.terms.values():
        yield word.name, f"term {word.code}"
        yield word.unit, f"term {word.code}"
    for relation in catalogue.relations.values():
        yield relation.name, f"relation {relation.code}"
    for code_set in catalogue.code_sets.values():
        yield code_set.name, f"code set {code_set.code}"
        yield code_set.standard, f"code set {code_set.code}"
        for entry in code_set.codes:
            yield entry.name, f"code set {code_set.code} {entry.code}"


def _of_tags(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for tag in catalogue.tags.values():
        for text in (tag.name, tag.meaning, tag.purpose, tag.source, *tag.path):
            yield text, f"tag {tag.code}"
    for rhythm in catalogue.rhythms.values():
        yield rhythm.name, f"rhythm {rhythm.code}"


def _of_ledgers(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for source in catalogue.ledger_sources.values():
        yield source.name, f"ledger source {source.code}"
    for ledger in catalogue.ledgers.values():
        where = f"ledger {ledger.code}"
        for text in (ledger.name, ledger.group, ledger.due, ledger.unit, ledger.note):
            yield text, where
        for column in ledger.columns:
            for text in (*column.head, column.name):
                yield text, where


def _of_others(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for name in ROLE_NAMES.values():
        yield name, "role"
    for source in catalogue.sources.values():
        yield source.name, f"source {source.code}"
    for department in catalogue.departments.values():
        yield department.name, f"department {department.code}"
    for action in catalogue.actions.values():
        yield action.name, f"action {action.code}"
    for line in catalogue.menu:
        yield line.label, f"menu {line.code}"

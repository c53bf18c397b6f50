"""What is declared can be found, called and told apart: events, subscriptions, badges, erasures."""

import ast
import dataclasses
import inspect
import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string, module_has_submodule

from linyun.foundation.acts.models import Act
from linyun.foundation.acts.services import verb_of
from linyun.kernel.catalogue import catalogue
from tests.laws.source import PACKAGE, ROOT, code

IRREGULAR = {
    "Seen", "Given", "Written", "Set", "Done", "Undone", "Sent", "Left", "Made", "Kept", "Taken", "Built", "Told",
    "Born",
    "Read", "Put", "Lost", "Found", "Withdrawn", "Begun", "Held", "Paid", "Drawn", "Reset", "Brought", "Shown", "Met",
    "Understood", "Chosen", "Cut", "Split", "Known", "Borne", "Laid", "Sealed",
}  # fmt: skip


def event_classes() -> list[type]:
    """Every class defined in an events.py."""
    found: list[type] = []
    for app in apps.get_app_configs():
        if app.name.startswith("linyun.") and app.module and module_has_submodule(app.module, "events"):
            module = import_module(f"{app.name}.events")
            found += [c for _, c in inspect.getmembers(module, inspect.isclass) if c.__module__ == module.__name__]
    return found


def is_past(name: str) -> bool:
    """Whether a name says that something has happened: PersonSeen, SignedIn."""
    words = re.findall(r"[A-Z][a-z]+", name)
    return any(word in IRREGULAR or (word.endswith("ed") and len(word) > 3) for word in words)


def wrong_events(classes: list[type]) -> list[str]:
    """Events that could be changed, are not in the past tense, or say nothing of what they mean."""
    found = []
    for c in classes:
        if not dataclasses.is_dataclass(c) or not c.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            found.append(f"{c.__name__} is not a frozen dataclass")
        elif not is_past(c.__name__):
            found.append(f"{c.__name__} is not in the past tense")
        elif not c.__doc__ or c.__doc__.startswith(f"{c.__name__}("):
            found.append(f"{c.__name__} does not say what happened")
    return found


def test_events_are_frozen_and_past() -> None:
    assert len(event_classes()) > 20
    assert wrong_events(event_classes()) == []


def test_wrong_events_are_found() -> None:
    class CloseMatter:
        """Not a dataclass."""

    loose = dataclasses.make_dataclass("MatterClosed", ["id"])
    command = dataclasses.make_dataclass("CloseMatter", ["id"], frozen=True)
    silent = dataclasses.make_dataclass("MatterClosed", ["id"], frozen=True)
    assert [line.split(" is ")[-1] for line in wrong_events([CloseMatter, loose, command])] == [
        "not a frozen dataclass", "not a frozen dataclass", "not in the past tense",
    ]  # fmt: skip
    assert wrong_events([silent]) == ["MatterClosed does not say what happened"]


def test_events_have_verbs_of_their_own_that_fit_the_column() -> None:
    verbs = [verb_of(c) for c in event_classes()]
    longest = Act._meta.get_field("verb").max_length or 0
    assert sorted({v for v in verbs if verbs.count(v) > 1}) == []
    assert [v for v in verbs if len(v) > longest] == []


PERSONAL = {"name", "phone", "address", "identity_number", "number", "birth_date", "email", "text", "value", "values"}


def test_events_carry_no_personal_data() -> None:
    """Acts are kept when a record is erased: they hold identifiers and counts, never what was said about somebody."""
    told = [f"{c.__name__}.{f.name}" for c in event_classes() for f in dataclasses.fields(c) if f.name in PERSONAL]
    assert [t for t in told if not t.startswith(("CrowdSaved.", "OwnLedger"))] == []


def handlers() -> list[tuple[str, Any, type]]:
    return [(on.do, import_string(on.do), on.event) for on in catalogue.on]


def test_every_subscriber_can_be_called_with_its_event() -> None:
    events = set(event_classes())
    for path, do, event in handlers():
        assert event in events, f"{path} waits for {event}, which is in no events.py"
        inspect.signature(do).bind(**{f.name: None for f in dataclasses.fields(event)})


def test_badges_can_be_counted() -> None:
    for entry in catalogue.menu:
        if entry.badge:
            inspect.signature(import_string(entry.badge)).bind()


def test_every_app_of_the_house_is_installed_and_says_what_it_is_for() -> None:
    installed = {app.name for app in apps.get_app_configs()}
    for folder in sorted(p.parent for p in PACKAGE.glob("*/*/apps.py")):
        name = ".".join(folder.relative_to(ROOT).parts)
        assert name in installed, f"{name} is not in INSTALLED_APPS"
        assert (import_module(name).__doc__ or "").strip(), f"{name}/__init__.py says nothing"


def test_every_table_of_residents_says_how_it_is_erased() -> None:
    """Constitution, rules 1 and 10: what may never be forgotten says so as well."""
    holding = {m._meta.app_label for m in apps.get_models() if m.__module__.startswith(("linyun.hub", "linyun.work"))}
    manifests = {app: import_module(f"{apps.get_app_config(app).name}.manifest").manifest for app in holding}
    assert [app for app in sorted(holding) if not manifests[app].erasures] == []
    assert all(erasure.then for erasure in catalogue.erasures.values())


def test_public_names_say_what_they_mean() -> None:
    """Docstrings on public functions and classes of the product: meaning, units, errors."""
    silent = []
    for source in code():
        if source.name.split("/")[-1] in ("apps.py", "manifest.py"):
            continue
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                inherited = isinstance(node, ast.ClassDef) and node.name in ("Command",)
                if not ast.get_docstring(node) and not inherited and not _is_a_queryset(node):
                    silent.append(f"{source.name}:{node.lineno} {node.name}")
    assert silent == []


def _is_a_queryset(node: Any) -> bool:
    bases = "".join(
        getattr(b, "id", getattr(getattr(b, "value", None), "attr", "")) or "" for b in getattr(node, "bases", [])
    )
    return node.name.endswith(("QuerySet", "Manager", "Status")) or "Choices" in bases


@pytest.mark.parametrize("setting", ["MFA_ADAPTER", "AUTH_USER_MODEL", "CSRF_FAILURE_VIEW"])
def test_settings_name_what_exists(setting: str) -> None:
    named = getattr(settings, setting)
    if setting == "AUTH_USER_MODEL":
        assert apps.get_model(named).__module__ == "linyun.foundation.accounts.models"
    else:
        assert callable(import_string(named))


def test_answers_pass_the_middleware_that_refuses() -> None:
    names = settings.MIDDLEWARE
    assert "linyun.foundation.accounts.middleware.Refusals" in names
    assert names.index("django.contrib.sessions.middleware.SessionMiddleware") < names.index(
        "linyun.foundation.accounts.middleware.Refusals"
    )

"""Fields from items and from Django's forms; what was posted, read back by the item's kind."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms as django_forms
from hypothesis import given
from hypothesis import strategies as st

from linyun.foundation.ui.forms import Field, fields_of, item_field, needs_reason, read_item
from linyun.foundation.ui.tests.kit import draw
from linyun.kernel.declare import Code, CodeSet, Item, Kind, Level, Subject
from linyun.kernel.values import identity

SEXES = CodeSet("sex", "性别", "GB/T 2261.1", (Code("1", "男"), Code("2", "女")))
NUMBER = identity.make("310110", date(1948, 3, 5), 992)


def item(kind: Kind, **changed: Any) -> Item:
    given_: dict[str, Any] = {
        "code": "it",
        "subject": Subject.PERSON,
        "name": "数据元",
        "kind": kind,
        "owner": "civil",
        "level": Level.PERSONAL,
        "purpose": "走访",
        "basis": "居委会组织法",
        "code_set": "sex" if kind in (Kind.CODE, Kind.CODES) else "",
        **changed,
    }
    return Item(**given_)


@pytest.mark.parametrize(
    ("kind", "drawn_as"),
    [
        (Kind.TEXT, 'type="text"'),
        (Kind.INTEGER, 'type="number"'),
        (Kind.DECIMAL, 'type="number"'),
        (Kind.DATE, 'type="date"'),
        (Kind.BOOLEAN, 'type="radio"'),
        (Kind.CODE, 'type="radio"'),
        (Kind.CODES, 'type="checkbox"'),
        (Kind.PHONE, 'type="tel"'),
        (Kind.IDENTITY, 'type="text"'),
        (Kind.AREA, 'type="text"'),
    ],
)
def test_every_kind_of_item_has_its_field(kind: Kind, drawn_as: str) -> None:
    html = draw("{{ fields.field(f) }}", f=item_field(item(kind), code_set=SEXES, error="请改"))
    assert drawn_as in html and "数据元" in html and "请改" in html and 'name="it"' in html


def test_every_kind_of_item_can_be_read() -> None:
    for kind in Kind:
        assert read_item(item(kind), [""], SEXES).blank
        assert read_item(item(kind), [], SEXES).blank


@pytest.mark.parametrize(
    ("kind", "known", "masked"),
    [(Kind.IDENTITY, NUMBER, identity.mask(NUMBER)), (Kind.PHONE, "19900123456", "199****3456")],
)
def test_numbers_of_people_never_reach_the_page_in_full(kind: Kind, known: str, masked: str) -> None:
    html = draw("{{ fields.field(f) }}", f=item_field(item(kind), known))
    assert known not in html and masked in html
    assert "不改请留空" in html


def test_a_refused_number_stands_in_its_field_as_it_was_typed() -> None:
    field = item_field(item(Kind.PHONE), "19900123456", typed="1990012", error="电话少了几位")
    assert field.value == "1990012" and "199****3456" in field.help


def test_value_unit_source_and_bounds_reach_the_field() -> None:
    field = item_field(item(Kind.INTEGER, unit="元", low=0, high=9000), 3860, source="人社 2026-01-15")
    html = draw("{{ fields.field(f) }}", f=field)
    assert "3860 元" in html and "人社 2026-01-15" in html and 'min="0" max="9000"' in html


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, "  护理员 ", "护理员"),
        (Kind.INTEGER, "3", 3),
        (Kind.INTEGER, "1,200", 1200),
        (Kind.INTEGER, "3.0", 3),
        (Kind.INTEGER, "３", 3),
        (Kind.DECIMAL, "36.50", Decimal("36.50")),
        (Kind.DATE, "1948-03-05", date(1948, 3, 5)),
        (Kind.DATE, "1948.3.5", date(1948, 3, 5)),
        (Kind.BOOLEAN, "1", True),
        (Kind.BOOLEAN, "0", False),
        (Kind.CODE, "2", "2"),
        (Kind.CODES, "2", ["2"]),
        (Kind.IDENTITY, NUMBER, NUMBER),
    ],
)
def test_what_was_posted_is_read(kind: Kind, text: str, value: Any) -> None:
    found = read_item(item(kind), [text], SEXES)
    assert (found.value, found.problem) == (value, None)


@pytest.mark.parametrize(
    ("kind", "text", "part"),
    [
        (Kind.INTEGER, "三", "数字"),
        (Kind.INTEGER, "3.5", "整数"),
        (Kind.INTEGER, "nan", "数字"),
        (Kind.INTEGER, "1e999999", "数字"),
        (Kind.DECIMAL, "Infinity", "数字"),
        (Kind.DATE, "2026-02-30", ""),
        (Kind.BOOLEAN, "maybe", "是或否"),
        (Kind.BOOLEAN, "10", "是或否"),
        (Kind.CODE, "9", "选项"),
        (Kind.CODES, "9", "选项"),
        (Kind.IDENTITY, "31011019480305002", ""),
        (Kind.PHONE, "123", ""),
    ],
)
def test_what_does_not_hold_is_answered_with_a_sentence(kind: Kind, text: str, part: str) -> None:
    found = read_item(item(kind), [text], SEXES)
    assert found.value is None
    assert found.problem and part in found.problem


def test_bounds_are_told_with_their_unit() -> None:
    temperature = item(Kind.DECIMAL, low=35, high=42, unit="℃")
    assert read_item(temperature, ["45"]).problem == "不应大于 42℃"
    assert read_item(temperature, ["3"]).problem == "不应小于 35℃"
    assert read_item(temperature, ["36.5"]).value == Decimal("36.5")


def test_a_birth_date_is_not_after_the_day_given() -> None:
    for validator in ("birth", "past"):
        assert read_item(item(Kind.DATE, validator=validator), ["2030-01-01"], today=date(2026, 11, 22)).problem
    assert read_item(item(Kind.DATE), ["2030-01-01"], today=date(2026, 11, 22)).value == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("validator", "wrong", "right"),
    [
        ("email", "邮箱", "name@example.cn"),
        ("postcode", "123", "200092"),
        ("name", "13812345678", "周桂芳"),
        ("birth", "1850-01-01", "1950-01-01"),
    ],
)
def test_a_form_refuses_what_a_file_refuses(validator: str, wrong: str, right: str) -> None:
    kind = Kind.DATE if validator == "birth" else Kind.TEXT
    asked = item(kind, validator=validator)
    assert read_item(asked, [wrong], today=date(2026, 11, 22)).problem
    assert str(read_item(asked, [right], today=date(2026, 11, 22)).value) == right
    assert read_item(asked, [""]).blank


@given(st.text(max_size=30), st.sampled_from(list(Kind)))
def test_nothing_that_can_be_typed_breaks_the_reading(text: str, kind: Kind) -> None:
    found = read_item(item(kind), [text], SEXES)
    assert found.problem is None or found.problem.strip()


def test_a_reason_is_needed_from_sensitive_up() -> None:
    assert needs_reason(item(Kind.TEXT, level=Level.SENSITIVE))
    assert not needs_reason(item(Kind.TEXT))


class SignIn(django_forms.Form):
    login = django_forms.CharField(label="工号", widget=django_forms.TextInput(attrs={"autocomplete": "username"}))
    password = django_forms.CharField(label="密码", widget=django_forms.PasswordInput)
    remember = django_forms.BooleanField(label="记住我", required=False)
    way = django_forms.ChoiceField(label="方式", choices=[("", "---"), ("a", "短信"), ("b", "口令")])
    one = django_forms.ChoiceField(label="其一", choices=[("a", "甲")], widget=django_forms.RadioSelect)
    several = django_forms.MultipleChoiceField(
        label="多选", choices=[("a", "甲"), ("b", "乙")], widget=django_forms.CheckboxSelectMultiple
    )
    note = django_forms.CharField(label="说明", widget=django_forms.Textarea, required=False)
    token = django_forms.CharField(widget=django_forms.HiddenInput)


def test_forms_of_other_packages_are_drawn_in_our_look() -> None:
    form = SignIn({"login": "<b>", "password": "secret", "several": ["b"], "token": "t", "way": "a"})
    kinds = {f.name: f.kind for f in fields_of(form)}
    assert kinds == {
        "login": "text",
        "password": "password",
        "remember": "check",
        "way": "choice",
        "one": "choice",
        "several": "choices",
        "note": "textarea",
        "token": "hidden",
    }
    html = draw("{{ fields.all(fields_of(form)) }}", form=form)
    assert "secret" not in html and "&lt;b&gt;" in html
    assert 'autocomplete="username"' in html
    assert 'name="token" value="t"' in html
    assert form.errors["one"][0] in html  # its own sentence, beside the field


def test_a_field_stands_alone() -> None:
    assert 'type="email"' in draw("{{ fields.field(f) }}", f=Field("mail", "邮箱", "email"))
    assert 'type="file"' in draw("{{ fields.field(f) }}", f=Field("doc", "附件", "file"))

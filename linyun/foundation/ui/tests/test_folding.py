"""What is the same on every page is text in the compiled template, in each language its own; nothing else is."""

from typing import Any

import pytest
from django.utils.translation import override
from jinja2 import DictLoader, TemplateAssertionError

from linyun.foundation.ui.folding import Worded
from linyun.foundation.ui.jinja import environment

pytestmark = pytest.mark.urls("linyun.foundation.ui.tests.gallery_urls")
WORD = "{{ _('姓名') }}"


def compiled(source: str, language: str = "zh-hans") -> str:
    env = house(source).speaking(language)
    with override(language):
        return str(env.compile(source, "page.html", raw=True))


def house(source: str) -> Worded:
    return environment(loader=DictLoader({"page.html": source}))


def drawn(source: str, language: str = "zh-hans", **values: Any) -> str:
    with override(language):
        return house(source).speaking(language).get_template("page.html").render(values)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (WORD, "姓名"),
        ("{{ icon('check') }}", '<path d="M5 12.5l4.5 4.5L19 7.5"/>'),
        ("{{ icon('check', _('关闭')) }}", 'aria-label="关闭"'),
        ("{{ icon('check', label=_('关闭')) }}", 'aria-label="关闭"'),
        ("{{ url('ui:look') }}", "/ui/look"),
        ("{% macro m(a) %}" + WORD + "{% endmacro %}{{ m(1) }}", "姓名"),
    ],
)
def test_words_icons_and_addresses_become_text(source, text):
    assert text in compiled(source)
    assert "context.call((undefined(name='_')" not in compiled(source)
    assert text in drawn(source)


def test_each_language_has_its_own_text():
    assert "'姓名'" in compiled(WORD)
    assert "'Name'" in compiled(WORD, "en")
    assert [drawn(WORD, code) for code in ("zh-hans", "en", "zh-hans")] == ["姓名", "Name", "姓名"]


def test_a_template_speaks_its_own_language_even_when_it_is_compiled_in_another():
    env = house(WORD)
    with override("en"):
        assert env.speaking("zh-hans").get_template("page.html").render() == "姓名"


def test_without_a_language_nothing_is_folded_and_the_page_is_the_same():
    env = house(WORD)
    assert "name='_'" in str(env.compile(WORD, raw=True))
    with override("en"):
        assert env.get_template("page.html").render() == "Name"


@pytest.mark.parametrize(
    ("source", "values", "text"),
    [
        ("{{ _('全部 %(n)s %(noun)s', n=n, noun='<i>') }}", {"n": 3}, "全部 3 &lt;i&gt;"),
        ("{{ icon(name) }}", {"name": "check"}, "M5 12.5l4.5"),
        ("{{ _(*words) }}", {"words": ["姓名"]}, "姓名"),
        ("{{ icon('check', **more) }}", {"more": {"label": "好"}}, 'aria-label="好"'),
    ],
)
def test_what_changes_from_page_to_page_is_asked_each_time(source, values, text):
    assert text in drawn(source, **values)


@pytest.mark.parametrize(
    "source",
    [
        "{% macro link(label, url) %}{{ url }}{% endmacro %}",
        "{% set icon = 1 %}",
        "{% for _ in [1] %}{% endfor %}",
        "{% for x, static in [] %}{% endfor %}",
    ],
)
def test_a_template_that_gives_such_a_name_another_meaning_is_refused(source):
    """Else the macro would lead to the address of a route, whatever address it is given."""
    with pytest.raises(TemplateAssertionError, match="global of every template"):
        compiled(source)


def test_a_word_that_stands_for_no_icon_is_refused_at_once():
    with pytest.raises(KeyError, match="no_such"):
        compiled("{{ icon('no_such') }}")

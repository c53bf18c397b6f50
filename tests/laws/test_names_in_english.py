"""Everything that the catalogue calls by a name has an English one, so that an English page shows no half-translated list."""

import re

from django.utils.translation import gettext, override

from linyun.kernel.catalogue import catalogue
from linyun.kernel.naming import catalogue_names

HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_name_of_the_catalogue_has_an_english_one():
    names = catalogue_names(catalogue)
    assert len(names) > 2000
    with override("en"):
        lacking = [f"{where}: {name}" for name, where in names.items() if HAN.search(gettext(name))]
    assert lacking == []


def test_codes_of_one_set_and_tags_of_one_subject_do_not_share_an_english_name():
    lists = {c.code: [entry.name for entry in c.codes] for c in catalogue.code_sets.values()}
    lists |= {
        subject: [t.name for t in catalogue.tags.values() if t.subject is subject]
        for subject in {t.subject for t in catalogue.tags.values()}
    }
    lists |= {
        f"items of {subject}": [i.name for (s, _), i in catalogue.items.items() if s is subject]
        for subject in {s for s, _ in catalogue.items}
    }
    with override("en"):
        shared = {
            code: sorted(n for n in names if [gettext(m) for m in names].count(gettext(n)) > 1)
            for code, names in lists.items()
        }
    assert {code: names for code, names in shared.items() if names} == {}


def test_chinese_pages_show_the_names_as_declared():
    with override("zh-hans"):
        assert [n for n in catalogue_names(catalogue) if gettext(n) != n] == []

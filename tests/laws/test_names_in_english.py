"""Everything that the catalogue calls by a name has an English one, so that an English page shows no half-translated list."""

import re

from django.utils.translation import gettext, override

from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Subject
from linyun.kernel.naming import catalogue_names

HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_name_of_the_catalogue_has_an_english_one():
    names = catalogue_names(catalogue)
    assert len(names) > 2000
    with override("en"):
        lacking = [f"{where}: {name}" for name, where in names.items() if HAN.search(gettext(name))]
    assert lacking == []


def test_codes_of_one_set_and_tags_and_words_of_one_subject_do_not_share_an_english_name():
    lists = {c.code: [entry.name for entry in c.codes] for c in catalogue.code_sets.values()}
    lists |= {
        f"tags of {subject}": [t.name for t in catalogue.tags.values() if t.subject is subject] for subject in Subject
    }
    lists |= {
        f"words of {subject}": list(
            {
                word.name
                for words in (catalogue.items, catalogue.terms, catalogue.relations)
                for (s, _), word in words.items()
                if s is subject
            }
        )
        for subject in Subject
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

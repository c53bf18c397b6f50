"""The list page of residents again, as a Django developer would write it with Django's own templates: the named peer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path, reverse

from linyun.foundation.accounts.doors import door, menu_for
from linyun.foundation.acts.services import record
from linyun.foundation.areas import scope
from linyun.foundation.ui.paging import page
from linyun.hub.records.events import PeopleListed
from linyun.hub.records.models import Person
from linyun.kernel.catalogue import catalogue
from linyun.kernel.values.phones import mask

CELL = '{% load i18n %}<td class="{{ kind }}" data-label="{{ label }}">{% if url %}<a href="{{ url }}">{{ value|default:"—" }}</a>{% else %}{{ value|default:"—" }}{% endif %}</td>'
TABLE = """{% load i18n %}<!doctype html><html lang="zh-Hans"><head><title>{% trans "居民" %}</title></head><body>
<nav>{% for m in menu %}<a href="{{ m.url }}">{{ m.label }}</a>{% endfor %}</nav>
<form method="get"><input name="q"></form>
<p>{{ total }} {% trans "人" %}</p>
<table><thead><tr>{% for c in columns %}<th><a href="?sort={{ c.key }}">{{ c.label }}</a></th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row.cells %}{% include cell_template with label=cell.label value=cell.value url=cell.url kind=cell.kind %}{% endfor %}</tr>{% endfor %}</tbody></table>
{% if next %}<a href="?after={{ next|urlencode }}">{% trans "后面的" %}</a>{% endif %}</body></html>"""
COLUMNS = (("name", "姓名"), ("sex", "性别"), ("birth_date", "出生日期"), ("phone", "电话"), ("living_address", "住址"),
           ("education", "文化程度"))  # fmt: skip


def cells(person: Person) -> list[dict[str, Any]]:
    """The same values as our page shows."""
    shown = {
        "name": person.name,
        "sex": catalogue.code_sets["sex"].name_of(person.sex or ""),
        "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "phone": mask(person.phone) if person.phone else "",
        "living_address": person.living_address,
        "education": person.education,
    }
    url = reverse("person", args=[person.pk])
    return [
        {"label": label, "value": shown[key], "url": url if key == "name" else "", "kind": key}
        for key, label in COLUMNS
    ]


@door("person.find")
def peer(request: HttpRequest) -> HttpResponse:
    """The page."""
    found = page(Person.objects.live(), ["pinyin"], request.GET.get("after", ""), total=Person.objects.live().count())
    record(PeopleListed(count=len(found.rows), by="list"), area=scope.current())
    engine = engines["django"]
    body = engine.from_string(TABLE).render(
        {
            "menu": menu_for(request, "desk"),
            "total": found.total,
            "columns": [{"key": k, "label": v} for k, v in COLUMNS],
            "rows": [{"cells": cells(p)} for p in found.rows],
            "next": found.next,
            "cell_template": engine.from_string(CELL).template,
        },
        request,
    )
    return HttpResponse(body)


urlpatterns = [path("", include("linyun.site.urls")), path("bench/people", peer)]

"""The list page of residents again, as a Django developer would write it with Django's own templates: the named peer."""

from pathlib import Path
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

HERE = Path(__file__).parent
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
    body = engine.from_string((HERE / "peer_list.html").read_text()).render(
        {
            "menu": menu_for(request, "desk"),
            "total": found.total,
            "columns": [{"key": k, "label": v} for k, v in COLUMNS],
            "rows": [{"cells": cells(p)} for p in found.rows],
            "next": found.next,
            "cell_template": engine.from_string((HERE / "peer_cell.html").read_text()).template,
        },
        request,
    )
    return HttpResponse(body)


urlpatterns = [path("", include("linyun.site.urls")), path("bench/people", peer)]

"""Addresses of the desk."""

from django.urls import path

from linyun.front.desk import buildings, lists, operating, pages, tagging, today

urlpatterns = [
    path("desk", today.today, name="desk"),
    path("desk/find", lists.find, name="find"),
    path("desk/suggest", lists.suggest, name="suggest"),
    path("desk/people", lists.residents, name="people"),
    path("desk/people/export", lists.export, name="people_export"),
    path("desk/people/<uuid:person_id>", pages.person, name="person"),
    path("desk/people/<uuid:person_id>/looks", pages.looks, name="looks"),
    path("desk/people/<uuid:person_id>/tags", tagging.tags, name="person_tags"),
    path("desk/people/<uuid:person_id>/tags/set", tagging.mark, name="tag_set"),
    path("desk/people/<uuid:person_id>/tags/<slug:tag>/retract", tagging.unmark, name="tag_retract"),
    path("desk/people/<uuid:person_id>/operations", operating.menu, name="operations"),
    path("desk/people/<uuid:person_id>/operations/<slug:kind>", operating.operate, name="operate"),
    path("desk/operations/<uuid:operation_id>/undo", operating.undo, name="operation_undo"),
    path("desk/people/<uuid:person_id>/items/<slug:item>", pages.lineage, name="lineage"),
    path("desk/people/<uuid:person_id>/items/<slug:item>/full", pages.reveal, name="reveal"),
    path("desk/people/<uuid:person_id>/items/<slug:item>/correct", pages.correct, name="correct"),
    path("desk/buildings", buildings.buildings, name="buildings"),
    path("desk/buildings/<str:area>", buildings.building, name="building"),
    path("desk/dwellings/<uuid:dwelling_id>", buildings.dwelling, name="dwelling"),
    path("desk/households/<uuid:household_id>", buildings.household, name="household"),
]

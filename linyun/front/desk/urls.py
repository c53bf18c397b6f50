"""Addresses of the desk."""

from django.urls import path

from linyun.front.desk import buildings, pages

urlpatterns = [
    path("desk", pages.today, name="desk"),
    path("desk/find", pages.find, name="find"),
    path("desk/suggest", pages.suggest, name="suggest"),
    path("desk/people", pages.residents, name="people"),
    path("desk/people/<uuid:person_id>", pages.person, name="person"),
    path("desk/people/<uuid:person_id>/items/<slug:item>", pages.lineage, name="lineage"),
    path("desk/people/<uuid:person_id>/items/<slug:item>/full", pages.reveal, name="reveal"),
    path("desk/people/<uuid:person_id>/items/<slug:item>/correct", pages.correct, name="correct"),
    path("desk/buildings", buildings.buildings, name="buildings"),
    path("desk/buildings/<str:area>", buildings.building, name="building"),
    path("desk/dwellings/<uuid:dwelling_id>", pages.dwelling, name="dwelling"),
]

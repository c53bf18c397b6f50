"""Addresses of the desk."""

from django.urls import path

from linyun.front.desk import buildings, pages

urlpatterns = [
    path("", pages.today, name="desk"),
    path("/find", pages.find, name="find"),
    path("/suggest", pages.suggest, name="suggest"),
    path("/people", pages.residents, name="people"),
    path("/people/<uuid:person_id>", pages.person, name="person"),
    path("/people/<uuid:person_id>/items/<slug:item>", pages.lineage, name="lineage"),
    path("/people/<uuid:person_id>/items/<slug:item>/full", pages.reveal, name="reveal"),
    path("/people/<uuid:person_id>/items/<slug:item>/correct", pages.correct, name="correct"),
    path("/buildings", buildings.buildings, name="buildings"),
    path("/buildings/<str:area>", buildings.building, name="building"),
    path("/dwellings/<uuid:dwelling_id>", pages.dwelling, name="dwelling"),
]

"""Addresses of the notebook, below /desk."""

from django.urls import path

from linyun.work.office import pages

urlpatterns = [
    path("notes", pages.notes, name="notes"),
    path("notes/write", pages.write, name="note_write"),
    path("notes/<uuid:note_id>/tick", pages.tick, name="note_tick"),
    path("notes/<uuid:note_id>/drop", pages.drop, name="note_drop"),
]

"""Addresses of crowds, below /desk."""

from django.urls import path

from linyun.hub.scan import pages

urlpatterns = [
    path("crowds", pages.crowds, name="crowds"),
    path("crowds/save", pages.save, name="crowd_save"),
    path("crowds/export", pages.export, name="crowd_export"),
    path("crowds/<uuid:crowd_id>/drop", pages.drop, name="crowd_drop"),
]

"""Addresses of crowds, below /desk."""

from django.urls import path

from linyun.hub.scan import pages

urlpatterns = [
    path("crowds", pages.crowds, name="crowds"),
    path("crowds/words", pages.words, name="crowd_words"),
    path("crowds/open", pages.open_list, name="crowd_open"),
    path("crowds/hand", pages.hand, name="crowd_hand"),
    path("crowds/save", pages.save, name="crowd_save"),
    path("crowds/export", pages.export, name="crowd_export"),
    path("crowds/<uuid:crowd_id>/drop", pages.drop, name="crowd_drop"),
]

"""Addresses of the tag dictionary, below /desk."""

from django.urls import path

from linyun.hub.tags import pages

urlpatterns = [
    path("tags", pages.dictionary, name="tags"),
    path("tags/tag", pages.tag, name="tag"),
    path("tags/marks", pages.marks, name="tag_marks"),
]

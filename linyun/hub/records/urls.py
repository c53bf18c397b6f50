"""Addresses of the item catalogue and of what sources disagree on, below /desk."""

from django.urls import path

from linyun.hub.records import pages

urlpatterns = [
    path("items", pages.items, name="items"),
    path("items/new", pages.new, name="item_new"),
    path("disagreements", pages.disagreements, name="disagreements"),
    path("disagreements/<uuid:person_id>/<slug:item>", pages.settle_one, name="settle"),
]

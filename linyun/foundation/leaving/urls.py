"""Addresses of departures, below /desk."""

from django.urls import path

from linyun.foundation.leaving import pages

urlpatterns = [
    path("departures", pages.departures, name="departures"),
    path("departures/<uuid:departure_id>/agree", pages.agree, name="departure_agree"),
    path("departures/<uuid:departure_id>/refuse", pages.refuse, name="departure_refuse"),
    path("departures/<uuid:departure_id>/file", pages.take, name="departure_file"),
]

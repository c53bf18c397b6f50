"""Addresses of visits, below /desk."""

from django.urls import path

from linyun.work.visits import pages

urlpatterns = [
    path("visits", pages.visits, name="visits"),
    path("visits/plan", pages.plan, name="visit_plan"),
    path("visits/<uuid:visit_id>", pages.visit, name="visit"),
    path("visits/<uuid:visit_id>/withdraw", pages.withdraw, name="visit_withdraw"),
    path("people/<uuid:person_id>/visit", pages.new, name="visit_new"),
]

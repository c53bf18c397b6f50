"""Addresses of visits, below /desk."""

from django.urls import path

from linyun.work.visits import bulk_pages, pages

urlpatterns = [
    path("visits", pages.visits, name="visits"),
    path("visits/export", pages.export, name="visit_export"),
    path("visits/plan", pages.plan, name="visit_plan"),
    path("visits/plans/<uuid:plan_id>/drop", pages.drop_plan, name="visit_plan_drop"),
    path("visits/bring", bulk_pages.bring, name="bulk_bring"),
    path("visits/lists/<uuid:bulk_id>", bulk_pages.show, name="bulk"),
    path("visits/lists/<uuid:bulk_id>/apply", bulk_pages.apply, name="bulk_apply"),
    path("visits/lists/<uuid:bulk_id>/undo", bulk_pages.undo, name="bulk_undo"),
    path("visits/lists/<uuid:bulk_id>/rest", bulk_pages.rest, name="bulk_rest"),
    path("visits/photos/<uuid:photo_id>", pages.photo, name="visit_photo"),
    path("visits/<uuid:visit_id>", pages.visit, name="visit"),
    path("visits/<uuid:visit_id>/withdraw", pages.withdraw, name="visit_withdraw"),
    path("people/<uuid:person_id>/visit", pages.new, name="visit_new"),
    path("dwellings/<uuid:dwelling_id>/visit", pages.new_at_dwelling, name="visit_dwelling"),
]

"""Addresses of imports, below /desk."""

from django.urls import path

from linyun.hub.exchange import pages

urlpatterns = [
    path("imports", pages.imports, name="imports"),
    path("imports/bring", pages.bring, name="import_bring"),
    path("imports/rows/<uuid:row_id>", pages.import_row, name="import_row"),
    path("imports/<uuid:import_id>", pages.batch, name="import"),
    path("imports/<uuid:import_id>/mapping", pages.mapping, name="import_mapping"),
    path("imports/<uuid:import_id>/job", pages.job, name="import_job"),
    path("imports/<uuid:import_id>/phones", pages.phones, name="import_phones"),
    path("imports/<uuid:import_id>/apply", pages.apply, name="import_apply"),
    path("imports/<uuid:import_id>/undo", pages.undo, name="import_undo"),
    path("imports/<uuid:import_id>/refused", pages.refused, name="import_refused"),
]

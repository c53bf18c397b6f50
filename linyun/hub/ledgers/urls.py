"""Addresses of ledgers, below /desk."""

from django.urls import path

from linyun.hub.ledgers import closing_pages, making_pages, pages

urlpatterns = [
    path("ledgers", pages.ledgers, name="ledgers"),
    path("ledgers/all", pages.export_all, name="ledgers_export"),
    path("ledgers/new", making_pages.new, name="ledger_new"),
    path("ledgers/new/blank", making_pages.blank_new, name="ledger_blank_new"),
    path("ledgers/forms/<uuid:form_id>", making_pages.form, name="ledger_form"),
    path("ledgers/entries/<uuid:entry_id>", pages.entry, name="entry"),
    path("ledgers/entries/<uuid:entry_id>/withdraw", pages.entry_withdraw, name="entry_withdraw"),
    path("ledgers/closings/<uuid:closing_id>", closing_pages.closing, name="closing"),
    path("ledgers/closings/<uuid:closing_id>/export", closing_pages.export, name="closing_export"),
    path("ledgers/<slug:ledger>", pages.ledger, name="ledger"),
    path("ledgers/<slug:ledger>/cells/<str:ref>/<int:column>", pages.cell, name="ledger_cell"),
    path("ledgers/<slug:ledger>/export", pages.export, name="ledger_export"),
    path("ledgers/<slug:ledger>/entries/new", pages.entry_new, name="entry_new"),
    path("ledgers/<slug:ledger>/close", closing_pages.close, name="ledger_close"),
    path("ledgers/<slug:ledger>/drop", making_pages.drop, name="ledger_drop"),
]

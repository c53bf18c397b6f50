"""Addresses of the UI kit behind a door: the kit stands below accounts and knows none.

Include as ``path("ui/", include("linyun.foundation.accounts.kit_urls"))``.
"""

from django.urls import path

from linyun.foundation.accounts import pages

app_name = "ui"
urlpatterns = [path("look", pages.look, name="look")]

"""Addresses of the kit: include as ``path("ui/", include("linyun.foundation.ui.urls"))``."""

from django.urls import path

from linyun.foundation.ui import pages

app_name = "ui"
urlpatterns = [path("look", pages.look, name="look")]

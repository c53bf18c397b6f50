"""Addresses of the API."""

from django.urls import path

from linyun.front.gateway.api import api

urlpatterns = [path("", api.urls)]

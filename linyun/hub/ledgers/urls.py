"""Addresses of ledgers, below /desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

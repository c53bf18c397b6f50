"""Django's entry to the UI kit."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Static files and templates of the kit; it has no tables."""

    name = "linyun.foundation.ui"
    label = "ui"
    verbose_name = "界面"

"""Django's entry to the ledgers."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "linyun.hub.ledgers"
    label = "ledgers"

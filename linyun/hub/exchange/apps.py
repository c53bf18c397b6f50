from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "linyun.hub.exchange"
    label = "exchange"

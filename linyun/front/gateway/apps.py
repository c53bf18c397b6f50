from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "linyun.front.gateway"
    label = "gateway"

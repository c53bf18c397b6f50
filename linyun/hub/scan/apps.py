from django.apps import AppConfig


class ScanConfig(AppConfig):
    name = "linyun.hub.scan"
    label = "scan"

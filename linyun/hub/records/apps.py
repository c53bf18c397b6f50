from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "linyun.hub.records"
    label = "records"

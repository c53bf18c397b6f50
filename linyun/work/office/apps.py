from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "linyun.work.office"
    label = "office"

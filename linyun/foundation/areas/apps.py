from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "linyun.foundation.areas"
    label = "areas"

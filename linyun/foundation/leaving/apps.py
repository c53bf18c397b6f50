from django.apps import AppConfig


class LeavingConfig(AppConfig):
    name = "linyun.foundation.leaving"
    label = "leaving"

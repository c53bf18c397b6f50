from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "linyun.foundation.acts"
    label = "acts"

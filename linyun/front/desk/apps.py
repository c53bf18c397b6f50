from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "linyun.front.desk"
    label = "desk"

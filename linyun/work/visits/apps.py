from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "linyun.work.visits"
    label = "visits"

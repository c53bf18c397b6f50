from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "linyun.hub.tags"
    label = "tags"

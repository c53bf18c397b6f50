from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "linyun.foundation.accounts"
    label = "accounts"

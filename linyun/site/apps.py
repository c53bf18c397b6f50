"""Opens the catalogue when Django is ready."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule

from linyun.kernel.catalogue import catalogue
from linyun.kernel.declare import Manifest


class SiteConfig(AppConfig):
    name = "linyun.site"
    label = "site"

    def ready(self) -> None:
        """Read the manifests of all apps and close the catalogue: a wrong declaration stops the start."""
        import_module("linyun.site.checks")
        manifests: list[Manifest] = []
        for app in apps.get_app_configs():
            if app.name.startswith("linyun.") and app.module and module_has_submodule(app.module, "manifest"):
                manifests.append(import_module(f"{app.name}.manifest").manifest)
        if not catalogue.is_open:
            catalogue.open_with(manifests)

"""Django's entry to the UI kit."""

from django.apps import AppConfig
from django.utils.translation import get_language, gettext, override

from linyun.kernel.words import Lang, speak


class UiConfig(AppConfig):
    """Static files and templates of the kit; it has no tables."""

    name = "linyun.foundation.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """From here on the kernel speaks the reader's language."""
        speak(_lang, _english)


def _lang() -> Lang:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _english(msgid: str) -> str:
    if _lang() == "en":
        return gettext(msgid)
    with override("en"):
        return gettext(msgid)

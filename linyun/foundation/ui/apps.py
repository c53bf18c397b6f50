"""Django's entry to the UI kit."""

from collections.abc import Iterable

from django.apps import AppConfig
from django.utils.translation import get_language, gettext, override
from django.utils.translation.trans_real import translation

from linyun.kernel.words import Lang, speak


class UiConfig(AppConfig):
    """Static files and templates of the kit; it has no tables."""

    name = "linyun.foundation.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """From here on the kernel speaks the reader's language."""
        speak(_lang, _english, _msgids)


def _lang() -> Lang:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _english(msgid: str) -> str:
    if _lang() == "en":
        return gettext(msgid)
    with override("en"):
        return gettext(msgid)


def _msgids() -> Iterable[str]:
    """All sentences that have an English one, Django's own among them."""
    catalogue = translation("en")._catalog  # type: ignore[attr-defined]
    return {key if isinstance(key, str) else key[0] for key, _english_of in catalogue.items()}

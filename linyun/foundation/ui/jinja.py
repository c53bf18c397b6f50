"""The Jinja2 environment of all our pages, and the backend that looks only into our own apps' templates."""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.backends.jinja2 import Jinja2, Template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from linyun.foundation.ui import charts, wording
from linyun.foundation.ui.folding import Worded
from linyun.foundation.ui.forms import fields_of
from linyun.foundation.ui.icons import icon
from linyun.foundation.ui.look import look_of
from linyun.foundation.ui.parts import chip_html, chips_html, label_of, options_html
from linyun.foundation.ui.routes import fixed
from linyun.kernel.clock import now
from linyun.kernel.ids import uuid7
from linyun.kernel.words import retold, say


class Written(Template):
    """A template of ours with what it is given by the house."""

    def context_for(self, context: Mapping[str, Any], request: HttpRequest | None) -> dict[str, Any]:
        """The context with what every page is given. The proof of forms is made once: a page may hold ten of them."""
        if request is None:
            return dict(context)
        token = get_token(request)
        given = {"request": request, "csrf_input": _proof(token), "csrf_token": token}
        for processor in self.backend.template_context_processors:
            given.update(processor(request))
        return {**context, **given}

    def render(self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """The whole page."""
        return mark_safe(self.template.render(self.context_for(context or {}, request)))

    def part(self, block: str, context: Mapping[str, Any], request: HttpRequest) -> str:
        """One block of the page. Raises KeyError when the template has none of that name."""
        scope = self.template.new_context(self.context_for(context, request))
        # Runs the imports and settings of the template and its parents, and stops at the first word of the page.
        next(self.template.root_render_func(scope), None)
        return "".join(scope.blocks[block][0](scope))


class HouseTemplates(Jinja2):
    """Django's Jinja2 backend over the folders ``templates`` of the apps of linyun, and no others.

    Other packages' folders of that name hold templates in Django's own language, which Jinja2 must not find.
    """

    app_dirname = "templates"

    @property  # type: ignore[override]  # what Django sets once is here one for each language
    def env(self) -> Worded:
        """The environment of the language spoken now."""
        return self._speaking(get_language() or "")

    @env.setter
    def env(self, made: Worded) -> None:
        self._speaking = cache(made.speaking)

    @property
    def template_dirs(self) -> tuple[Path, ...]:  # type: ignore[override]
        """The folders searched, in the order of INSTALLED_APPS."""
        ours = (Path(c.path) / "templates" for c in apps.get_app_configs() if c.name.startswith("linyun."))
        return (*map(Path, self.dirs), *(folder for folder in ours if folder.is_dir()))

    def get_template(self, template_name: str) -> Written:
        """A template by its name. Raises TemplateDoesNotExist, TemplateSyntaxError."""
        return Written(super().get_template(template_name).template, self)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named route; one without arguments is looked up once."""
    if args or kwargs:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return fixed(name)


def said(text: str, **values: Any) -> Markup:
    """A sentence in the reader's language with its values (escaped) filled in: what templates call ``_``."""
    return _sentence(get_language(), text) % values if "%" in text else _sentence(get_language(), text)


def either(one: str, many: str, num: int, **values: Any) -> Markup:
    """The sentence that fits a number, ``num`` among its values: what templates call ``ngettext``."""
    return Markup(ngettext(one, many, num)) % {"num": num, **values}


@lru_cache(maxsize=16384)
def _sentence(_language: str, text: str) -> Markup:
    """Kept for each language: a page says fifty sentences, and looking each up anew costs more than drawing it."""
    return Markup(gettext(text))


def csrf(request: HttpRequest) -> Markup:
    """The hidden field that proves that a form came from our own page."""
    return _proof(get_token(request))


def _proof(token: str) -> Markup:
    return Markup(f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">')


def words() -> dict[str, str]:
    """The sentences that our script says, in the reader's language."""
    return {
        "restored": gettext("已恢复您上次没有提交的内容。"),
        "discard": gettext("不要了"),
        "offline": gettext("现在没有网络。您写的内容保存在本机，连上后再提交。"),
        "unsent": gettext("没有送达，请检查网络后再试。您写的内容还在。"),
        "refused": gettext("服务器没有接受，请稍后再试。您写的内容还在。"),
        "forbidden": gettext("这一步您没有权限，或登录已过期。请刷新页面。"),
        "close": gettext("关闭"),
        "sure": gettext("确定吗？"),
        "toobig": gettext("文件太大，请小于"),
        "dark": gettext("深色"),
        "light": gettext("浅色"),
        "auto": gettext("跟随系统"),
    }


def counted(msgid: str, n: int, **values: Any) -> Markup:
    """As ``wording.counted``; what is put in is escaped."""
    return Markup(wording.counted(msgid, n, **{name: escape(value) for name, value in values.items()}))


FOLDED = ("_", "icon", "language", "languages", "script_words", "static", "url")
"""What answers the same on every page, given words that stand in the template."""


def environment(**options: Any) -> Worded:
    """The environment: everything escaped, an unknown variable is an error, Chinese msgids through gettext."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options.setdefault("autoescape", True)
    env = Worded(**options, extensions=["jinja2.ext.i18n"])
    # As Jinja's own new style (values by name, escaped), without its way through the context for each sentence.
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals.update(gettext=said, ngettext=either, _=said)
    env.globals.update(
        static=cache(static),
        url=url,
        csrf=csrf,
        icon=icon,
        now=now,
        uuid7=uuid7,
        look_of=look_of,
        script_words=words,
        language=get_language,
        languages=lambda: settings.LANGUAGES,
        counted=counted,
        charts=charts,
        fields_of=fields_of,
        chip_html=chip_html,
        chips_html=chips_html,
        label_of=label_of,
        options_html=options_html,
    )
    env.folded = {name: answer for name, answer in env.globals.items() if name in FOLDED and callable(answer)}
    env.filters.update(
        day=wording.day,
        ago=wording.ago,
        iso=wording.iso,
        moment=wording.moment,
        group=wording.group,
        percent=wording.percent,
        size=wording.size,
        duration=wording.duration,
        shown=wording.shown,
        named=say,
        retold=retold,
        listed=wording.listed,
        identity_mask=wording.identity_mask,
        phone_mask=wording.phone_mask,
        name_mask=wording.name_mask,
    )
    return env

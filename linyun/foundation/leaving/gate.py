"""The gate as pages use it: ask why, hand the file out at once, or say that a colleague has to agree."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from linyun.foundation.acts.services import Unreasoned
from linyun.foundation.leaving.rules import AT_ONCE, TooLong
from linyun.foundation.leaving.services import leave
from linyun.foundation.ui.answer import client_key, download, file_name, saved


def let_out(
    request: HttpRequest, kind: str, parameters: Mapping[str, Any], *, back: str, reason: str | None = None
) -> HttpResponseBase:
    """Answer a request for a declared export: the file, a sentence on ``back`` when a reason lacks, or the way to ask.

    ``reason``: the posted one when left out. Raises Refused, budget.Spent, and what the export's maker raises.
    """
    try:
        left = leave(
            kind, parameters, request.POST.get("reason", "") if reason is None else reason, client_key(request)
        )
    except (Unreasoned, TooLong) as refused:
        return saved(request, back, str(refused), kind="warn")
    if left.file is not None:
        return download(left.departure.mark.named(file_name(left.file.name)), left.file.content, left.file.content_type)
    said = _("名单有 %(n)s 行，超过 %(most)s 行要由另一位同事同意。申请 %(number)s 已提交，进展在这一页看。")
    about = {"n": left.departure.rows, "most": AT_ONCE, "number": left.departure.number}
    return saved(request, reverse("departures"), said % about)

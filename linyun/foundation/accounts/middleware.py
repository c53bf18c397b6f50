"""What a refusal or a missing object becomes: one 403, one 404 (the same for absent and foreign), 400 for nonsense."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from linyun.foundation.accounts.policy import Refused
from linyun.foundation.ui import pages
from linyun.foundation.ui.paging import BadCursor


class Refusals:
    """Answers exceptions of views: pages for people, JSON where the door says ``channel="api"``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer, or None for what is not a refusal: an error stays an error."""
        api = getattr(request, "channel", "page") == "api"
        if isinstance(exception, Refused | PermissionDenied):
            sentence = str(exception) or _("您的岗位不能这样做。")
            return JsonResponse({"detail": sentence}, status=403) if api else pages.denied(request, exception)
        if isinstance(exception, ObjectDoesNotExist | Http404):
            detail = _("没有找到，或者不在您的岗位范围内。")
            return JsonResponse({"detail": detail}, status=404) if api else pages.missing(request)
        if isinstance(exception, BadCursor) or _holds_nul(exception):
            detail = _("请求的内容不完整，请返回上一页再试。")
            return JsonResponse({"detail": detail}, status=400) if api else pages.malformed(request)
        return None


def _holds_nul(exception: Exception) -> bool:
    """Whether somebody sent a character that PostgreSQL cannot hold; no person types it."""
    return isinstance(exception, DataError | ValueError) and "NUL" in str(exception)

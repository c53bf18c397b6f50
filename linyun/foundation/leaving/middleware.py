"""What a spent budget becomes: 429 with a sentence, and a notice for those who look after the area."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from linyun.foundation.leaving.budget import Spent, reached
from linyun.foundation.ui import pages


class Budgets:
    """Answers Spent: a page for people, JSON where the door says ``channel="api"``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer, or None for any other exception."""
        if not isinstance(exception, Spent):
            return None
        reached(exception)
        if getattr(request, "channel", "page") == "api":
            answer: HttpResponse = JsonResponse({"detail": str(exception)}, status=429)
        else:
            answer = pages.too_many(request, exception)
        answer["Retry-After"] = str(exception.wait)
        return answer

"""Reading pages in tests as a worker reads them."""

import re
from html import unescape

from django.urls import reverse

TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.S)


def text(response) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", response.content.decode())))


def links(response, pattern: str) -> list[str]:
    """Addresses on a page that match."""
    found = re.findall(r'href="([^"]+)"', response.content.decode())
    return [unescape(x) for x in found if re.search(pattern, x)]


def page(client, route: str, *args, status: int = 200, **query):
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == status, text(response)[:400]
    return response


def post(client, route: str, *args, **data):
    return client.post(reverse(route, args=args), data)

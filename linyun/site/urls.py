"""All routes of the house."""

from django.urls import URLPattern, URLResolver, include, path

from linyun.site import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("", health.front, name="front"),
    path("ui/", include("linyun.foundation.accounts.kit_urls")),
    path("account/", include("linyun.foundation.accounts.urls")),
    path("", include("linyun.front.desk.urls")),
    path("api/v1/", include("linyun.front.gateway.urls")),
    path("desk/", include("linyun.foundation.leaving.urls")),
    path("desk/", include("linyun.hub.records.urls")),
    path("desk/", include("linyun.hub.tags.urls")),
    path("desk/", include("linyun.hub.scan.urls")),
    path("desk/", include("linyun.hub.exchange.urls")),
    path("desk/", include("linyun.hub.ledgers.urls")),
    path("desk/", include("linyun.work.visits.urls")),
    path("desk/", include("linyun.work.office.urls")),
]

handler400 = "linyun.foundation.ui.pages.malformed"
handler403 = "linyun.foundation.ui.pages.denied"
handler404 = "linyun.foundation.ui.pages.missing"
handler500 = "linyun.foundation.ui.pages.failed"

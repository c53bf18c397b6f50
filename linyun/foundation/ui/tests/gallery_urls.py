"""The addresses that the gallery and the kit's own tests need."""

from django.urls import include, path

urlpatterns = [path("ui/", include("linyun.foundation.ui.urls"))]

"""Addresses of accounts: include as ``path("account/", include("linyun.foundation.accounts.urls"))``."""

from django.urls import path

from linyun.foundation.accounts import pages

urlpatterns = [
    path("login", pages.sign_in, name="account_login"),
    path("logout", pages.sign_out, name="account_logout"),
    path("second-factor", pages.second_factor, name="second_factor"),
    path("password", pages.password, name="account_password"),
    path("post", pages.posts, name="posts"),
]

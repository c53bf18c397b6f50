"""Addresses of accounts: include as ``path("account/", include("linyun.foundation.accounts.urls"))``."""

from django.urls import path

from linyun.foundation.accounts import pages, people_pages

urlpatterns = [
    path("login", pages.sign_in, name="account_login"),
    path("logout", pages.sign_out, name="account_logout"),
    path("second-factor", pages.second_factor, name="second_factor"),
    path("password", pages.password, name="account_password"),
    path("post", pages.posts, name="posts"),
    path("sessions", pages.own_sessions, name="own_sessions"),
    path("people", people_pages.accounts, name="accounts"),
    path("people/export", people_pages.export, name="accounts_export"),
    path("people/new", people_pages.new, name="account_new"),
    path("people/many", people_pages.many, name="accounts_many"),
    path("people/<uuid:account_id>", people_pages.one, name="account_page"),
    path("people/<uuid:account_id>/post", people_pages.give, name="account_give"),
    path("people/<uuid:account_id>/step", people_pages.step, name="account_step"),
    path("people/posts/<uuid:held_id>/end", people_pages.end, name="account_end"),
]

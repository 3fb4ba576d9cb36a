"""Addresses that belong to no desk. The site includes them at its root; `parts_urls` only in demo mode."""

from typing import Final

from django.urls import URLPattern, path
from django.views.i18n import set_language

from regulars.desks.shared import account_pages, company_pages, pages, passkey_pages, sign_in_pages, welcome_pages

urlpatterns: Final[list[URLPattern]] = [
    path("sign-in/", sign_in_pages.sign_in, name="sign_in"),
    path("sign-in/demo/", sign_in_pages.sign_in_to_demo, name="sign_in_to_demo"),
    path("sign-in/code/", sign_in_pages.say_code, name="say_code"),
    path("sign-in/app/", sign_in_pages.set_up, name="set_up_app"),
    path("sign-in/passkey/", passkey_pages.enter_with, name="enter_with_passkey"),
    path("sign-in/passkey/options/", passkey_pages.options_to_enter, name="options_to_enter"),
    path("sign-in/company/", company_pages.leave_for_company, name="leave_for_company"),
    path("sign-in/company/back/", company_pages.back_from_company, name="back_from_company"),
    path("welcome/<str:secret>/", welcome_pages.welcome, name="welcome"),
    path("sign-out/", sign_in_pages.sign_out, name="sign_out"),
    path("account/", account_pages.account, name="account"),
    path("account/password/", account_pages.new_password, name="new_password"),
    path("account/app/away/", account_pages.without_app, name="without_app"),
    path("account/passkeys/", passkey_pages.keep, name="keep_passkey"),
    path("account/passkeys/options/", passkey_pages.options_for_new, name="options_for_new"),
    path("account/passkeys/<int:passkey_id>/away/", passkey_pages.away, name="passkey_away"),
    path("account/sessions/<int:session_id>/end/", account_pages.end_session, name="end_session"),
    path("theme/", pages.set_theme, name="set_theme"),
    path("language/", set_language, name="set_language"),
]

parts_urls: Final[list[URLPattern]] = [path("parts/", pages.parts, name="parts")]

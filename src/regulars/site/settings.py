"""Settings: one Django alias per database login. Nothing here reads the network or starts anything."""

import os
from pathlib import Path
from typing import Any

from regulars.connections.company_door import read_door
from regulars.connections.environment import mail_address, web_address, whole_number
from regulars.connections.home import Home
from regulars.connections.keys.key_file import KeyFile
from regulars.connections.keys.master_keys import MasterKeys
from regulars.connections.memory import ask_arrow_for_the_systems_memory
from regulars.connections.postgres.logins import login_settings
from regulars.connections.processes import leave_no_core
from regulars.rules.privacy.views import BY_NAME, ROLES

leave_no_core()
ask_arrow_for_the_systems_memory()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = Home.from_environment()
KEYS = KeyFile(HOME)
MASTER_KEYS = MasterKeys(HOME)
DEMO = os.environ.get("REGULARS_DEMO") == "1"
DEBUG = False
TESTING = os.environ.get("REGULARS_TESTING") == "1"

SECRET_KEY = KEYS.read("django").hex()
ALLOWED_HOSTS = os.environ.get("REGULARS_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("REGULARS_ORIGINS", "").split(",") if o]

RECORDS = (
    "company", "staff", "access_log", "approvals", "codes", "intake", "watched", "customers", "merging",
    "own_attributes", "set_aside", "orders", "touchpoints", "groups", "events", "tasks", "free_texts", "choices",
    "disclosures",
    "statistics", "exports", "scores", "segments", "audiences", "campaigns", "contacts", "quality", "retention",
)  # fmt: skip
DESKS = ("marketing", "service", "privacy_office", "portal", "data_room", "api", "cli", "night_shift")

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    "regulars.desks.shared",
    *(f"regulars.records.{name}" for name in RECORDS),
    *(f"regulars.desks.{name}" for name in DESKS),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "regulars.desks.shared.guard.Guard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "regulars.desks.shared.arriving.NothingHalf",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "regulars.desks.shared.language.ChosenLanguage",
    "regulars.desks.shared.local_time.OnTheCompanysClock",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "regulars.desks.shared.signing_in.WhoAsks",
    "django_htmx.middleware.HtmxMiddleware",
    "regulars.desks.shared.refusals.SaidInWords",
]

ROOT_URLCONF = "regulars.site.urls"
WSGI_APPLICATION = "regulars.site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "regulars.desks.shared.drawing.Drawing",
        "NAME": "drawing",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "regulars.desks.shared.drawing.environment",
            "context_processors": [
                "regulars.desks.shared.drawing.form_secret",
                "django.contrib.messages.context_processors.messages",
                "regulars.desks.shared.frame.frame",
            ],
        },
    }
]

DATABASES = login_settings(HOME, os.environ, BY_NAME)
DATABASE_ROUTERS = ["regulars.connections.postgres.routing.ByDoor"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
SESSION_COOKIE_NAME = "regulars_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_ENGINE = "regulars.desks.shared.sessions"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
LANGUAGE_COOKIE_NAME = "regulars_language"
LOCALE_PATHS: list[str] = []

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = HOME.path / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["regulars.desks.shared.arriving.IntoTheHome"]
ARRIVING = "arriving"
FILE_UPLOAD_TEMP_DIR = str(HOME.files / ARRIVING)
MAIL_HOST = os.environ.get("REGULARS_SMTP_HOST", "127.0.0.1")
MAIL_PORT = whole_number(os.environ, "REGULARS_SMTP_PORT", 8025, least=1, most=65_535)
MAIL_FROM = mail_address(os.environ, "REGULARS_MAIL_FROM", "hello@regulars.example")
MAIL_DOMAIN = MAIL_FROM.rpartition("@")[2]
PROXIES = whole_number(os.environ, "REGULARS_PROXIES", 0, least=0, most=99)
LOG_FOLDER = os.environ.get("REGULARS_LOG_FOLDER", "")
LOG_WEBHOOK = web_address(os.environ, "REGULARS_LOG_WEBHOOK")
ALARM_MAIL = mail_address(os.environ, "REGULARS_ALARM_MAIL")
ALARM_WEBHOOK = web_address(os.environ, "REGULARS_ALARM_WEBHOOK")
COMPANY_DOOR = read_door(HOME.path, os.environ, ROLES)
PUBLIC_URL = web_address(os.environ, "REGULARS_URL", "http://127.0.0.1:8000")
#: Where people come over HTTPS, what signs them in travels no other way, though the proxy before us speaks plainly.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SITE_ADDRESS = os.environ.get("REGULARS_ADDRESS", "127.0.0.1:8000")
PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # a module called tasks is one of pages here; jobs know their own file
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_values": {"()": "regulars.site.quiet_log.WithoutValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "without_values"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

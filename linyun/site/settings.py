"""The one settings file. It describes the machine; features are declared in manifests, choices at run time are rows.

Environment: DATABASE_URL, PORT, LINYUN_DATA (folder for keys and files), LINYUN_HOSTS (comma-separated, production),
LINYUN_SECRET_KEY, LINYUN_DATA_KEY, LINYUN_DEBUG, LINYUN_DB_ROLE (the role a connection takes; empty for migrations).
LINYUN_PROXIES (how many reverse proxies stand before us).
"""

import os
import warnings
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from linyun.site import machine
from linyun.site.secrets import Secrets

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LINYUN_DATA", ROOT / ".data"))
SEEDS = ROOT / "seeds"

DEBUG = os.environ.get("LINYUN_DEBUG") == "1"
_hosts = machine.hosts(os.environ)
PRODUCTION = bool(_hosts)
_secrets = Secrets.load(DATA, os.environ)
SECRET_KEY = _secrets.signing
DATA_KEYS = _secrets.data_keys
# In production somebody must speak TLS for us, so one proxy stands there; another number is said where it differs.
ALLAUTH_TRUSTED_PROXY_COUNT = machine.number(os.environ, "LINYUN_PROXIES", int(PRODUCTION), high=9)
ALLOWED_HOSTS = [h.partition(":")[0] if h[0] != "[" else h for h in _hosts] or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if h[0] == '.' else ''}{h}" for h in _hosts]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "linyun.foundation.ui",
    "linyun.foundation.areas",
    "linyun.foundation.acts",
    "linyun.foundation.accounts",
    "linyun.foundation.leaving",
    "linyun.hub.records",
    "linyun.hub.tags",
    "linyun.hub.scan",
    "linyun.hub.exchange",
    "linyun.hub.ledgers",
    "linyun.work.visits",
    "linyun.work.office",
    "linyun.front.desk",
    "linyun.front.gateway",
    "linyun.site",
]

MIDDLEWARE = [
    "linyun.foundation.ui.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "linyun.foundation.ui.language.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linyun.foundation.accounts.middleware.Refusals",
    "linyun.foundation.leaving.middleware.Budgets",
]

CSRF_FAILURE_VIEW = "linyun.foundation.ui.pages.csrf_failure"
ROOT_URLCONF = "linyun.site.urls"
WSGI_APPLICATION = "linyun.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "linyun.foundation.ui.jinja.HouseTemplates",
        "DIRS": [],
        "OPTIONS": {
            "environment": "linyun.foundation.ui.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "linyun.front.desk.context.shell",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",  # allauth's own forms and mails
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    role = os.environ.get("LINYUN_DB_ROLE", "linyun_app")
    # A page asks the same ten statements each time: prepared, they are read and planned once for a connection.
    options: dict[str, object] = {"application_name": "linyun", "server_side_binding": True, "prepare_threshold": 3}
    if role:
        options["options"] = f"-c role={role}"
    if pool := machine.number(os.environ, "LINYUN_POOL", 0, high=200):
        options["pool"] = {"min_size": 1, "max_size": pool}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "linyun"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": options,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///linyun"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["linyun.foundation.accounts.backend.HouseBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "linyun.foundation.accounts.hashing.FirstPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_REDIRECT_URL = "/desk"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "linyun.foundation.accounts.factor.SealedAdapter"

SESSION_ENGINE = "linyun.foundation.accounts.session_store"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "linyun" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

warnings.filterwarnings("ignore", category=DeprecationWarning, module="allauth")

"""Django's settings. What an installation may change is in `options.py`; the rest is the house."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongchou.site import databases, keys, options

DATA = options.data_folder()

# --- rooms, from the roof down: a template or a command found first wins -----------------------
ROOMS = (
    "reports",
    "reviews",
    "supervision",
    "orders",
    "lists",
    "command",
    "planning",
    "surveillance",
    "intake",
    "tracing",
    "quarantine",
    "cases",
    "people",
    "ledger",
    "staff",
    "areas",
    "records",
    "shell",
)

INSTALLED_APPS = [
    "tongchou.site.apps.SiteConfig",
    *(f"tongchou.{room}" for room in ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]
# costs a start a quarter of a second, so only where it is used
if options.get("oidc"):
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tongchou.shell.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tongchou.shell.middleware.SentAnew",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "tongchou.site.urls"
WSGI_APPLICATION = "tongchou.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongchou.shell.context.shell",
            ],
        },
    }
]
SHELL_FRAME = "tongchou.site.frame.of"

# --- records -----------------------------------------------------------------------------------
SQLITE_FILE = DATA / "tongchou.sqlite3"
_url = options.get("database_url")
DATABASES = {
    "default": databases.postgresql(_url, pool=options.get("database_pool"))
    if _url
    else databases.sqlite(SQLITE_FILE)
}

# --- secrets -----------------------------------------------------------------------------------
KEYS_FILE: Path | None = None
_env_keys = keys.parse_sealing(options.get("pii_keys"))
if _env_keys and options.get("secret_key"):
    KEYS = keys.from_environment(
        secret_key=options.get("secret_key"),
        active=options.get("pii_active_key"),
        index=options.get("pii_index_key"),
        sealing=_env_keys,
    )
else:
    KEYS_FILE = DATA / "keys.toml"
    KEYS = keys.load_or_make(KEYS_FILE, records=None if _url else SQLITE_FILE)
SECRET_KEY = KEYS.secret_key
PII_KEYS = keys.Ring(KEYS.sealing, KEYS_FILE)
PII_ACTIVE_KEY = KEYS.active
PII_INDEX_KEY = KEYS.index
PEOPLE_HOURLY_FLAG = options.get("reveal_flag")
PEOPLE_HOURLY_LIMIT = options.get("reveal_limit")

# --- who may come in ---------------------------------------------------------------------------
DEBUG = options.get("debug")
HTTPS = options.get("https")
_names = options.listed("hosts")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_names]
CSRF_TRUSTED_ORIGINS = [f"{'https' if HTTPS else 'http'}://{name}" for name in _names]

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tongchou.site.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
MFA_ADAPTER = "tongchou.site.accounts.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tongchou"
SOCIALACCOUNT_ADAPTER = "tongchou.site.accounts.SingleSignOn"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": row["id"],
                "name": row.get("name", row["id"]),
                "client_id": row["client_id"],
                "secret": row["secret"],
                "settings": {"server_url": row["server_url"]},
            }
            for row in options.get("oidc")
        ],
    }
}

SESSION_COOKIE_AGE = options.get("session_hours") * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a probe asks the process, not the proxy
    SECURE_HSTS_SECONDS = 30 * 24 * 3600

# a line list pasted as a table has a field per cell; files stream to disk above 2.5 MB anyway
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if options.get("smtp_url"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    _mail = databases.parsed(options.get("smtp_url"), schemes=("smtp", "smtps"))
    EMAIL_HOST = _mail.host
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp"
DEFAULT_FROM_EMAIL = options.get("mail_from") or "tongchou@localhost"

# --- languages and time ------------------------------------------------------------------------
# A Chinese browser of any kind (zh, zh-CN, zh-TW, zh-HK) finds zh-hans; whoever asks for neither
# language gets the last word of `language`.
LANGUAGE_CODE = options.get("language")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = options.get("time_zone")

# --- static files ------------------------------------------------------------------------------
STATIC_URL = "/static/"
COLLECTED = options.get("static") == "collected"
STATIC_ROOT = DATA / "static" if COLLECTED else None
if STATIC_ROOT:
    STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tongchou.shell.finders.BokehFinder",
]
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA / "files"

# --- the city ----------------------------------------------------------------------------------
TONGCHOU_PLAYBOOK = options.get("playbook")
TONGCHOU_DATA = Path(DATA)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "tongchou": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

"""Settings of the tests and of mypy: the real ones in a folder of their own, passwords quick."""

import atexit
import os
import shutil
import tempfile

if "TONGCHOU_DATA" not in os.environ:
    os.environ["TONGCHOU_DATA"] = tempfile.mkdtemp(prefix="tongchou-test-")
    atexit.register(shutil.rmtree, os.environ["TONGCHOU_DATA"], ignore_errors=True)

from tongchou.site.settings import *  # noqa: F403
from tongchou.site.settings import DATA, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # a file, not memory: two desks that act at once must meet the locks they meet in earnest
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}
    pragmas = DATABASES["default"]["OPTIONS"]["init_command"]
    DATABASES["default"]["OPTIONS"]["init_command"] = f"{pragmas};PRAGMA synchronous=OFF"
else:
    # the pool would keep connections to a database that the tests drop
    DATABASES["default"]["OPTIONS"].pop("pool", None)

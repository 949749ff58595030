"""What an installation can be told, in one table: the environment first, then DATA/settings.toml.

No Django here: the command line reads it before Django's settings load. Every row has its
paragraph in docs/handbook/settings.md; tests/test_house.py holds the two together.
"""

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PREFIX = "TONGCHOU_"
#: Everybody of the demo city signs in with it; the demo listens on this machine only.
DEMO_PASSWORD = "tongchou-demo"


@dataclass(frozen=True, slots=True)
class Option:
    """`database_url` is TONGCHOU_DATABASE_URL in the environment and `database_url` in the file."""

    name: str
    default: Any
    help: str

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


OPTIONS: dict[str, Option] = {
    option.name: option
    for option in (
        Option("data", "", "folder of this instance: database, keys, settings, collected files"),
        Option("database_url", "", "postgresql://… ; empty for SQLite in the data folder"),
        Option("database_pool", 8, "most PostgreSQL connections one process keeps open"),
        Option("debug", False, "Django's error pages; never where others can reach the server"),
        Option("hosts", "", "names under which the server is reached, with commas"),
        Option("https", False, "served by HTTPS behind a proxy: secure cookies, HSTS"),
        Option("secret_key", "", "signs sessions; from keys.toml if empty"),
        Option("pii_keys", "", "keys of identities, ID:ALGORITHM:BASE64 with commas"),
        Option("pii_active_key", "", "id of the key that seals new identities"),
        Option("pii_index_key", "", "key of the blind index, BASE64"),
        Option("playbook", "cn-2022-06", "playbook in force until the first adoption"),
        Option("time_zone", "Asia/Shanghai", "the city's time zone"),
        Option("language", "en", "for a browser that asks for neither Chinese nor English"),
        Option("session_hours", 12, "a sign-in ends after so many hours"),
        Option("reveal_flag", 40, "identities one user sees in an hour before the audit says so"),
        Option("reveal_limit", 150, "identities one user may see in an hour at most"),
        Option("static", "live", "live: from the packages; collected: from DATA/static"),
        Option("smtp_url", "", "smtp[s]://user:password@host:port for password resets"),
        Option("mail_from", "", "sender of these mails"),
        Option("oidc", (), "single sign-on providers, tables [[oidc]] in settings.toml"),
    )
}


def default_data_folder() -> Path:
    """The user's data home: no installation and no rights are needed to begin."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "tongchou"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "tongchou"
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "tongchou"


def data_folder() -> Path:
    """The folder of this instance, made for its owner alone if it is not there yet."""
    folder = Path(os.environ.get(PREFIX + "DATA") or default_data_folder()).absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class WrongSetting(Exception):
    """A setting that cannot be used; the message says which and how to mend it."""


@cache
def _file(path: Path) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongSetting(f"{path} cannot be read: {error}") from error
    unknown = sorted(set(content) - set(OPTIONS))
    if unknown:
        raise WrongSetting(
            f"{path}: unknown setting {', '.join(unknown)}. Known: {', '.join(OPTIONS)}."
        )
    return content


def get(name: str) -> Any:
    """The value of a setting, in the type of its default."""
    option = OPTIONS[name]
    value: Any = os.environ.get(option.variable)
    if value in (None, ""):
        value = _file(data_folder() / "settings.toml").get(name, option.default)
    try:
        return _typed(value, option.default)
    except ValueError as error:
        raise WrongSetting(f"{option.variable} (or {name} in settings.toml): {error}") from error


def _typed(value: Any, default: Any) -> Any:
    if isinstance(default, bool) and isinstance(value, str):
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if value.lower() not in words:
            raise ValueError(f"{value!r} is neither true nor false")
        return words[value.lower()]
    if isinstance(default, int) and not isinstance(default, bool):
        return int(value)
    if isinstance(default, tuple) and not isinstance(value, (list, tuple)):
        raise ValueError("is a table; write it in settings.toml")
    return value


def listed(name: str) -> list[str]:
    """A setting written with commas, as a list."""
    return [part.strip() for part in str(get(name)).split(",") if part.strip()]

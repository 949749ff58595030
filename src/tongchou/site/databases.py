"""The two stores: SQLite beside the program, PostgreSQL for a city in earnest."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tongchou.site.options import WrongSetting

#: WAL lets readers go on while one writes; NORMAL is safe with WAL against a killed process.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
    "PRAGMA mmap_size=268435456;PRAGMA cache_size=-65536"
)


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of `scheme://user:password@host:port/name?option=value`."""

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    name: str
    options: dict[str, str]


def parsed(url: str, *, schemes: tuple[str, ...]) -> Address:
    """The parts of an address, percent signs undone; refuses any other scheme."""
    parts = urlsplit(url)
    if parts.scheme not in schemes:
        raise WrongSetting(
            f"{parts.scheme!r} is none of {', '.join(schemes)}; write {schemes[0]}://…"
        )
    return Address(
        scheme=parts.scheme,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname or ""),
        port=parts.port,
        name=unquote(parts.path.lstrip("/")),
        options=dict(parse_qsl(parts.query)),
    )


def sqlite(path: Path) -> dict[str, Any]:
    """Without IMMEDIATE a read followed by a write fails at once when another process writes."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _PRAGMAS},
    }


def postgresql(url: str, *, pool: int) -> dict[str, Any]:
    """`?host=/run/postgresql` names a Unix socket. The pool needs CONN_MAX_AGE 0."""
    address = parsed(url, schemes=("postgresql", "postgres"))
    extra = dict(address.options)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": extra.pop("host", address.host),
        "PORT": extra.pop("port", str(address.port or "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**extra, "pool": {"min_size": min(2, pool), "max_size": pool}},
    }

"""`tongchou keys rotate`: a new key for identities, and everything sealed again under it.

A running server takes the new key up by itself, but seals with its old one until it is restarted;
then `--again` catches up what it wrote. Killed half-way, `--again` goes on where it stopped.
"""

import argparse

from django.conf import settings
from django.utils import timezone

from tongchou.people import actions, rotating
from tongchou.site import accounts, keys, sealed
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--algorithm", choices=tuple(keys.ALGORITHMS), help="of the new key (default: as now)"
    )
    parser.add_argument(
        "--again", action="store_true", help="make no new key; seal what is under an old one"
    )


def run(options: argparse.Namespace) -> int:
    migrate()
    if not options.again:
        _new_key(options.algorithm)
    now = timezone.now()
    people, others = actions.rotate(now=now), rotating.rotate_others(now=now)
    broken: list[str] = []
    files, n_accounts = sealed.reseal(broken), accounts.reseal_second_factors()
    of_files = ", ".join(f"{n} {kind}" for kind, n in files.items())
    print(
        f"sealed under {settings.PII_ACTIVE_KEY}: {people.n_resealed} identities, "
        f"{others.n_resealed} other texts, {of_files}, {n_accounts} second factors"
    )
    unreadable = (*people.unreadable, *others.unreadable, *broken)
    for key in unreadable:
        print(f"CANNOT BE OPENED: {key}")
    _say_what_is_left()
    return 1 if unreadable else 0


def _new_key(algorithm: str | None) -> None:
    file = settings.KEYS_FILE
    if file is None:
        raise Wrong(
            "the keys of this instance come from the environment. Add the new key there, make it "
            "TONGCHOU_PII_ACTIVE_KEY, restart, and run `tongchou keys rotate --again`."
        )
    old = keys.load(file)
    new = old.with_new_key(algorithm or old.sealing[old.active][0])
    keys.save(file, new)
    settings.PII_KEYS.refresh()
    settings.PII_ACTIVE_KEY = new.active
    print(f"new key {new.active} ({new.sealing[new.active][0]}) in {file}; back that file up now")


def _say_what_is_left() -> None:
    used = rotating.texts_by_key()
    for name in settings.PII_KEYS:
        state = "active" if name == settings.PII_ACTIVE_KEY else "old"
        print(f"{name:4} {state:6} {used.get(name, 0)} texts")
    print("Restart the server and run `tongchou keys rotate --again`. Keep old keys while backups")
    print("from before are kept: a backup opens only with the keys of its day.")

"""Who may sign in, and how: accounts are made by the steward, never by whoever knocks."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SingleSignOn(DefaultSocialAccountAdapter):
    """A provider opens an account that is already there, found by its e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SecondFactor(DefaultMFAAdapter):
    """Seals the seeds of the one-time codes: a copy of the database must not be a second factor."""

    def encrypt(self, text: str) -> str:
        return _seals().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _seals().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            settings.PII_KEYS.refresh()  # perhaps the keys were rotated since this server started
        try:
            return _seals().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise RuntimeError("a second factor was sealed with a key that is gone") from error


def reseal_second_factors() -> int:
    """Seal the seeds of all second factors under the active key; how many there are."""
    from allauth.mfa.models import Authenticator  # models are not there yet when this is imported

    adapter, n = SecondFactor(), 0
    for row in Authenticator.objects.iterator():
        data = dict(row.data)
        for name in {"secret", "seed"} & data.keys():
            data[name] = adapter.encrypt(adapter.decrypt(data[name]))
        if data != row.data:
            # Only if nobody used a recovery code meanwhile: the next run takes it.
            n += Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=data)
    return n


def _seals() -> MultiFernet:
    """One seal per key of identities, the active one first, so that rotation reaches these too."""
    order = sorted(settings.PII_KEYS, key=lambda name: name != settings.PII_ACTIVE_KEY)
    digests = (
        hashlib.sha256(b"second-factor|" + settings.PII_KEYS[name][1]).digest() for name in order
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

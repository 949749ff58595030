"""The pseudonymous key of a person: twelve letters and digits that a voice can read out."""

import secrets

# Crockford's alphabet: no I, L, O or U, so nothing is misread or spelt into a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12


def new_key() -> str:
    """A key nobody can guess or derive from the person; 60 bits."""
    return "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(LENGTH))


def spoken(key: str) -> str:
    """`7K3M92QXA4TD` as `7K3M-92QX-A4TD`."""
    return "-".join(key[i : i + 4] for i in range(0, len(key), 4))

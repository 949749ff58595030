import pytest

from tongchou.site import keys
from tongchou.site.accounts import SecondFactor


@pytest.fixture
def ring(settings):
    made = keys.fresh()
    settings.PII_KEYS, settings.PII_ACTIVE_KEY = made.sealing, "a1"
    return made


def test_the_seed_of_a_second_factor_is_sealed(ring):
    sealed = SecondFactor().encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert SecondFactor().decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_a_seed_can_be_read_after_the_keys_were_changed(ring, settings):
    sealed = SecondFactor().encrypt("JBSWY3DPEHPK3PXP")
    new = ring.with_new_key("aes-256-gcm")
    settings.PII_KEYS, settings.PII_ACTIVE_KEY = new.sealing, new.active

    assert SecondFactor().decrypt(sealed) == "JBSWY3DPEHPK3PXP"

"""What the database holds of an identity, and what it will not be asked."""

import pytest
from django.core import serializers
from django.db import connection
from django.forms.models import model_to_dict

from tests.people.conftest import SUN, kept
from tongchou.people.errors import CannotOpen
from tongchou.people.models import Identity

SECRETS = (SUN["name"], SUN["document"], SUN["phone"], SUN["address"])


def stored(sql: str = "SELECT * FROM people_identity") -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return repr(cursor.fetchall())


def test_no_text_of_an_identity_stands_in_the_database(sun):
    assert not any(secret in stored() for secret in SECRETS)


def test_a_row_opens_its_own_texts(sun):
    identity = kept(sun)
    assert (identity.name, identity.document, identity.phone, identity.address) == SECRETS


def test_values_fixtures_and_forms_get_the_sealed_text(sun):
    rows = repr(list(Identity.objects.values()))
    fixture = serializers.serialize("json", Identity.objects.all())
    form = repr(model_to_dict(kept(sun)))
    assert not any(secret in rows + fixture + form for secret in SECRETS)


def test_a_text_put_into_another_row_does_not_open(sun, register):
    other = register(name="周二二", phone="13900001111")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_identity SET name = (SELECT name FROM people_identity"
            " WHERE person_id = %s) WHERE person_id = %s",
            [sun.key, other.key],
        )
    with pytest.raises(CannotOpen):
        _ = kept(other).name


def test_a_text_put_into_another_column_does_not_open(sun):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_identity SET address = name")
    with pytest.raises(CannotOpen):
        _ = kept(sun).address


def test_saving_again_seals_under_the_key_that_is_active_now(sun, settings):
    settings.PII_ACTIVE_KEY = "s1"
    kept(sun).save()
    assert kept(sun).sealed_with == "s1"
    assert set(Identity.objects.values_list("name", flat=True)[0][:3]) == set("s1.")
    assert kept(sun).name == SUN["name"]


@pytest.mark.parametrize("lookup", ["name", "name__exact", "name__contains", "phone__in"])
def test_an_encrypted_column_cannot_be_searched(db, lookup):
    with pytest.raises(TypeError, match="blind index"):
        list(Identity.objects.filter(**{lookup: "孙一一"}))


def test_an_encrypted_column_cannot_be_set_without_its_row(sun):
    with pytest.raises(TypeError, match="through its row"):
        Identity.objects.update(name="孙一一")


def test_an_identity_is_saved_as_a_whole(sun):
    with pytest.raises(TypeError, match="as a whole"):
        kept(sun).save(update_fields=["name"])


def test_a_deferred_text_opens_too(sun):
    assert Identity.objects.defer("name").get().name == SUN["name"]


def test_an_empty_text_needs_no_seal(register):
    register(name="周二二")
    assert Identity.objects.values_list("phone", flat=True)[0] == ""

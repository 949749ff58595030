"""A text column that is sealed at rest and opened when it is read, row by row.

The attribute of a row gives the text; the database, a queryset's `values()`, a fixture and a log of
queries hold only the sealed form. Searching it is refused: ask the blind index.
"""

from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from tongchou.people import sealing


class Sealed(str):
    """A sealed text that has not been opened."""

    __slots__ = ()


class _OpenedOnRead(DeferredAttribute):
    """Opens the sealed text the first time it is asked for, so an unread column costs nothing."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.opened(instance, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Sealed under the active key, bound to model, column and the row's `bound_to` attribute.

    An empty text is stored as it is: there is nothing in it to protect.
    """

    descriptor_class = _OpenedOnRead

    def __init__(self, *args: Any, bound_to: str = "pk", **kwargs: Any) -> None:
        self.bound_to = bound_to
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "bound_to": self.bound_to}

    def place(self, row: Any) -> str:
        """Where a text of this column and row belongs; authenticated with it."""
        owner = row if isinstance(row, str) else getattr(row, self.bound_to)
        if not owner:
            raise ValueError(f"{self.name} cannot be sealed for a row without {self.bound_to}")
        return f"{self.model._meta.label_lower}.{self.name}|{owner}"

    def sealed(self, row: Any, text: str) -> Sealed:
        """`text` sealed for `row`, a row or the value of its `bound_to`."""
        return Sealed(sealing.seal(text, self.place(row)) if text else "")

    def opened(self, row: Any, sealed: str) -> str:
        """The text behind what `row` holds."""
        return sealing.unseal(sealed, self.place(row)) if sealed else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        # Reading opens: a row saved again is sealed again under the key that is active now.
        return self.sealed(model_instance, str(getattr(model_instance, self.attname) or ""))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return None if value is None else str(value)
        raise TypeError(f"{self.name} is encrypted: write it through its row, never in a query")

    def value_from_object(self, obj: models.Model) -> Any:
        # Serialisers and model_to_dict ask here; they get what the database holds.
        return self.pre_save(obj, False)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: ask the blind index instead")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise TypeError(f"{self.name} is encrypted: ask the blind index instead")

"""What is told of a person when they are registered: checked, and in its one written form."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.people import blind, documents
from tongchou.people.documents import DocumentKind
from tongchou.people.errors import Contradiction
from tongchou.people.models import Sex


@dataclass(frozen=True)
class Details:
    """Everything is optional: a line list may know an age and nothing else."""

    name: str = ""
    document: str = ""
    document_kind: str = DocumentKind.ID_CARD
    phone: str = ""
    address: str = ""
    sex: str = Sex.UNKNOWN
    birth_year: int | None = None
    area: Area | None = None

    @property
    def identifies(self) -> bool:
        """Whether there is anything here that must be sealed."""
        return bool(self.name or self.document or self.phone or self.address)

    @property
    def document_index(self) -> str:
        return blind.document(self.document_kind, self.document)

    @property
    def phone_index(self) -> str:
        return blind.phone(self.phone)

    def read(self, *, today: date) -> "Details":
        """These details checked; sex and year of birth are taken from an ID number.

        Raises
        ------
        BadDocument, BadPhone, Contradiction
            With what to look at.
        """
        phone = documents.read_phone(self.phone) if self.phone.strip() else ""
        read = replace(
            self, name=" ".join(self.name.split()), address=self.address.strip(), phone=phone
        )
        if not self.document.strip():
            return replace(read, document="")
        found = documents.read(self.document_kind, self.document, today=today)
        read = replace(read, document=found.number)
        if found.born_on is None:
            return read
        return replace(
            read, sex=self._agreed_sex(found.sex), birth_year=self._agreed_year(found.born_on.year)
        )

    def _agreed_sex(self, by_document: str) -> str:
        if self.sex not in ("", Sex.UNKNOWN, by_document):
            raise Contradiction(
                _("The ID number is that of somebody %(document)s, but %(typed)s was given.")
                % {"document": Sex(by_document).label, "typed": Sex(self.sex).label}
            )
        return by_document

    def _agreed_year(self, by_document: int) -> int:
        # A year worked out from an age is one off for whoever has not had their birthday yet.
        if self.birth_year and abs(self.birth_year - by_document) > 1:
            raise Contradiction(
                _("The ID number says born in %(document)d, but %(typed)d was given.")
                % {"document": by_document, "typed": self.birth_year}
            )
        return by_document

"""Document and phone numbers: their one written form, and what is wrong with one that cannot be.

The number on a resident's card (GB 11643-1999) tells where it was issued, birth date and sex, and
ends in a check digit (ISO 7064 MOD 11-2), so that most slips of the hand are caught.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongchou.people.errors import BadDocument, BadPhone

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# The first two digits: 11-65 provinces, 71 Taiwan, 81-83 residence permits for Hong Kong, Macao and
# Taiwan residents. A number that begins with 9 is a foreigner's permanent residence card.
_REGIONS = frozenset(
    map(str, (*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55)))
) | {"61", "62", "63", "64", "65", "71", "81", "82", "83"}
_OLDEST = 1880


class DocumentKind(models.TextChoices):
    ID_CARD = "id_card", gettext_lazy("resident ID card")
    PASSPORT = "passport", gettext_lazy("passport")
    HK_MACAO = "hk_macao", gettext_lazy("Hong Kong and Macao travel permit")
    TAIWAN = "taiwan", gettext_lazy("Taiwan travel permit")
    MILITARY = "military", gettext_lazy("military ID")
    BIRTH = "birth", gettext_lazy("birth certificate")
    OTHER = "other", gettext_lazy("other document")


@dataclass(frozen=True)
class Document:
    """A number in its one written form, and what it tells of its holder."""

    kind: str
    number: str
    sex: str = ""
    born_on: date | None = None


def plain(text: str) -> str:
    """Full-width digits and letters made narrow, and every space and invisible mark left out."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(c for c in narrow if not c.isspace() and unicodedata.category(c) != "Cf")


def read(kind: str, number: str, *, today: date) -> Document:
    """Check a document number and bring it into its one written form.

    Raises
    ------
    BadDocument
        With what to look at. It never names the check digit that would fit: whoever gets it would
        type it, and the slip in the other seventeen digits would stay.
    """
    text = plain(number).upper()
    if kind == DocumentKind.ID_CARD:
        return _id_card(re.sub(r"[-–—]", "", text), today=today)
    text = re.sub(r"[^0-9A-Z一-鿿]", "", text)
    if len(text) < 4:
        raise BadDocument(_("This number is too short. Type it as it stands on the document."))
    if len(text) > 40:
        raise BadDocument(_("This number is too long. Type only the number of the document."))
    return Document(kind, text)


def _id_card(text: str, *, today: date) -> Document:
    if re.fullmatch(r"\d{15}", text):
        # Cards before 1999 left out the century and the check digit; such holders were born 19xx.
        text = text[:6] + "19" + text[6:]
        text += check_digit(text)
    if len(text) != 18:
        raise BadDocument(
            _("An ID number has 18 characters; this one has %(n)d. One was left out or doubled.")
            % {"n": len(text)}
        )
    if not re.fullmatch(r"\d{17}[\dX]", text):
        raise BadDocument(
            _("An ID number is 17 digits, then a digit or X. Look for O instead of 0.")
        )
    if text[:2] not in _REGIONS and text[0] != "9":
        raise BadDocument(
            _("No region has the code %(code)s. Look at the first two digits.") % {"code": text[:2]}
        )
    born_on = _birth_date(text[6:14], today=today)
    if check_digit(text[:17]) != text[17]:
        raise BadDocument(
            _(
                "The check digit does not fit: a digit is wrong, or two have changed places. "
                "Read all 18 from the card again."
            )
        )
    return Document(DocumentKind.ID_CARD, text, "male" if int(text[16]) % 2 else "female", born_on)


def _birth_date(digits: str, *, today: date) -> date:
    where = _("Look at digits 7 to 14, the date of birth (%(digits)s).") % {"digits": digits}
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadDocument(_("There is no such day.") + " " + where) from None
    if born_on > today:
        raise BadDocument(_("This birth date is still to come.") + " " + where)
    if born_on.year < _OLDEST:
        raise BadDocument(_("Nobody alive was born then.") + " " + where)
    return born_on


def check_digit(first_17: str) -> str:
    """The eighteenth character of a resident's number.

    Examples
    --------
    >>> check_digit("11010519491231002")
    'X'

    References
    ----------
    GB 11643-1999, ISO 7064:1983 MOD 11-2.
    """
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, first_17, strict=True))
    return _CHECKS[total % 11]


def read_phone(number: str) -> str:
    """A phone number in its one written form: `13800001234`, `07176221234`, `+8224561234`.

    Raises
    ------
    BadPhone
        Where it holds other things than one number.
    """
    text = re.sub(r"[-–—()./·]", "", plain(number))
    text = re.sub(r"^00(?=[1-9])", "+", text)
    text = re.sub(r"^\+?86(?=1\d{10}$)", "", text)  # a mobile number at home
    text = re.sub(r"^\+86(?=[1-9])", "0", text)  # a land line, as dialled from another city
    if not re.fullmatch(r"\+?\d+", text):
        raise BadPhone(
            _("A phone number is digits only. Put a second number in a line of its own.")
        )
    if text.startswith("1") and len(text) != 11 and len(text) > 6:
        raise BadPhone(_("A mobile number has 11 digits; this one has %(n)d.") % {"n": len(text)})
    if not 5 <= len(text.lstrip("+")) <= 15:
        raise BadPhone(
            _("A phone number has 5 to 15 digits; this one has %(n)d.")
            % {"n": len(text.lstrip("+"))}
        )
    return text

"""What people type about investigations and contacts."""

from tongchou.tracing.forms.acts import (
    ActForm,
    ElsewhereForm,
    FilterForm,
    LocateForm,
    MoveForm,
    NoteForm,
    ReasonForm,
    TierForm,
)
from tongchou.tracing.forms.contacts import ContactForm, PasteForm
from tongchou.tracing.forms.facts import CoreFactsForm, SubmitForm
from tongchou.tracing.forms.stays import StayForm

__all__ = [
    "ActForm",
    "ContactForm",
    "CoreFactsForm",
    "ElsewhereForm",
    "FilterForm",
    "LocateForm",
    "MoveForm",
    "NoteForm",
    "PasteForm",
    "ReasonForm",
    "StayForm",
    "SubmitForm",
    "TierForm",
]

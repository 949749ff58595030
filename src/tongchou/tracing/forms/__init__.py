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
from tongchou.tracing.forms.stays import ChangeStayForm, ReadForm, StayForm, TakeForm

__all__ = [
    "ActForm",
    "ChangeStayForm",
    "ContactForm",
    "CoreFactsForm",
    "ElsewhereForm",
    "FilterForm",
    "LocateForm",
    "MoveForm",
    "NoteForm",
    "PasteForm",
    "ReadForm",
    "ReasonForm",
    "StayForm",
    "SubmitForm",
    "TakeForm",
    "TierForm",
]

"""The roles that loops name as owners. A loop whose owner is not here fails the house test."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CDC = "cdc", _("CDC")
    TRACER = "tracer", _("tracing team")
    TRANSPORT = "transport", _("transfer team")
    QUARANTINE_SITE = "quarantine_site", _("quarantine site")
    HOSPITAL = "hospital", _("designated hospital")
    COMMUNITY = "community", _("community")
    PUBLIC_SECURITY = "public_security", _("public security")
    ASSIST = "assist", _("assist desk")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    COMMANDER = "commander", _("commander")
    STEWARD = "steward", _("data steward")
    SENTINEL = "sentinel", _("sentinel")
    DEPARTMENT = "department", _("department")
    SUPERVISION = "supervision", _("supervision team")

"""The tables: a review, what was found in it, what came of that, and what was learned."""

from tongchou.reviews.models.findings import Consequence, Finding, FindingKind, Led, Why
from tongchou.reviews.models.lessons import Lesson, Origin
from tongchou.reviews.models.reviews import Kind, Review

__all__ = [
    "Consequence",
    "Finding",
    "FindingKind",
    "Kind",
    "Led",
    "Lesson",
    "Origin",
    "Review",
    "Why",
]

"""Vocabulary of handouts."""

from enum import StrEnum


class Form(StrEnum):
    STANDARD = "standard"
    LARGE_PRINT = "large-print"
    LOW_INK = "low-ink"
    TEXT = "text"


FORM_LABELS = {
    Form.STANDARD: "To print",
    Form.LARGE_PRINT: "Large print",
    Form.LOW_INK: "Little ink",
    Form.TEXT: "Words only",
}

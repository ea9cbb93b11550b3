"""Vocabulary of handouts."""

from enum import StrEnum


class Form(StrEnum):
    STANDARD = "standard"
    LARGE_PRINT = "large-print"
    LOW_INK = "low-ink"
    TEXT = "text"

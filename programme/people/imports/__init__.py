"""Imports: a partner's spreadsheet in, people with their problems in plain sentences out."""

from programme.foundation.lean import without_numpy

with without_numpy():  # first of all here: every file below finds it loaded
    import openpyxl as openpyxl

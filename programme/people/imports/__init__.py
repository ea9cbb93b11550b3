"""Imports: a partner's spreadsheet in, people with their problems in plain sentences out."""

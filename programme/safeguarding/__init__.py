"""Concerns: sealed, and read by the safeguarding lead only."""

"""Participants, households, safe contact, consent and imports."""

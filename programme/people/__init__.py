"""People: participants, their households, safe contact, consent, and where they came from."""

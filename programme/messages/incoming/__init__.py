"""What comes back: receipts, bounces and replies, from providers and from a mailbox.

Nothing in here changes a row. It is all written by strangers: read in limits, believed only
as far as it is signed, and put into our own words for the area's actions.
"""

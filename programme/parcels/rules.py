"""Vocabulary of parcels, and which moves between states are allowed."""

from enum import StrEnum


class ParcelState(StrEnum):
    TO_CONFIRM = "to_confirm"
    TO_PACK = "to_pack"
    PACKED = "packed"
    POSTED = "posted"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


S = ParcelState
MOVES: dict[ParcelState, frozenset[ParcelState]] = {
    S.TO_CONFIRM: frozenset({S.TO_PACK, S.CANCELLED}),
    S.TO_PACK: frozenset({S.PACKED, S.TO_CONFIRM, S.CANCELLED}),
    S.PACKED: frozenset({S.POSTED, S.TO_PACK, S.CANCELLED}),
    S.POSTED: frozenset({S.DELIVERED, S.RETURNED, S.LOST, S.PACKED}),
    S.DELIVERED: frozenset({S.POSTED}),
    S.RETURNED: frozenset({S.POSTED}),
    S.LOST: frozenset({S.POSTED}),
    S.CANCELLED: frozenset({S.TO_CONFIRM}),
}
IN_HAND = (S.TO_PACK, S.PACKED)

"""What any provider tells us over HTTPS, as JSON, signed with `sms_webhook_secret`.

Headers: `X-Timestamp`, seconds since 1970; `X-Signature`, the HMAC-SHA256 in hexadecimal
of the timestamp, a full stop and the raw body. Five minutes later it is refused.
"""

import hashlib
import hmac

from programme.foundation.settings import Settings
from programme.messages.incoming.words import Call, Heard, Receipt
from programme.messages.rules import State
from programme.messages.sms import read_json
from programme.people.rules import Channel

TOLERANCE_SECONDS = 5 * 60
STATES = {
    "delivered": State.DELIVERED,
    "failed": State.FAILED,
    "undelivered": State.FAILED,
    "expired": State.FAILED,
    "rejected": State.FAILED,
    "unknown_number": State.BOUNCED,
    "unsubscribed": State.BOUNCED,
}
"""Any other word means that it is on its way."""


class HttpProvider:
    def is_listening(self, settings: Settings) -> bool:
        return bool(settings.sms_webhook_secret)

    def is_genuine(self, call: Call, settings: Settings) -> bool:
        told_at, given = call.headers.get("X-Timestamp", ""), call.headers.get("X-Signature", "")
        if not _is_recent(told_at, call.at.timestamp()):
            return False
        signed = told_at.encode() + b"." + call.body
        right = hmac.new(settings.sms_webhook_secret.encode(), signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(right.encode(), given.lower().encode())

    def receipt(self, call: Call) -> Receipt | None:
        told = read_json(call.body)
        state = STATES.get(str(told.get("status", "")).lower())
        if state is None:
            return None
        return Receipt(str(told.get("id") or ""), str(told.get("reference") or ""), state)

    def heard(self, call: Call) -> Heard | None:
        told = read_json(call.body)
        parts = [told.get(name) for name in ("id", "from", "text")]
        if not all(isinstance(part, str) for part in parts) or not (parts[0] and parts[1]):
            return None
        return Heard(Channel.SMS, *map(str, parts))


def _is_recent(told_at: str, now: float) -> bool:
    is_number = told_at.isascii() and told_at.isdigit() and len(told_at) <= 12
    return is_number and abs(now - int(told_at)) <= TOLERANCE_SECONDS

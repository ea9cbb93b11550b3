"""What Twilio tells us, as a form, signed with the account's token.

`X-Twilio-Signature` is the HMAC-SHA1, in base 64, of the whole address that was called and
every parameter in order of its name. It holds no time: a call that is repeated is the same
call, and changes nothing.
"""

import hashlib
import hmac
from base64 import b64encode
from urllib.parse import parse_qsl

from programme.foundation.settings import Settings
from programme.messages.incoming.words import Call, Heard, Receipt
from programme.messages.rules import State
from programme.people.rules import Channel

STATES = {
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "failed": State.FAILED,
    "undelivered": State.FAILED,
}
GONE_FOR_GOOD = {"21211", "21610", "21614", "30004", "30005", "30006"}
"""No such number, one that takes no texts, or somebody who stopped them at their provider."""
MOST_FIELDS = 200


class TwilioProvider:
    def is_listening(self, settings: Settings) -> bool:
        return bool(settings.sms_account and settings.sms_token)

    def is_genuine(self, call: Call, settings: Settings) -> bool:
        signed = call.url + "".join(name + value for name, value in sorted(set(_pairs(call))))
        mac = hmac.new(settings.sms_token.encode(), signed.encode(), hashlib.sha1)
        given = call.headers.get("X-Twilio-Signature", "")
        return hmac.compare_digest(b64encode(mac.digest()), given.encode())

    def receipt(self, call: Call) -> Receipt | None:
        form = dict(_pairs(call))
        state = STATES.get(form.get("MessageStatus", ""))
        if state is None:
            return None
        if state is State.FAILED and form.get("ErrorCode", "") in GONE_FOR_GOOD:
            state = State.BOUNCED
        return Receipt(form.get("MessageSid", ""), call.reference, state)

    def heard(self, call: Call) -> Heard | None:
        form = dict(_pairs(call))
        if not (form.get("MessageSid") and form.get("From")):
            return None
        return Heard(Channel.SMS, form["MessageSid"], form["From"], form.get("Body", ""))


def _pairs(call: Call) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            call.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return []

"""Text messages by Twilio: the Messages resource of its API of 2010-04-01.

A form is posted; 201 says that Twilio has it, and gives its `sid`. A refusal brings a code,
which says whether the number, our account or the moment is at fault. Twilio knows no key
that would keep a second copy away: what is not clearly refused is never asked again.
"""

from base64 import b64encode
from urllib.parse import quote, urlencode, urlsplit

from programme.foundation.settings import Settings
from programme.messages.rules import LONGEST_ID
from programme.messages.sms import ask, read_json
from programme.messages.transport import (
    CameBack,
    Letter,
    MaybeSent,
    NotNow,
    NotSent,
    Refused,
    Unreachable,
)

HOST = "https://api.twilio.com"
RECEIPTS = "/texts/receipts"
"""Where Twilio tells what became of a message; its key goes along."""
NO_SUCH_NUMBER = {21211, 21214, 21217, 21614, 21635}
UNSUBSCRIBED = 21610
TOO_MANY = {14107, 20429, 21611, 63038}
OUR_ACCOUNT = {20003, 20005, 20404, 21212, 21603, 21606, 21609, 21659, 21660, 21701, 21703}
"""Whatever these refuse, they would refuse for every message until a setting is mended."""
OUR_ACCOUNT_BY_STATUS = {401, 403, 404}


class TwilioSms:
    """One connection for each message: connecting can fail safely, asking cannot."""

    def __init__(self, settings: Settings) -> None:
        account = quote(settings.sms_account, safe="")
        base = (settings.sms_url or HOST).rstrip("/")
        self.url = urlsplit(f"{base}/2010-04-01/Accounts/{account}/Messages.json")
        self.settings = settings

    def send(self, letter: Letter) -> str:
        status, body = ask(self.url, self._body(letter), self._headers())
        told = read_json(body)
        code = told.get("code")
        if 400 <= status < 500:
            raise why_refused(status, code if isinstance(code, int) else 0)
        if not 200 <= status < 300:
            raise MaybeSent(f"The provider of text messages broke down ({status}).")
        return str(told.get("sid") or "")[:LONGEST_ID]

    def close(self) -> None:
        pass

    def _headers(self) -> dict[str, str]:
        pair = f"{self.settings.sms_account}:{self.settings.sms_token}"
        return {
            "Authorization": f"Basic {b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def _body(self, letter: Letter) -> bytes:
        sender = self.settings.sms_from
        base = self.settings.link_base.rstrip("/")
        form = {
            "To": letter.to,
            "MessagingServiceSid" if sender.startswith("MG") else "From": sender,
            "Body": letter.body,
            "StatusCallback": f"{base}{RECEIPTS}?reference={letter.key}",
        }
        return urlencode(form).encode()


def why_refused(status: int, code: int) -> NotSent:
    """What a refusal means for this message and for others."""
    told = code or status
    if code == UNSUBSCRIBED:
        return CameBack("They stopped texts from us at their provider (21610).")
    if code in NO_SUCH_NUMBER:
        return CameBack(f"The number cannot be texted ({told}).")
    if status == 429 or code in TOO_MANY:
        return NotNow(f"The provider of text messages wants us to try later ({told}).")
    if status in OUR_ACCOUNT_BY_STATUS or code in OUR_ACCOUNT:
        return Unreachable(f"The provider of text messages does not let us in ({told}).")
    return Refused(f"The provider of text messages refused it ({told}).")

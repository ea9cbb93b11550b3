"""Where the provider of text messages tells what became of them, and what people texted back.

Open to all, because a provider signs in nowhere: only what is signed changes anything.
"""

from flask import Blueprint, abort, request

from programme.access.gate import open_to_all
from programme.foundation.clock import now, real_now
from programme.foundation.web import csrf
from programme.messages.incoming.http_provider import HttpProvider
from programme.messages.incoming.twilio_provider import TwilioProvider
from programme.messages.incoming.words import Call, Provider
from programme.messages.reaching import settings
from programme.messages.receipts import take_receipt
from programme.messages.replies import take_reply

blueprint = Blueprint("webhooks", __name__)
csrf.exempt(blueprint)
PROVIDERS: dict[str, Provider] = {"http": HttpProvider(), "twilio": TwilioProvider()}
LONGEST_CALL = 64 * 1024
TAKEN = ("", 204)


@blueprint.post("/texts/receipts")
@open_to_all
def receipts() -> tuple[str, int]:
    provider, call = _genuine_call()
    if told := provider.receipt(call):
        take_receipt(told, at=now())
    return TAKEN


@blueprint.post("/texts/replies")
@open_to_all
def replies() -> tuple[str, int]:
    provider, call = _genuine_call()
    if heard := provider.heard(call):
        take_reply(heard, at=now())
    return TAKEN


def _genuine_call() -> tuple[Provider, Call]:
    """The call and whose it is; a 404 where nobody is listened to, a 403 unless it is signed."""
    ours = settings()
    provider = PROVIDERS.get(ours.sms_provider)
    if provider is None or not provider.is_listening(ours):
        abort(404)
    request.max_content_length = LONGEST_CALL
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    call = Call(
        url=ours.link_base.rstrip("/") + request.path + query,
        headers=request.headers,
        body=request.get_data(),
        reference=request.args.get("reference", ""),
        at=real_now(),
    )
    if not provider.is_genuine(call, ours):
        abort(403)
    return provider, call

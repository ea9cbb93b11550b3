"""The ways of sending that are set up here."""

from programme.foundation.settings import Settings
from programme.messages.sms import HttpSms
from programme.messages.sms_twilio import TwilioSms
from programme.messages.smtp import SmtpTransport
from programme.messages.transport import (
    KeptHere,
    Letter,
    NotSetUp,
    NotTried,
    Transport,
    Unreachable,
)
from programme.people.rules import Channel


class PostOffice:
    """The ways of sending, opened when first needed. One that is down is left alone."""

    def __init__(self, ours: Settings) -> None:
        self.ours = ours
        self.open: dict[Channel, Transport] = {}
        self.down: dict[Channel, Unreachable] = {}

    def send(self, letter: Letter) -> str:
        if letter.channel in self.down:
            raise NotTried(self.down[letter.channel].reason)
        if letter.channel not in self.open:
            self.open[letter.channel] = transport_for(letter.channel, self.ours)
        try:
            return self.open[letter.channel].send(letter)
        except Unreachable as problem:
            self.down[letter.channel] = problem
            raise

    def close(self) -> None:
        for transport in self.open.values():
            transport.close()


def transport_for(channel: Channel, ours: Settings) -> Transport:
    """How messages of that channel leave here."""
    if ours.demonstration:
        return KeptHere()
    if channel is Channel.EMAIL:
        return SmtpTransport(ours) if ours.smtp_host else NotSetUp("E-mail")
    if not ours.texts_are_set_up:
        return NotSetUp("Sending text messages")
    return TwilioSms(ours) if ours.sms_provider == "twilio" else HttpSms(ours)

"""Whether this process was told to stop: whoever works long asks between one thing and the next."""

import signal
from threading import Event
from types import FrameType

stopping = Event()


def listen_for_stop() -> None:
    """Let SIGTERM and Ctrl-C only set `stopping`, so that what is in hand is finished."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)


def _stop(_number: int, _frame: FrameType | None) -> None:
    stopping.set()

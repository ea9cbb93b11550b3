"""Libraries that take numpy along where it is installed, brought in without it.

The worker needs numpy for figures; a web process never does, and would be a third larger.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_numpy() -> Iterator[None]:
    """While this lasts numpy cannot be imported, unless it is here already."""
    is_to_be_hidden = "numpy" not in sys.modules
    if is_to_be_hidden:
        sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_to_be_hidden:
            sys.modules.pop("numpy", None)

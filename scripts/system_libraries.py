"""Exit 0 when the system libraries that print PDFs are here, 1 when not."""

import ctypes
import sys

NAMES = {
    "linux": ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
    "darwin": ("libpango-1.0.dylib", "libpangoft2-1.0.dylib"),
}
BREW = ("", "/opt/homebrew/lib/", "/usr/local/lib/")


def is_here(name: str) -> bool:
    """Whether the library loads from where the system or brew keeps it."""
    for folder in BREW:
        try:
            ctypes.CDLL(folder + name)
        except OSError:
            continue
        return True
    return False


sys.exit(not all(is_here(name) for name in NAMES.get(sys.platform, ())))

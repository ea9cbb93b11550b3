"""The command line: `programme COMMAND`. Errors are one sentence and exit status 2."""

import gc
import sys

gc.disable()  # nothing that is imported is garbage: looking for some is a sixth of the start
if sys.argv[1:2] == ["serve"]:
    # Libraries that read spreadsheets and draw labels load numpy when they find it, and can do
    # without. The pages do without: None here makes an import say that it is not installed.
    sys.modules["numpy"] = None  # type: ignore[assignment]

from programme.commands.main import main  # noqa: E402

gc.freeze()
gc.enable()

__all__ = ["main"]

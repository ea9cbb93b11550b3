"""The command line: `programme COMMAND`. Errors are one sentence and exit status 2."""

from programme.commands.main import main

__all__ = ["main"]

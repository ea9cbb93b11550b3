"""What may be logged of a failure. What an error says may hold what somebody typed, or the key of
a personal link; its kind and where it happened do not."""

import traceback


def described(error: BaseException) -> dict[str, str]:
    """The kind of error and the line that failed."""
    lines = traceback.extract_tb(error.__traceback__)
    where = f"{lines[-1].filename}:{lines[-1].lineno}" if lines else ""
    return {"error": type(error).__name__, "where": where}

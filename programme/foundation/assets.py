"""Our own files: served by WhiteNoise, kept by browsers for good, found again when they change."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from whitenoise import WhiteNoise

A_YEAR = 365 * 24 * 60 * 60


def version_assets(app: Flask) -> None:
    """Put a fingerprint into the address of each of our files, so that browsers may keep them."""
    folder = Path(app.static_folder or "static")

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", _fingerprint(folder / values["filename"]))


def serve_assets(app: Flask) -> None:
    """Answer for `/static` before the application is asked, without its sign-in or database."""
    whitenoise = WhiteNoise(app.wsgi_app, max_age=60)
    whitenoise.add_files(str(app.static_folder), prefix="static/")
    app.wsgi_app = _KeptForGood(whitenoise)  # type: ignore[method-assign]


class _KeptForGood:
    """Lets browsers keep what they asked for by its fingerprint."""

    def __init__(self, answer: WhiteNoise) -> None:
        self.answer = answer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        named = environ["PATH_INFO"].startswith("/static/")
        if not (named and "v" in parse_qs(environ.get("QUERY_STRING", ""))):
            return self.answer(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, _for_good(status, headers), *rest)

        return self.answer(environ, start)


def _for_good(status: str, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if not status.startswith(("200", "304")):
        return headers
    others = [pair for pair in headers if pair[0].lower() != "cache-control"]
    return [*others, ("Cache-Control", f"public, max-age={A_YEAR}, immutable")]


@cache
def _fingerprint(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else None

"""Paper: HTML to tagged PDF by WeasyPrint, from our own assets only.

WeasyPrint is imported when something is printed, so that web processes stay small.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit


class OutsideAssets(Exception):
    """What is to be printed asked for something that is not one of our assets."""


class NotPrinted(Exception):
    """The printing process failed, or took too long."""


_turn = Lock()
LONGEST_SECONDS = 60
KEPT_OF_THE_ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_PATH")


def print_apart(html: str, *, assets: Path, css: str) -> bytes:
    """`print_pdf` in a process of its own, for what somebody waits for: web processes stay small,
    and their threads free of drawing. One at a time; the words go through a pipe, to no disk.

    Raises:
        NotPrinted: it failed, took too long, or others are printing.
    """
    job = json.dumps({"html": html, "assets": str(assets), "css": css}).encode()
    kept = {name: os.environ[name] for name in KEPT_OF_THE_ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-m", "programme.foundation.paper"]
    if not _turn.acquire(timeout=LONGEST_SECONDS):
        raise NotPrinted("Others are printing.")
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=job,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            env=kept | {"PYTHONPATH": str(Path(__file__).parents[2])},
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise NotPrinted("The printing process failed.") from None  # its words would be kept
    finally:
        _turn.release()
    return done.stdout


def print_pdf(html: str, *, assets: Path, css: str, folder: str = "") -> bytes:
    """Print a whole HTML document as PDF/UA-1: always the same bytes for the same input.

    Pictures are named relative to `folder` in `assets`, fonts to `assets`; nothing else can be
    opened, neither files nor addresses. The document's `<title>` and `lang` become the
    PDF's.

    Raises:
        OutsideAssets: the document names something beyond the assets.
    """
    from weasyprint import CSS, HTML

    root = assets.resolve()
    fetcher = _fetcher(root)
    where: dict[str, Any] = {"base_url": f"{root.as_uri()}/", "url_fetcher": fetcher}
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "optimize_images": True}
    sheet = CSS(string=css, font_config=_fonts(), **where)
    page = HTML(string=html, base_url=f"{root.as_uri()}/{folder}/", url_fetcher=fetcher)
    printed: bytes = page.write_pdf(stylesheets=[sheet], font_config=_fonts(), **options)
    if fetcher.refused:
        raise OutsideAssets("Only the programme's own pictures and fonts can be printed.")
    return printed


@cache
def _fonts() -> Any:
    """One for the process: a new one for each document is slow and never freed."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _fetcher(root: Path) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurAssets(URLFetcher):  # type: ignore[misc]
        """Opens files below one folder and nothing else: no network, no redirects.

        WeasyPrint goes on without what it cannot have, so what was refused is remembered.
        """

        def __init__(self) -> None:
            super().__init__()
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = file_below(root, url)
            if path is None:
                self.refused.append(url)
                raise OutsideAssets(url)
            return URLFetcherResponse(url, path.read_bytes())

    return OurAssets()


def file_below(root: Path, url: str) -> Path | None:
    """The file that a URL names, if it lies below `root` (links followed) and is there."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return None
    path = Path(unquote(parts.path)).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


def _print_what_is_piped() -> None:
    """The other end of `print_apart`."""
    job = json.load(sys.stdin.buffer)
    printed = print_pdf(job["html"], assets=Path(job["assets"]), css=job["css"])
    sys.stdout.buffer.write(printed)


if __name__ == "__main__":
    _print_what_is_piped()

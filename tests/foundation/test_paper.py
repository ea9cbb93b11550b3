"""What can be printed."""

from pathlib import Path

import pytest

from programme.foundation.paper import OutsideAssets, print_pdf

PAGE = '<html lang="en"><head><title>Week 1</title></head><body><h1>Hello</h1>{}</body></html>'
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "kite.svg").write_text(PICTURE)
    (tmp_path / "secret.svg").write_text(PICTURE)
    (folder / "sneaky.svg").symlink_to(tmp_path / "secret.svg")
    return folder


def test_the_same_page_prints_to_the_same_bytes(assets: Path) -> None:
    html = PAGE.format('<img alt="A kite" src="kite.svg">')
    first = print_pdf(html, assets=assets, css="@page { size: A4 }")
    assert first.startswith(b"%PDF-")
    assert first == print_pdf(html, assets=assets, css="@page { size: A4 }")


@pytest.mark.parametrize(
    "source",
    [
        "file:///etc/passwd",
        "../secret.svg",
        "%2e%2e/secret.svg",
        "sneaky.svg",
        "//127.0.0.1/kite.svg",
        "http://127.0.0.1:9/kite.svg",
        "http://169.254.169.254/latest",
        "ftp://127.0.0.1/x",
        "data:image/svg+xml,<svg/>",
        "missing.svg",
    ],
)
def test_nothing_but_our_assets_is_opened(assets: Path, source: str) -> None:
    html = PAGE.format(f'<img alt="x" src="{source}">')
    with pytest.raises(OutsideAssets):
        print_pdf(html, assets=assets, css="")


@pytest.mark.parametrize("rule", ["@import 'file:///etc/passwd';", "body { background: url(/x) }"])
def test_a_style_sheet_opens_nothing_else_either(assets: Path, rule: str) -> None:
    with pytest.raises(OutsideAssets):
        print_pdf(PAGE.format(""), assets=assets, css=rule)


def test_a_picture_cannot_open_another_file(assets: Path) -> None:
    (assets / "kite.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        '<image href="file:///etc/hostname" width="9" height="9"/></svg>'
    )
    with pytest.raises(OutsideAssets):
        print_pdf(PAGE.format('<img alt="x" src="kite.svg">'), assets=assets, css="")

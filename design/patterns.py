"""Shows every piece of the visual language with made-up people.

    python design/patterns.py                 serve on http://127.0.0.1:5055
    python design/patterns.py --shoot FOLDER  photograph every page at 320, 360 and
                                              1280 px, in ink and in forced colours, and
                                              check each with axe; exits 1 on a fault

Run it from anywhere, with the project's test environment.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, flash, render_template
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.serving import make_server

HERE = Path(__file__).parent
ROOT = HERE.parent
PORT = 5055
CSP = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
STAFF = (
    "patterns",
    "today",
    "term",
    "cohort",
    "tonight",
    "dispatch",
    "outbox",
    "imported",
    "call",
    "form",
    "sign_in",
)
PARENT = ("my_group", "question", "handout", "details")
SETTINGS = {
    "staff_name": "Harbour Families",
    "public_name": "Tuesday group",
    "leave_url": "https://www.bbc.co.uk/weather",
}
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


def main(arguments: list[str]) -> int:
    app = create_pattern_app()
    if arguments[:1] == ["--shoot"]:
        return shoot(app, Path(arguments[1]))
    app.run(port=PORT)
    return 0


def create_pattern_app() -> Flask:
    app = Flask("patterns", static_folder=str(ROOT / "static"), static_url_path="/static")
    app.secret_key = "made up, for made-up people"
    app.jinja_loader = ChoiceLoader(
        [  # type: ignore[assignment]
            FileSystemLoader([HERE / "pages", ROOT / "templates"]),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.globals["csrf_token"] = lambda: "made-up"
    app.context_processor(context)
    app.after_request(strict)
    app.add_url_rule("/", "home", view_func=lambda: show("patterns"))
    app.add_url_rule("/<name>", "show", show)
    app.add_url_rule("/brand.css", "brand", view_func=lambda: Response("", mimetype="text/css"))
    app.add_url_rule("/sign-out", "access.sign_out", lambda: show("sign_in"), methods=["POST"])
    return app


def show(name: str) -> str:
    if name == "today":
        flash("Register of Monday group saved. You can change it until Friday.", "done")
    return render_template(f"{name}.html", page=name, nav=nav(name), weeks=weeks())


def context() -> dict[str, object]:
    return {"settings": SETTINGS, "signed_in_as": "Ruth, coordinator", "lang": "en"}


def strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    return response


def nav(name: str) -> list[tuple[str, str, bool]]:
    if name == "sign_in":
        return []
    places = [("Today", "today"), ("Term", "term"), ("Parcels", "dispatch"), ("Messages", "outbox")]
    places += [("People", "imported"), ("Pieces", "patterns")]
    return [(label, f"/{page}", page == name) for label, page in places]


def weeks() -> list[dict[str, object]]:
    came = {1: 9, 2: 8, 3: 7, 4: 8}
    dates = [
        "8 Sep",
        "15 Sep",
        "22 Sep",
        "29 Sep",
        "6 Oct",
        "13 Oct",
        "20 Oct",
        "27 Oct",
        "3 Nov",
        "10 Nov",
        "17 Nov",
    ]
    return [week(number, date, came) for number, date in enumerate(dates, start=1)]


def week(number: int, date: str, came: dict[int, int]) -> dict[str, object]:
    shown = number if number < 8 else number - 1
    if number == 8:
        return {
            "number": "–",
            "state": "skipped",
            "says": f"{date}: half-term, no session",
            "under": [date, "half-term"],
        }
    if number in came:
        fact = f"{came[number]} of 9 came"
        return {
            "number": shown,
            "state": "done",
            "share": came[number] / 9,
            "says": f"Week {shown}, {date}: {fact}",
            "under": [date, f"{came[number]} of 9"],
            "url": "#",
        }
    state = "tonight" if number == 5 else "coming"
    return {
        "number": shown,
        "state": state,
        "says": f"Week {shown}, {date}: {state}",
        "under": [date, "tonight" if number == 5 else ""],
        "url": "#",
    }


def shoot(app: Flask, folder: Path) -> int:
    from playwright.sync_api import sync_playwright

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder.mkdir(parents=True, exist_ok=True)
    server = make_server("127.0.0.1", PORT, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        faults = [
            fault for name in (*STAFF, *PARENT) for fault in photograph(browser, name, folder)
        ]
        browser.close()
    server.shutdown()
    print("\n".join(faults) or "No faults.")
    return 1 if faults else 0


def photograph(browser, name: str, folder: Path) -> Iterator[str]:  # type: ignore[no-untyped-def]
    from axe_playwright_python.sync_playwright import Axe

    for width, colours in ((360, "none"), (1280, "none"), (360, "active"), (320, "none")):
        page = browser.new_page(
            viewport={"width": width, "height": 800}, forced_colors=colours, bypass_csp=False
        )
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.goto(f"http://127.0.0.1:{PORT}/{name}", wait_until="load")
        page.evaluate("document.fonts.ready")
        page.screenshot(
            path=folder / f"{name}-{width}{'-forced' if colours == 'active' else ''}.png",
            full_page=True,
        )
        yield from (f"{name} {width}: console: {text}" for text in said)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{name} {width}: wider than the screen"
        for found in Axe().run(page).response["violations"]:
            targets = [node["target"] for node in found["nodes"]][:4]
            yield f"{name} {width} {colours}: axe {found['id']}: {targets}"
        yield from (f"{name} {width}: small target: {text}" for text in page.evaluate(SMALL))
        page.close()


# Targets under 44 px high, other than links inside a sentence or a row.
SMALL = """() => [...document.querySelectorAll('button, summary, .button, .nav a, .ways a, .answer, .tick')]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 80))"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""run, demo, check-deploy and create-coordinator: how an instance begins."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from types import FrameType
from urllib.request import urlopen

import click
from flask import Flask, url_for

from programme import demonstration
from programme.access.links import link_key
from programme.access.queries import every_partner
from programme.access.rules import Purpose, Role
from programme.access.staffing import RoleGiven, add_partner, invite
from programme.access.viewer import COMMAND_LINE
from programme.app import create_app
from programme.commands.running import PORTS, refuse_taken
from programme.foundation import clock
from programme.foundation.database import db
from programme.foundation.instances import (
    begin_demonstration,
    bring_up_to_date,
    is_new,
    remember_day,
)
from programme.foundation.safety import dangers
from programme.foundation.settings import Settings, read_settings
from programme.messages.rules import revealing_words

MADE_PUBLIC = ("public_name", "sending_address", "link_base", "return_address")


@click.command(help="Open the product: database, pages and clock; a demonstration when it is new.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=PORTS)
def run(port: int) -> None:
    refuse_taken("127.0.0.1", port)
    settings = read_settings()
    if is_new(settings.instance):
        click.echo(f"{settings.instance}/ is new: making a demonstration of made-up people …")
        settings = begin_demonstration(settings.instance, port=port)
    app = prepare(settings)
    if settings.demonstration and demonstration.is_wanted(app):
        _load_demonstration(app)
    _run_together(port, settings)


@click.command(help="Make a demonstration of made-up people, dated relative to a day.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Pretend that it is this day.")
@click.option("--json", "as_json", is_flag=True, help="Print what it holds as JSON.")
def demo(today: datetime | None, as_json: bool) -> None:
    settings = read_settings()
    if not settings.demonstration and not is_new(settings.instance):
        raise click.ClickException(
            f"{settings.instance}/ holds a charity's own data. Choose another PROGRAMME_INSTANCE."
        )
    settings = begin_demonstration(settings.instance)
    if not demonstration.is_wanted(prepare(settings)):
        raise click.ClickException(
            f"{settings.instance}/ holds people already. Remove the folder to begin again."
        )
    if today:
        settings = remember_day(settings.instance, today.date())
    app = create_app(settings)
    found = demonstration.load(app, progress=lambda line: click.echo(line, err=True))
    click.echo(json.dumps(found) if as_json else f"The demonstration is ready: {found}")


@click.command("check-deploy", help="Say what is not safe yet for real people's data.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check_deploy(as_json: bool) -> None:
    settings = read_settings()
    problems = is_for_show(settings) + dangers(settings) + what_reveals(settings)
    if as_json:
        click.echo(json.dumps({"problems": problems}))
    if problems:
        raise click.ClickException("\n".join(problems))
    click.echo("Nothing stands in the way.", err=as_json)


@click.command("create-coordinator", help="Invite the first coordinator; prints a link, used once.")
@click.option("--name", required=True)
@click.option("--email", required=True)
def create_coordinator(name: str, email: str) -> None:
    settings = read_settings()
    app = prepare(settings)
    with app.app_context():
        if not every_partner():
            add_partner(name=settings.staff_name, by=COMMAND_LINE, at=clock.now())
        account = invite(
            name=name,
            email=email,
            roles=[RoleGiven(Role.COORDINATOR)],
            by=COMMAND_LINE,
            at=clock.now(),
            real=clock.real_now(),
        )
        db.session.commit()
        key = link_key(Purpose.INVITATION, account.id)
    with app.test_request_context():
        path = url_for("access.invitation", key=key)
    click.echo(f"Open this within seven days; it works once:\n{settings.link_base}{path}")


def prepare(settings: Settings) -> Flask:
    """The application on a database that is up to date."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    bring_up_to_date(app)
    return app


def is_for_show(settings: Settings) -> list[str]:
    """A demonstration lets anybody in as anybody."""
    told = (
        "The setting `demonstration` is on: anybody can sign in as anybody. Begin in a new folder."
    )
    return [told] if settings.demonstration else []


def what_reveals(settings: Settings) -> list[str]:
    """Public settings that say too much, in sentences."""
    return [
        f"The setting `{name}` says {', '.join(words)!r}, and reaches homes: choose another."
        for name in MADE_PUBLIC
        if (words := revealing_words(getattr(settings, name)))
    ]


def _load_demonstration(app: Flask) -> None:
    click.echo("Loading the demonstration …")
    demonstration.load(app, progress=click.echo)


def _run_together(port: int, settings: Settings) -> None:
    """Pages and clock as two processes; when one ends, or Ctrl-C, the other ends too."""
    command = [sys.executable, "-m", "programme"]
    environment = os.environ | {"PROGRAMME_INSTANCE": str(settings.instance)}
    running = [
        subprocess.Popen([*command, *words], env=environment)  # noqa: S603
        for words in (["serve", "--port", str(port)], ["worker"])
    ]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        _wait_for_pages(port, running)
        _say_where(port, settings)
        while all(process.poll() is None for process in running):
            time.sleep(0.2)
    except KeyboardInterrupt:
        click.echo("\nStopping …")
    finally:
        _stop(running)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait_for_pages(port: int, running: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        if any(process.poll() is not None for process in running):
            raise click.ClickException("It stopped while starting; the lines above say why.")
        try:
            with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException("The pages did not answer within 30 seconds.")


def _say_where(port: int, settings: Settings) -> None:
    click.echo(f"\n  Open http://127.0.0.1:{port}/")
    if settings.demonstration:
        click.echo("  This is a demonstration: the first page has a button for each role.")
    click.echo("  Ctrl-C stops everything.\n")


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()

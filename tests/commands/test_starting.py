"""How an instance begins: the commands as somebody types them."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from programme.app import ROOT
from programme.commands.starting import what_reveals
from programme.foundation.settings import Settings

SAFE = """\
secret = "abcdefghijklmnopqrstuvwxyz0123456789"
sealing_key = "9876543210zyxwvutsrqponmlkjihgfedcba"
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Type a command for an instance in a folder of its own."""

    def typed(*words: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PROGRAMME_INSTANCE": str(tmp_path / "instance"),
        }
        return subprocess.run(
            [sys.executable, "-m", "programme", *words],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
        )

    return typed


def begin(tmp_path: Path, settings: str) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "settings.toml").write_text(settings, encoding="utf-8")


def test_without_secrets_nothing_starts_and_each_reason_is_said(run: Run) -> None:
    done = run("check-deploy")
    assert done.returncode == 2
    assert "`secret`" in done.stderr
    assert "`sealing_key`" in done.stderr
    assert "Traceback" not in done.stderr


def test_strong_secrets_and_neutral_names_pass(run: Run, tmp_path: Path) -> None:
    begin(tmp_path, SAFE)
    done = run("check-deploy")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        'public_name = "Prison Family Support"',
        'sending_address = "hello@prisonersfamilies.example.org"',
        'link_base = "https://inmate-parenting.example.org"',
        'return_address = "Probation House, Anytown"',
    ],
)
def test_a_public_setting_that_says_too_much_is_refused(
    run: Run, tmp_path: Path, line: str
) -> None:
    begin(tmp_path, SAFE + line)
    done = run("check-deploy")
    assert done.returncode == 2
    assert line.split(" ")[0] in done.stderr


def test_the_settings_that_ship_say_nothing() -> None:
    assert what_reveals(Settings()) == []


def test_the_first_coordinator_gets_a_link(run: Run, tmp_path: Path) -> None:
    begin(tmp_path, SAFE)
    done = run("create-coordinator", "--name", "Ruth", "--email", "ruth@example.org")
    assert done.returncode == 0, done.stderr
    assert "/welcome/" in done.stdout
    again = run("create-coordinator", "--name", "Ruth", "--email", "ruth@example.org")
    assert again.returncode == 2
    assert "already signs in" in again.stderr


def test_a_demonstration_is_never_put_over_a_charitys_own_data(run: Run, tmp_path: Path) -> None:
    begin(tmp_path, SAFE)
    done = run("demo")
    assert done.returncode == 2
    assert "own data" in done.stderr


def test_a_demonstration_is_not_for_real_people(run: Run, tmp_path: Path) -> None:
    begin(tmp_path, f"demonstration = true\n{SAFE}")
    done = run("check-deploy")
    assert done.returncode == 2
    assert "`demonstration` is on" in done.stderr


def test_a_day_that_comes_too_late_changes_no_clock(run: Run, tmp_path: Path) -> None:
    begin(tmp_path, f"demonstration = true\n{SAFE}")
    assert (
        run("create-coordinator", "--name", "Ruth", "--email", "ruth@example.org").returncode == 0
    )
    done = run("demo", "--today", "2026-10-13")
    assert done.returncode == 2
    assert "holds people already" in done.stderr
    assert "shift_days" not in (tmp_path / "instance" / "settings.toml").read_text("utf-8")


def test_a_port_that_is_taken_is_named(run: Run, tmp_path: Path) -> None:
    begin(tmp_path, SAFE)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be had: another program")


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-command"],
        ["serve", "--port", "99999"],
        ["handout", "--week", "3", "--language", "fr", "--out", "week.pdf"],
        ["handout", "--week", "3", "--form", "text", "--out", "no/such/folder/week.txt"],
        ["demo", "--today", "tomorrow"],
        ["tick", "--at", "noon"],
        ["open-cohort", "--name", "Tuesday group"],
    ],
)
def test_what_is_mistyped_is_one_sentence(run: Run, words: list[str]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Errno" not in done.stderr

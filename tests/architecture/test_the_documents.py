"""Documents stay true."""

import re
import tomllib
from dataclasses import fields

import pytest

from programme.app import ROOT
from programme.commands.main import group
from programme.foundation.settings import Settings

PAPERS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_is_there(name: str) -> None:
    assert len(read(name)) > 200


def test_the_readme_is_short_and_names_the_two_commands() -> None:
    readme = read("README.md")
    assert len(readme.splitlines()) < 120
    assert "make run" in readme
    assert "make test" in readme


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_relative_link_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", read(name)):
        assert (ROOT / link).exists(), link


def test_every_folder_at_the_top_is_on_the_readmes_map() -> None:
    kept = {"programme", "templates", "static", "handouts", "tests", "bench", "docs", "design"}
    for folder in kept:
        assert f"{folder}/" in read("README.md"), folder


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_explained(field: object) -> None:
    assert f"`{field.name}`" in read("docs/running.md")


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for name in ["README.md", "CONTRIBUTING.md", "docs/running.md"]:
        assert set(re.findall(r"`make ([a-z-]+)", read(name))) <= targets, name


def test_the_commands_that_the_design_names_exist() -> None:
    wanted = {
        "serve", "worker", "tick", "demo", "import-families", "open-cohort", "plan", "outbox",
        "dispatch-list", "handout", "outcomes", "check-deploy", "create-coordinator", "run",
        "evaluate", "score",
    }  # fmt: skip
    assert wanted <= set(group.commands)


def test_the_units_start_commands_that_exist() -> None:
    units = list((ROOT / "docs/systemd").glob("*.service"))
    started = [re.findall(r"bin/programme ([a-z-]+)", unit.read_text()) for unit in units]
    assert sorted(started) == [["backup"], ["serve"], ["worker"]]
    assert {name for (name,) in started} <= set(group.commands)


def test_every_dependency_has_its_reason() -> None:
    text = read("pyproject.toml")
    project = tomllib.loads(text)
    listed = project["project"]["dependencies"] + project["dependency-groups"]["test"]
    for dependency in (name for name in listed if not name.startswith("types-")):
        line = next(line for line in text.splitlines() if f'"{dependency}"' in line)
        assert "# " in line, dependency


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_the_locks_name_no_host_and_hash_everything(name: str) -> None:
    lock = read(name)
    assert "://" not in lock
    assert lock.count("==") <= lock.count("--hash=sha256:")

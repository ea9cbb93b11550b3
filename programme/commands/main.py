"""The group of commands, and how a mistake is told."""

import sys

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

from programme.cohorts.programmes import ProgrammeError
from programme.commands.attendance import read_attendance
from programme.commands.cohorts import cohort_plan, tick
from programme.commands.databases import backup, move_to, upgrade
from programme.commands.families import import_families
from programme.commands.figures import evaluate, score
from programme.commands.handouts import handout
from programme.commands.messages import outbox
from programme.commands.opening import open_a_cohort
from programme.commands.outcomes import outcomes
from programme.commands.parcels import dispatch_list
from programme.commands.running import serve, worker
from programme.commands.starting import check_deploy, create_coordinator, demo, run
from programme.foundation.web import Refusal

MISTAKES = (Refusal, ProgrammeError, ValueError)


@click.group(help="Runs termly groups: cohorts, parcels, handouts, registers, questionnaires.")
def group() -> None:
    pass


COMMANDS = (
    run,
    demo,
    check_deploy,
    create_coordinator,
    upgrade,
    backup,
    move_to,
    serve,
    worker,
    tick,
    handout,
    outbox,
    open_a_cohort,
    cohort_plan,
    outcomes,
    evaluate,
    score,
    dispatch_list,
    import_families,
    read_attendance,
)
for command in COMMANDS:
    group.add_command(command)


def main() -> None:
    """Run a command; whatever goes wrong is one sentence, and exit status 2."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    try:
        group.main(standalone_mode=False)
    except click.ClickException as error:
        _stop(error.format_message())
    except click.Abort:
        _stop("Stopped.")
    except OSError as error:
        _stop(f"{error.filename}: {error.strerror}." if error.filename else str(error))
    except MISTAKES as error:
        _stop(str(error))
    except SQLAlchemyError as error:
        _stop(
            f"The database did not answer as it should ({type(error).__name__}). Is it up to date,"
            " and is nothing else holding it?"
        )


def _stop(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(2)

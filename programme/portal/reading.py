"""A week to read on the phone or to keep: what was released to the group, and nothing else."""

from pathlib import Path

from flask import abort

from programme.cohorts import programmes
from programme.handouts.content import Week
from programme.handouts.models import Rendering
from programme.handouts.queries import rendered_file, week_page
from programme.handouts.rules import Form
from programme.portal.place import Place

BESIDE = 'src="../pictures/'
"""How a week's page names a picture of its programme."""


def week_of(own: Place, number: int) -> Week:
    """A week that was released to the group; otherwise a 404."""
    return week_page(own.cohort, number, own.participant.language) or abort(404)


def file_of(own: Place, week: Week) -> Rendering | None:
    """The week as a file, in large print for whoever asked for that; None until it is printed."""
    form = Form.LARGE_PRINT if own.participant.large_print else Form.STANDARD
    return rendered_file(own.cohort.programme, week.number, week.language, form)


def pictures_of(own: Place) -> Path:
    """The folder of the pictures of the group's programme."""
    return programmes.HANDOUTS / own.cohort.programme / "pictures"


def with_pictures(week: Week, address: str) -> str:
    """The week's safe HTML, its pictures fetched from `address`."""
    return week.html.replace(BESIDE, f'src="{address}')

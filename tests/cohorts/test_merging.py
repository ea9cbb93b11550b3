"""Merging two entries never loses a place in a group."""

from datetime import date, datetime

import pytest
from flask import Flask

from programme.access.viewer import COMMAND_LINE
from programme.cohorts.rules import Stage
from programme.foundation.web import Refusal
from programme.people.actions import merge
from tests import builders


def test_an_entry_with_a_place_stays_and_the_other_may_be_merged_into_it(
    app: Flask, at: datetime
) -> None:
    partner = builders.partner()
    enrolled = builders.participant("Tracy", partner=partner)
    double = builders.participant("Tracey", partner=partner)
    builders.enrol(enrolled, builders.cohort(date(2026, 10, 6), partner=partner))
    with pytest.raises(Refusal, match="Tracy has a place in Tuesday group"):
        merge(enrolled, into=double, by=COMMAND_LINE, at=at)
    merge(double, into=enrolled, by=COMMAND_LINE, at=at)
    assert double.merged_into_id == enrolled.id


def test_a_place_that_ended_is_not_in_the_way(app: Flask, at: datetime) -> None:
    partner = builders.partner()
    left = builders.participant("Tracy", partner=partner)
    other = builders.participant("Tracey", partner=partner)
    cohort = builders.cohort(date(2026, 10, 6), partner=partner)
    builders.enrol(left, cohort, stage=Stage.WITHDREW)
    merge(left, into=other, by=COMMAND_LINE, at=at)
    assert left.merged_into_id == other.id

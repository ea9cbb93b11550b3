"""Published results, to the printed digit; and a second implementation that knows no cleverness."""

import statistics as standard
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.outcomes.statistics import compare, reliable_change, summarise
from programme.questionnaires.instrument import Comparator, Direction, Reliability

STUDENT_BEFORE = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
STUDENT_AFTER = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
"""Hours of sleep gained with each of two drugs: Student, Biometrika 1908."""
UP, DOWN = Direction.HIGHER_IS_BETTER, Direction.LOWER_IS_BETTER


def test_students_sleep_data_come_out_as_printed() -> None:
    found = compare(list(zip(STUDENT_BEFORE, STUDENT_AFTER, strict=True)))
    assert found.n == 10
    assert f"{found.mean_before:.2f} {found.sd_before:.4f}" == "0.75 1.7890"
    assert f"{found.mean_after:.2f} {found.sd_after:.4f}" == "2.33 2.0022"
    assert f"{found.difference:.2f}" == "1.58"
    assert f"{found.ci_low:.4f} {found.ci_high:.4f}" == "0.7001 2.4599"
    assert f"{found.t:.4f}" == "4.0621"
    assert f"{found.p:.6f}" == "0.002833"
    assert f"{found.d_z:.4f}" == "1.2846"
    assert f"{found.d_av:.4f}" == "0.8335"
    assert f"{found.g_av:.4f}" == "0.7617"
    assert f"{found.d_z_low:.4f} {found.d_z_high:.4f}" == "0.4146 2.1180"
    assert (found.wilcoxon_w, found.wilcoxon_zeros) == (45, 1)
    assert f"{found.wilcoxon_p:.6f}" == "0.003906"
    assert found.wilcoxon_is_exact
    assert found.reason is None


def test_nobody_and_one_person_have_no_interval() -> None:
    nobody, one = compare([]), compare([(4.0, 6.0)])
    assert (nobody.n, nobody.mean_before, nobody.difference, nobody.ci_low) == (0, None, None, None)
    assert (one.n, one.difference, one.sd_before, one.ci_low, one.d_z) == (1, 2, None, None, None)
    assert summarise([3.0]).sd is None


def test_when_everybody_changes_alike_there_is_no_t() -> None:
    found = compare([(1.0, 3.0), (2.0, 4.0), (5.0, 7.0)])
    assert (found.difference, found.ci_low, found.ci_high) == (2, 2, 2)
    assert (found.t, found.p, found.d_z) == (None, None, None)
    assert found.d_av is not None
    assert compare([(1.0, 1.0), (1.0, 1.0)]).d_av is None


def test_what_cannot_be_worked_out_says_why() -> None:
    assert "Nobody has both" in str(compare([]).reason)
    assert "One person has both" in str(compare([(4.0, 6.0)]).reason)
    assert "Everybody changed by the same" in str(compare([(1.0, 3.0), (2.0, 4.0)]).reason)
    still = compare([(1.0, 1.0), (2.0, 2.0)])
    assert "Nobody changed" in str(still.reason)
    assert (still.t, still.d_z, still.wilcoxon_w, still.wilcoxon_p) == (None, None, None, None)
    two = compare([(1.0, 2.0), (2.0, 5.0)])
    assert "too few for Hedges" in str(two.reason)
    assert two.g_av is None
    assert two.d_av is not None


def test_equal_changes_are_equal_whatever_the_machine_makes_of_tenths() -> None:
    found = compare([(0.1, 0.3), (1.1, 1.3), (100000.1, 100000.3), (-0.2, 0.0)])
    assert found.t is None
    assert found.difference == pytest.approx(0.2)


numbers = st.integers(-100, 100).map(lambda value: value / 4)
pairs = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=40)


@given(pairs)
def test_comparing_agrees_with_a_naive_second_implementation(
    both: list[tuple[float, float]],
) -> None:
    from scipy.stats import ttest_1samp

    found = compare(both)
    changes = [after - before for before, after in both]
    assert found.difference == pytest.approx(standard.fmean(changes))
    assert found.sd_before == pytest.approx(standard.stdev(one for one, _ in both))
    assert found.sd_after == pytest.approx(standard.stdev(other for _, other in both))
    spread = standard.stdev(changes)
    if spread > 1e-9:
        plain = ttest_1samp(changes, 0)
        interval = plain.confidence_interval(0.95)
        assert found.t == pytest.approx(plain.statistic)
        assert found.p == pytest.approx(plain.pvalue)
        assert (found.ci_low, found.ci_high) == pytest.approx((interval.low, interval.high))
        assert found.d_z == pytest.approx(standard.fmean(changes) / spread)


@pytest.mark.parametrize(
    ("comparator", "direction", "expected"),
    [
        (Comparator.AT_LEAST, UP, (2, 1, 2)),
        (Comparator.MORE_THAN, UP, (1, 3, 1)),
        (Comparator.AT_LEAST, DOWN, (2, 1, 2)),
    ],
)
def test_reliable_change_counts_by_the_published_threshold(
    comparator: Comparator, direction: Direction, expected: tuple[int, int, int]
) -> None:
    both = [(50.0, 50.0 + change) for change in (24, 20, 0, -20, -24)]
    found = reliable_change(both, Reliability(mdc=20, comparator=comparator, source="x"), direction)
    assert found
    assert (found.improved, found.unchanged, found.deteriorated) == expected


def test_lower_is_better_turns_the_sign() -> None:
    found = reliable_change([(50.0, 20.0)], Reliability(mdc=20, source="x"), DOWN)
    assert found
    assert (found.improved, found.deteriorated) == (1, 0)


def test_the_threshold_of_who5_falls_between_five_and_six_steps_of_four() -> None:
    from programme.questionnaires.instrument_files import find_instrument

    known = find_instrument("who5").score("percent").reliability
    found = reliable_change([(40.0, 60.0), (40.0, 64.0)], known, UP)
    assert found
    assert (found.improved, found.unchanged) == (1, 1)


def test_without_a_published_threshold_there_is_no_reliable_change() -> None:
    assert reliable_change([(1.0, 4.0)], Reliability(), UP) is None


@given(pairs, st.sampled_from([UP, DOWN]))
def test_everybody_is_counted_once(both: list[tuple[float, float]], way: Direction) -> None:
    found = reliable_change(both, Reliability(mdc=3, source="x"), way)
    assert found
    assert found.improved + found.unchanged + found.deteriorated == len(both)


def test_the_web_application_imports_no_scientific_library() -> None:
    program = (
        "import sys, programme.app, programme.timetable, programme.outcomes.statistics\n"
        "print(sorted(set(sys.modules) & {'scipy', 'pandas', 'statsmodels'}))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (said.stdout.strip(), said.returncode) == ("[]", 0), said.stderr

"""Effect sizes against published figures and scipy's distributions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.outcomes.effects import effects, hedges_j, interval_of_d_z


def test_hedges_correction_is_exact() -> None:
    assert f"{hedges_j(9):.6f}" == "0.913875"
    assert (hedges_j(1), hedges_j(0)) == (None, None)
    assert hedges_j(2) == pytest.approx(0.5642, abs=5e-5)


@given(st.integers(2, 5000))
def test_the_correction_is_near_hedges_own_approximation(df: int) -> None:
    assert hedges_j(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=0.011)


def test_the_interval_of_the_sleep_data_is_the_published_one() -> None:
    low, high = interval_of_d_z(1.2845575625910544, 10)
    assert f"{low:.4f} {high:.4f}" == "0.4146 2.1180"


@given(st.integers(2, 400), st.integers(-300, 300).map(lambda value: value / 100))
def test_the_ends_are_as_unlikely_as_they_claim(n: int, d_z: float) -> None:
    from scipy.stats import nct

    low, high = interval_of_d_z(d_z, n)
    assert low is not None
    assert high is not None
    assert low <= d_z <= high
    t, root = abs(d_z) * n**0.5, n**0.5
    ends = sorted([low, high]) if d_z >= 0 else sorted([-low, -high])
    assert 1 - nct.cdf(t, n - 1, ends[0] * root) == pytest.approx(0.025, abs=1e-6)
    assert nct.cdf(t, n - 1, ends[1] * root) == pytest.approx(0.025, abs=1e-6)


@given(st.integers(2, 60), st.integers(-30, 30), st.integers(0, 9), st.integers(0, 9))
def test_everything_is_a_number_or_none(n: int, change: int, sd: int, mean_sd: int) -> None:
    found = effects(n=n, change=change, sd_change=sd, sd_mean=mean_sd)
    values = [value for value in vars(found).values() if value is not None]
    assert all(value == value and abs(value) < 1e6 for value in values)
    assert (found.d_z is None) == (sd == 0)
    assert (found.d_av is None) == (mean_sd == 0)

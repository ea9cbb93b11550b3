"""Who may do what, and how wrong tries slow down."""

import pytest

from programme.access.rules import GRANTS, Permission, Role, seconds_to_wait


def test_every_role_has_its_permissions_and_every_permission_a_role() -> None:
    assert set(GRANTS) == set(Role)
    assert frozenset().union(*GRANTS.values()) == set(Permission)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.PACK_PARCELS, {Role.PACKER}),
        (Permission.SEE_OUTCOMES, {Role.COORDINATOR, Role.EVALUATOR}),
        (Permission.EDIT_PEOPLE, {Role.COORDINATOR}),
        (Permission.MANAGE_STAFF, {Role.COORDINATOR}),
        (Permission.RUN_SESSION, {Role.FACILITATOR}),
    ],
)
def test_sensitive_permissions_belong_to_few(permission: Permission, roles: set[Role]) -> None:
    assert {role for role in Role if permission in GRANTS[role]} == roles


def test_wrong_tries_wait_longer_and_longer_up_to_a_quarter_of_an_hour() -> None:
    waits = [seconds_to_wait(tries) for tries in range(30)]
    assert waits[:6] == [0, 0, 0, 0, 0, 30]
    assert waits == sorted(waits)
    assert waits[-1] == 15 * 60

"""A provider that misbehaves in every way that has a name: name -> knob -> what comes of it."""

import pytest

from identity.conformance import NAMES, NOT_APPLICABLE, PLANS
from identity.logout_scenarios import LOGOUTS
from identity.meeting import Meeting
from identity.oidc_scenarios import LOGINS
from identity.own_scenarios import OWN

TABLE = {**LOGINS, **LOGOUTS, **OWN}


@pytest.mark.parametrize("name", TABLE)
async def test_what_comes_of(name: str, meeting: Meeting) -> None:
    await TABLE[name](meeting)


def test_every_name_is_tried_or_has_a_reason() -> None:
    assert TABLE.keys() | NOT_APPLICABLE.keys() == NAMES
    assert TABLE.keys() & NOT_APPLICABLE.keys() == set()


def test_the_plans_are_whole() -> None:
    """As they were counted in the suite; a name that is lost here would not be missed anywhere else."""
    assert {plan: len(names) for plan, names in PLANS.items()} == {
        "Basic RP": 16,
        "Config RP": 6,
        "Core, all of it": 11,
        "Logout RP": 13,
        "FAPI 2.0 Security Profile, final": 19,
        "ours": 26,
        "nais/wonderwall": 17,
    }

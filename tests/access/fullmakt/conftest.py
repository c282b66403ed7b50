"""Two givers and two helpers, each with something in their own journal."""

import pytest

from world import KARI, OLA, World, patient, result

EVA = "05895894984"
PER = "10907295813"


@pytest.fixture
async def four(world: World) -> World:
    """Kari and Eva give, Ola and Per help."""
    people = (("kari", KARI, "Kari"), ("ola", OLA, "Ola"), ("eva", EVA, "Eva"), ("per", PER, "Per"))
    await world.take(*(patient(key, number, given) for key, number, given in people))
    await world.take(
        *(result(f"r-{key}", key, f"{given}s prøve") for key, _, given in people),
        {
            "resourceType": "Composition",
            "id": "n-kari",
            "status": "final",
            "title": "Karis notat",
            "type": {"text": "Notat"},
            "subject": {"reference": "Patient/kari"},
            "date": "2026-11-01",
        },
        {
            "resourceType": "Appointment",
            "id": "a-kari",
            "status": "booked",
            "description": "Karis time",
            "start": "2099-01-10T10:00:00+01:00",
            "participant": [{"actor": {"reference": "Patient/kari"}, "status": "accepted"}],
        },
    )
    return world

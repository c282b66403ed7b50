"""What a journal says in one run of the simulation, made from a seed, and what must be there in the end."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from innsyn.journal.port import Entry

Key = tuple[str, str]
SOURCE = "st-olavs"


@dataclass(frozen=True)
class Shown:
    """What a citizen must see of one resource: whose it is, its newest version, its value and who wrote it."""

    patient: str
    version: int
    value: str
    author: str


@dataclass
class Story:
    """`told` is everything in the order in which the journal says it. `shown`: key → what is there in the end."""

    seed: int
    told: list[Entry] = field(default_factory=list)
    shown: dict[Key, Shown] = field(default_factory=dict)
    # Everything that was ever about a person: what is not in `shown` must not be there.
    keys: list[Key] = field(default_factory=list)

    @property
    def landed(self) -> set[tuple[str, str, int]]:
        """Every version that must be kept as it came."""
        return {(each.kind, each.id, each.version or 0) for each in self.told}


def story(seed: int) -> Story:
    """Two patients, an author who may be heard of late, and results that change, move, vanish and come back."""
    chance = random.Random(seed)
    made = Story(seed)
    first = [_patient("kari"), _patient("ola"), _author()]
    changes = [change for number in range(chance.randint(1, 4)) for change in _result(made, chance, number)]
    chance.shuffle(first)
    # Who it is about comes first as a rule, and sometimes last of all.
    for each in first:
        changes.insert(0 if chance.random() < 0.6 else chance.randint(0, len(changes)), each)
    made.told = [msgspec.structs.replace(each, position=n) for n, each in enumerate(changes, 1)]
    return made


def _result(made: Story, chance: random.Random, number: int) -> list[Entry]:
    id_, patient = f"lab-{number}", chance.choice(("kari", "ola"))
    versions: list[Entry] = []
    for version in range(1, chance.randint(1, 4) + 1):
        what = chance.choice(("value", "value", "value", "gone", "moved" if version > 1 else "value"))
        # Deletions are all alike: of two, the one that comes late says nothing new.
        if what == "gone" and all(each.resource is not None for each in versions):
            versions.append(_entry("Observation", id_, version, None))
            made.shown.pop(("Observation", id_), None)
            continue
        whose = patient if what != "moved" else {"kari": "ola", "ola": "kari"}[patient]
        value = f"{chance.randint(1, 99)}.{version}0"
        versions.append(_entry("Observation", id_, version, _observation(id_, whose, value)))
        made.shown.pop(("Observation", id_), None)
        if what != "moved":
            made.shown["Observation", id_] = Shown(patient, version, value, "Eirik Solbakken")
    if versions[0].resource is None:
        # Of what was gone before anybody saw it, the first that tells a person is the one that binds.
        made.shown.pop(("Observation", id_), None)
        versions = versions[:1]
    made.keys.append(("Observation", id_))
    return versions


def _entry(kind: str, id_: str, version: int, resource: Mapping[str, Any] | None) -> Entry:
    body = None if resource is None else msgspec.json.encode(resource)
    return Entry(position=0, source=SOURCE, kind=kind, id=id_, version=version, resource=body)


def _patient(id_: str) -> Entry:
    return _entry("Patient", id_, 1, {"resourceType": "Patient", "id": id_, "name": [{"family": id_}]})


def _author() -> Entry:
    name = [{"given": ["Eirik"], "family": "Solbakken"}]
    return _entry("Practitioner", "eirik", 1, {"resourceType": "Practitioner", "id": "eirik", "name": name})


def _observation(id_: str, patient: str, value: str) -> Mapping[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"text": "HbA1c"},
        "subject": {"reference": f"Patient/{patient}"},
        "performer": [{"reference": "Practitioner/eirik"}],
        "effectiveDateTime": "2026-11-20T10:15:00+01:00",
        "valueQuantity": {"value": msgspec.Raw(value.encode()), "unit": "mmol/mol"},
    }

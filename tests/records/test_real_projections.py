"""Everything real goes through the projections without an error, and comes out as something a person can read."""

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from innsyn.journal.fhir import care, plans, resources
from innsyn.journal.fhir.datatypes import Identifier
from innsyn.journal.lookup import Lookup, identifier_name
from innsyn.records.care_plans import projection as care_plans
from innsyn.records.care_team import projection as care_team
from innsyn.records.encounters import projection as encounters
from innsyn.records.hostile_text import clean
from innsyn.records.notes import projection as notes
from innsyn.records.notes.views import Note
from innsyn.records.people import NOTE, TITLE
from innsyn.records.procedures import projection as procedures
from innsyn.records.projected import About, NotShown, Projected
from innsyn.records.referrals import projection as referrals
from records.populations import POPULATIONS, needs_real_data, resources_of
from records.staffed import RECORDED

PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {}
for each in (notes, procedures, encounters, referrals, care_plans, care_team):
    PROJECTIONS |= each.PROJECTIONS

SEMANTIC_TAG = re.compile(r" \((?:procedure|disorder|finding|regime/therapy|record artifact)\)$")


def everything(population: str) -> tuple[list[tuple[str, bytes]], Lookup]:
    """(kind, body) of all that is ours, and a lookup that knows the whole population."""
    ours, lookup = [], Lookup()
    for url, resource in resources_of(population):
        kind, body = resource["resourceType"], json.dumps(resource).encode()
        key = (kind, str(resource.get("id") or url.rpartition(":")[2]))
        names = ["/".join(key), *([url] if url else [])]
        known = resource.get("identifier", [])
        for identifier in known if isinstance(known, list) else [known]:
            named = msgspec.convert({"system": "", **identifier}, type=Identifier)
            names += [identifier_name(named, kind)] if named.value else []
        for name in names:
            lookup.learn(name, key, body)
        if kind in PROJECTIONS:
            ours.append((kind, body))
    return ours, lookup


@needs_real_data
@pytest.mark.parametrize("population", POPULATIONS)
def test_all_of_a_population_is_read(population: str) -> None:
    ours, knows = everything(population)
    for lookup in (Lookup(), knows):
        for kind, body in ours:
            struct = next(vars(each)[kind] for each in (care, plans, resources) if kind in vars(each))
            resource = msgspec.json.decode(body, type=struct)
            about = About(lookup, RECORDED, resource.contained)
            answer = PROJECTIONS[kind](resource, about)
            assert PROJECTIONS[kind](resource, about) == answer
            if isinstance(answer, Projected):
                readable(answer)


def readable(answer: Projected) -> None:
    assert len(answer.title) <= TITLE
    assert len(answer.note) <= NOTE
    assert not SEMANTIC_TAG.search(answer.title), answer.title
    assert "\n" not in answer.title + answer.note
    if isinstance(answer.detail, Note):
        assert clean(answer.detail.html).html == answer.detail.html
    assert msgspec.json.decode(msgspec.json.encode(answer.detail), type=type(answer.detail)) == answer.detail

"""A form can be sent whatever is missing in it that whoever answers could not have filled in."""

import json

from forms.drafts.begun import asked, begin, opened, save, send
from world import KARI, OLA, World

HIDDEN = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden", "valueBoolean": True}
NUMBER = {
    "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression",
    "valueExpression": {"language": "text/fhirpath", "expression": "%patient.identifier.value"},
}
LAUNCH = {
    "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-launchContext",
    "extension": [
        {"url": "name", "valueCoding": {"code": "patient"}},
        {"url": "type", "valueCode": "Patient"},
    ],
}
LOCKED = {"linkId": "id", "type": "string", "text": "Nummer", "required": True, "extension": [NUMBER]}


async def test_what_the_form_could_not_fill_in_leaves_without_an_answer(world: World) -> None:
    items = [
        {**LOCKED, "readOnly": True},
        {"linkId": "unseen", "type": "group", "extension": [HIDDEN], "item": [{**LOCKED, "linkId": "below"}]},
        {"linkId": "note", "type": "string", "text": "Noe annet", "required": True},
    ]
    await asked(world, extension=[LAUNCH], item=items)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begin(world, kari)
    missing = await send(kari, address)
    assert (missing.status_code, await world.owner.fetchval("SELECT count(*) FROM journal.outbox")) == (
        303,
        0,
    )
    await save(kari, address, await opened(kari, address), _3="Ja")
    page = (await kari.get(f"{address}/check")).text
    receipt = (await send(kari, address)).headers["location"]
    left = json.loads(await world.owner.fetchval("SELECT resource FROM journal.outbox"))
    why = [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "not-asked"}]
    assert left["item"] == [
        {"linkId": "id", "text": "Nummer", "extension": why},
        {"linkId": "unseen", "item": [{"linkId": "below", "text": "Nummer", "extension": why}]},
        {"linkId": "note", "text": "Noe annet", "answer": [{"valueString": "Ja"}]},
    ]
    assert page.count("Tomt. Dette fyller skjemaet ut selv") == 1
    assert ("Nummer" in page, (await kari.get(receipt)).status_code) == (True, 200)
    assert (await ola.get(receipt)).status_code == 404

"""What was sent is shown as it left, on the page and on paper: nothing of it is worked out anew."""

import re

from forms.drafts.begun import asked, begin, opened, save, send
from forms.paper.test_paper import read_out
from world import KARI, OLA, World

_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
_PATIENT = {
    "url": f"{_SDC}sdc-questionnaire-launchContext",
    "extension": [
        {
            "url": "name",
            "valueCoding": {
                "system": "http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext",
                "code": "patient",
            },
        },
        {"url": "type", "valueCode": "Patient"},
    ],
}


def _worked_out(kind: str, expression: str) -> dict[str, object]:
    said = {"language": "text/fhirpath", "expression": expression}
    return {"url": f"{_SDC}sdc-questionnaire-{kind}", "valueExpression": said}


_ITEMS = [
    {
        "linkId": "risk",
        "type": "string",
        "text": "Vurdering",
        "extension": [
            _worked_out(
                "calculatedExpression",
                "iif(%patient.birthDate < @1970-01-01, 'Over 50: risiko', 'Lav risiko')",
            )
        ],
    },
    {
        "linkId": "old",
        "type": "string",
        "text": "Om alderen",
        "extension": [_worked_out("enableWhenExpression", "%patient.birthDate.exists()")],
    },
    {"linkId": "note", "type": "string", "text": "Noe annet"},
]


async def test_what_was_worked_out_of_the_patient_stands_on_page_and_paper_as_it_was_sent(
    world: World,
) -> None:
    await asked(world, extension=[_PATIENT], item=_ITEMS)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begin(world, kari)
    await save(kari, address, await opened(kari, address), _1="Svar om alderen")
    check = (await kari.get(f"{address}/check")).text
    sent = (await send(kari, address)).headers["location"].partition("?")[0]
    left = (await world.owner.fetchval("SELECT resource FROM journal.outbox")).decode()
    page, paper = (await kari.get(sent)).text, read_out((await kari.get(f"{sent}/receipt.pdf")).content)
    wanted = ["Svar om alderen", "Over 50: risiko"]
    assert [
        sorted(set(re.findall("|".join([*wanted, "Lav risiko"]), text))) for text in (check, left, page)
    ] == [sorted(wanted)] * 3
    assert "VurderingOver50:risikoOmalderenSvaromalderenNoeannet" in paper
    assert "Lavrisiko" not in paper
    # Nor is it when the person's birth date turns out to be another one.
    await world.owner.execute("UPDATE identity.person SET birth_date = '1990-01-01'")
    assert "Lav risiko" not in (await kari.get(sent)).text
    assert (await ola.get(sent)).status_code == 404

"""Files of a form that keeps no drafts are seen in the login they were added in, and in no other."""

from files.hostile import screenshot
from forms.drafts.begun import asked, begin
from world import KARI, OLA, World


async def test_a_file_of_a_draft_for_one_login_is_not_seen_in_another(world: World) -> None:
    keeps = {
        "url": "http://helsenorge.no/fhir/StructureDefinition/sdf-save-capabilities",
        "valueCoding": {"system": "urn:oid:2.16.578.1.12.4.1.1.9999", "code": "2"},
    }
    wound = {"linkId": "w", "type": "attachment", "text": "Sår", "repeats": True}
    await asked(world, extension=[keeps], item=[wound])
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    file = {"file": ("saar.png", screenshot(), "image/png")}
    await kari.post(f"{address}/files", data={"field": "0", "step": "0"}, files=file)
    file_id = await world.owner.fetchval("SELECT file_id FROM form.file")
    place = f"/forms/files/{file_id}"
    assert (await kari.get(place)).status_code == 200
    for browser in (await world.log_in(KARI), await world.log_in(OLA)):
        assert (await browser.get(place)).status_code == 404
        assert (await browser.post(f"{place}/remove", data={"field": "0", "step": "0"})).status_code == 404
    assert await world.owner.fetchval("SELECT count(*) FROM form.file") == 1

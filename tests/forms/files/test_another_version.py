"""A file is laid with the question that it was added to, also when the form has changed: or it is not kept."""

import pytest

from files.hostile import screenshot
from forms.drafts.begun import asked, begin, opened, questionnaire
from world import KARI, World

WOUND = {"linkId": "wound", "type": "attachment", "text": "Sår", "repeats": True}
PASSPORT = {"linkId": "passport", "type": "attachment", "text": "Pass", "repeats": True}


@pytest.mark.parametrize("is_carried", [True, False], ids=["carried over", "not opened since"])
async def test_a_file_of_a_page_of_another_version_is_not_kept(world: World, is_carried: bool) -> None:
    await asked(world, item=[WOUND])
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    page = await opened(kari, address, 0)
    await world.take(questionnaire("2.0", item=[PASSPORT, WOUND]), version=2)
    if is_carried:
        await kari.get(address)
    answer = await kari.post(
        f"{address}/files",
        data={"field": "0", "step": "0", "form": page["form"]},
        files={"file": ("saar.png", screenshot(), "image/png")},
    )
    assert answer.status_code == 422
    assert "hvilket spørsmål filen hører til" in answer.text
    assert await world.owner.fetchval("SELECT count(*) FROM form.file") == 0
    # From the page as it is now (to be carried over, it is opened) it is laid where it belongs.
    await kari.get(address)
    page = await opened(kari, address, 0)
    await kari.post(
        f"{address}/files",
        data={"field": "1", "step": "0", "form": page["form"]},
        files={"file": ("saar.png", screenshot(), "image/png")},
    )
    assert await world.owner.fetchval("SELECT convert_from(answers, 'UTF8') FROM form.draft") == (
        await world.owner.fetchval(
            """SELECT '[{"linkId":"wound","answer":[{"valueAttachment":{"contentType":"image/png","url":"urn:uuid:'
            || file_id || '","size":' || size || ',"title":"saar.png"}}]}]' FROM form.file"""
        )
    )

"""A preview of the own record shows of forms what the helper who is previewed would see, and not what another would."""

from uuid import uuid4

from access.permits import handle, permit
from forms.drafts import begun
from innsyn.access.audience import Audience
from innsyn.access.capability import Capability
from world import KARI, OLA, World, patient

_SEE = int(Capability.SEE)
_FORMS = int(Capability.SEE | Capability.FORMS)


async def test_without_the_right_to_answer_forms_it_is_the_same_with_and_without_them(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    kari = await world.log_in(KARI)
    bases = []
    # Two are previewed at once, and one of them may.
    for capabilities in (_SEE, _FORMS):
        await permit(
            world,
            *(KARI, KARI),
            audience=Audience.HELPER,
            capabilities=capabilities,
            rule="preview",
            origin="preview",
            handle_on=(on := uuid4()),
        )
        bases.append(f"/for/{await handle(world, kari, on)}")
    without, may = bases

    empty = [await kari.get(f"{without}{each}") for each in ("/", "/forms", "/api/forms")]
    await begun.asked(world, begun.task("t2"))
    task_id = await begun.task_id(world)
    draft = await begun.begin(world, kari)
    await begun.save(kari, draft, await begun.opened(kari, draft, 0), _1="true")
    sent = (await begun.send(kari, draft)).headers["location"].partition("?")[0]
    full = [await kari.get(f"{without}{each}") for each in ("/", "/forms", "/api/forms")]

    assert [(each.status_code, each.content) for each in full] == [
        (each.status_code, each.content) for each in empty
    ]
    of_none = await kari.get(f"{without}/forms/tasks/{uuid4()}")
    for hidden in (f"/forms/tasks/{task_id}", sent, f"/api{sent}"):
        assert (await kari.get(f"{without}{hidden}")).status_code == of_none.status_code == 404
    assert "Før timen" in (await kari.get(f"{may}/forms")).text
    assert (await kari.get(f"{may}{sent}")).status_code == 200

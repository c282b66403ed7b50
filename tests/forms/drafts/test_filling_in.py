"""A citizen fills in a form that was asked for, over days and devices, without JavaScript."""

from forms.drafts.begun import asked, begin, fields, opened, save
from world import KARI, OLA, World


async def test_a_form_is_filled_in_step_by_step_and_found_again_where_it_was_left(world: World) -> None:
    await asked(world)
    kari = await world.log_in(KARI)
    address = await begin(world, kari)
    assert await begin(world, kari) == address

    page = await opened(kari, address)
    gone_on = await save(kari, address, page, "next", _1="false", _2="Naboen", _3="4")
    assert gone_on.headers["location"] == f"{address}?step=1"

    elsewhere = await world.log_in(KARI)
    found = await elsewhere.get(address)
    assert "Familien" in found.text
    assert fields(found.text)["step"] == "1"
    first = (await elsewhere.get(f"{address}?step=0")).text
    assert "Naboen" in first


async def test_a_draft_is_its_authors_alone(world: World) -> None:
    await asked(world)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    address = await begin(world, kari)
    page = await opened(kari, address)
    await save(kari, address, page, _4="Bare mitt")

    for answer in (
        await ola.get(address),
        await ola.get(f"{address}/check"),
        await ola.get(f"{address}/discard"),
        await ola.post(address, data={"on": "4", "4": "Olas", "revision": "2", "step": "0"}),
        await ola.post(f"{address}/live", data={"on": "4", "4": "Olas", "revision": "2", "step": "0"}),
        await ola.post(f"{address}/discard"),
        await ola.post(f"{address}/send", data={"revision": "2"}),
    ):
        assert answer.status_code == 404, answer.url
        assert "Bare mitt" not in answer.text
    assert "Bare mitt" in (await kari.get(address)).text

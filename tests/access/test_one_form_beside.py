"""What stands beside one form that was given: its draft, its preview, the form's own codes, and other fullmakts."""

import pytest

from access import one_form
from access.fullmakt.giving import given, moved
from access.one_form import Two
from forms.drafts import begun
from innsyn.access.fullmakt.rules import Move
from world import World


@pytest.fixture
async def two(world: World) -> Two:
    return await one_form.two(world)


async def test_what_a_helper_has_begun_can_be_taken_over(two: Two) -> None:
    draft = await one_form.begin(two.ola, two.one, two.base)
    await one_form.answered(two.ola, draft, _4="Olas ord")
    file = await one_form.added(two.world, two.ola, draft, two.base)
    own = draft.removeprefix(two.base)
    assert (await two.kari.get(own)).status_code == 404
    page = await two.kari.get(f"/forms/tasks/{two.one}")
    assert "Ola Nordli har begynt på skjemaet" in page.text
    body = {"draft": own.rpartition("/")[2]}
    # Not by the helper, nor for another task.
    assert (await two.ola.post(f"{two.base}/forms/tasks/{two.one}/take", data=body)).status_code == 404
    assert (await two.kari.post(f"/forms/tasks/{two.other}/take", data=body)).status_code == 404
    await moved(two.kari, two.fullmakt, Move.END)
    taken = await two.kari.post(f"/forms/tasks/{two.one}/take", data=body)
    assert (taken.status_code, taken.headers["location"]) == (303, own)
    assert "Olas ord" in (await two.kari.get(f"{own}?step=0")).text
    assert (await two.kari.get(file.removeprefix(two.base))).status_code == 200
    await one_form.answered(two.kari, own)
    await one_form.sent(two.kari, own)


async def test_two_drafts_are_not_made_one(two: Two) -> None:
    draft, mine = (
        await one_form.begin(two.ola, two.one, two.base),
        await one_form.begin(two.kari, two.one),
    )
    body = {"draft": draft.rpartition("/")[2]}
    assert (await two.kari.post(f"/forms/tasks/{two.one}/take", data=body)).status_code == 404
    assert (await two.kari.get(mine)).status_code == 200
    assert (await two.ola.get(draft)).status_code == 200


async def test_a_preview_shows_that_form_and_no_other_preview(two: Two) -> None:
    per = await two.world.log_in(one_form.PER)
    second = await given(two.kari, per, "Kari Nordli", level="form", task=str(two.other), label="Per")
    bases = [
        (await moved(two.kari, address, Move.PREVIEW)).headers["location"].removesuffix("/")
        for address in (two.fullmakt, second)
    ]
    for base, own, other in zip(bases, (two.one, two.other), (two.other, two.one), strict=True):
        assert (await two.kari.get(f"{base}/")).headers["location"] == f"{base}/forms"
        page = await two.kari.get(f"{base}/forms")
        assert str(own) in page.text
        assert str(other) not in page.text
        assert "/journal" not in page.text
        assert (await two.kari.get(f"{base}/forms/tasks/{own}")).status_code == 200
        for hidden in (f"/forms/tasks/{other}", "/journal", "/api/entries"):
            assert (await two.kari.get(f"{base}{hidden}")).status_code == 404
        assert (await two.kari.post(f"{base}/forms/tasks/{own}/start")).status_code == 404


async def test_the_form_says_whether_helpers_may(two: Two) -> None:
    only = [{"system": "http://helsenorge.no/fhir/KanUtforesAv", "code": "1"}]
    await two.world.take(begun.task("t1", description="Det ene skjemaet", meta={"security": only}))
    page = await two.ola.get(f"{two.base}/forms/tasks/{two.one}")
    assert page.status_code == 200
    assert "Bare den det gjelder" in page.text
    assert (await two.ola.post(f"{two.base}/forms/tasks/{two.one}/start")).status_code == 403


async def test_a_helper_with_more_keeps_it_and_the_people_list_says_one_form(two: Two) -> None:
    assert "ett skjema" in (await two.ola.get("/people")).text
    read = await given(two.kari, two.ola, "Kari Nordli", level="read")
    assert "ett skjema" not in (await two.ola.get("/people")).text
    assert (await two.ola.get(f"{two.base}/journal")).status_code == 200
    assert (await two.ola.get(f"{two.base}/forms/tasks/{two.one}")).status_code == 200
    assert (await two.ola.get(f"{two.base}/forms/tasks/{two.other}")).status_code == 404
    await moved(two.kari, read, Move.END)
    assert (await two.ola.get(f"{two.base}/journal")).status_code == 404
    assert (await two.ola.get(f"{two.base}/forms/tasks/{two.one}")).status_code == 200

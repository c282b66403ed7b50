"""A fullmakt for one form opens the routes of that form, for as long as it is in force, and nothing else.

Every route of the application is met by the helper, with the task that was given and with everything that was not.
"""

from uuid import UUID, uuid4

import pytest

from access import one_form
from access.fullmakt.giving import claimed, code_for, drafted, given, moved
from access.one_form import Two
from access.permits import handle, person_of
from access.test_isolation import EXPECTED, routes
from forms.drafts import begun
from innsyn.access.fullmakt.rules import Move
from world import KARI, OLA, World

NOBODYS = UUID(int=1)
TASK, DRAFT, SENT, FILE = "{task_id:uuid}", "{draft_id:uuid}", "{sent_id:uuid}", "{file_id:uuid}"
# What the helper meets at each route, with what is theirs in its place. All that is not here is not found.
ALLOWED = {
    ("GET", "/"): 303,
    ("GET", "/live"): 200,
    ("GET", "/forms"): 200,
    ("GET", "/api/forms"): 200,
    ("GET", f"/forms/tasks/{TASK}"): 200,
    ("POST", f"/forms/tasks/{TASK}/start"): 303,
    ("GET", f"/forms/drafts/{DRAFT}"): 200,
    ("POST", f"/forms/drafts/{DRAFT}"): 303,
    ("POST", f"/forms/drafts/{DRAFT}/live"): 200,
    ("GET", f"/forms/drafts/{DRAFT}/check"): 200,
    ("GET", f"/forms/drafts/{DRAFT}/discard"): 200,
    ("GET", f"/forms/files/{FILE}"): 200,
}
# Of the last steps: they take away what the others are about.
LAST = {
    ("POST", f"/forms/files/{FILE}/remove"): 303,
    ("POST", f"/forms/drafts/{DRAFT}/send"): 303,
    ("GET", f"/forms/sent/{SENT}"): 200,
    ("GET", f"/forms/sent/{SENT}/receipt.pdf"): 200,
    ("GET", f"/api/forms/sent/{SENT}"): 200,
}
# What has no place under somebody else's record, or takes another body: a test of its own below.
ELSEWHERE = {("POST", f"/forms/drafts/{DRAFT}/files"), ("POST", f"/forms/drafts/{DRAFT}/discard")}


@pytest.fixture
async def two(world: World) -> Two:
    return await one_form.two(world)


def _address(route: str, ids: dict[str, object]) -> str:
    for place, id_ in ids.items():
        route = route.replace(place, str(id_))
    return route


async def _body(two: Two, draft: str, method: str, route: str, row_form: dict[str, str] | None) -> object:
    if method == "POST" and route in {f"/forms/drafts/{DRAFT}", f"/forms/drafts/{DRAFT}/live"}:
        return {**(await begun.opened(two.ola, draft, 0)), "1": "true"}
    return row_form


async def test_every_route_with_what_was_given(two: Two) -> None:
    draft = await one_form.begin(two.ola, two.one, two.base)
    await one_form.answered(two.ola, draft)
    file = await one_form.added(two.world, two.ola, draft, two.base)
    ids: dict[str, object] = {
        TASK: two.one,
        DRAFT: draft.rpartition("/")[2],
        FILE: file.rpartition("/")[2],
        SENT: NOBODYS,
    }
    differences = []
    for method, route in sorted(routes(two.world) - LAST.keys() - ELSEWHERE):
        row = EXPECTED[method, route]
        address = _address(route, ids) if "{task_id" in route or "/forms/" in route else row.address
        data = await _body(two, draft, method, route, row.form)
        answer = await two.ola.request(method, f"{two.base}{address.format(entry=uuid4())}", data=data)  # type: ignore[arg-type]
        wanted = {ALLOWED.get((method, route), 404)} | ({405} if (method, route) not in ALLOWED else set())
        if (
            answer.status_code not in wanted
            or "Karis prøve" in answer.text
            or "Det andre skjemaet" in answer.text
        ):
            differences.append((method, address, answer.status_code))
    assert differences == []

    assert (await two.ola.post(f"{file}/remove", data={"field": "9", "step": "2"})).status_code == 303
    receipt = await one_form.sent(two.ola, draft)
    for address in (receipt, f"{receipt}/receipt.pdf", receipt.replace("/forms/", "/api/forms/")):
        assert (await two.ola.get(address)).status_code == 200, address
    # Kari sees what was sent for her, and by whom.
    own = await two.kari.get(receipt.removeprefix(two.base))
    assert own.status_code == 200
    assert "Ola Nordli" in own.text


async def test_every_route_with_what_was_not(two: Two) -> None:
    """Ids of Kari's own drafts, files and what she has sent, of the other task, and of the one that was given."""
    mine, others = await one_form.begin(two.kari, two.one), await one_form.begin(two.kari, two.other)
    for draft in (mine, others):
        await one_form.answered(two.kari, draft)
    files = [await one_form.added(two.world, two.kari, each) for each in (mine, others)]
    receipt = await one_form.sent(two.kari, others)
    ola_own = await one_form.begin(two.ola, await begun.task_id(two.world, OLA))
    drafts = [each.rpartition("/")[2] for each in (mine, others, ola_own)]
    met = []
    for draft in drafts:
        for file in files:
            ids: dict[str, object] = {
                TASK: two.other,
                DRAFT: draft,
                FILE: file.rpartition("/")[2],
                SENT: receipt.rpartition("/")[2],
            }
            for method, route in sorted(routes(two.world)):
                if "/forms/" not in route or not any(place in route for place in ids):
                    continue
                form = EXPECTED[method, route].form
                address = f"{two.base}{_address(route, ids)}"
                answer = await two.ola.request(method, address, data=form)
                met.append((method, route, answer.status_code))
    assert [each for each in met if each[2] != 404] == []
    assert len(met) > 80
    # Nothing was touched either.
    assert (await two.kari.get(mine)).status_code == 200
    assert (await two.kari.get(files[0])).status_code == 200


async def test_the_lists_have_that_form_alone(two: Two) -> None:
    mine = await one_form.begin(two.kari, two.other)
    await one_form.answered(two.kari, mine)
    receipt = await one_form.sent(two.kari, mine)
    page = await two.ola.get(f"{two.base}/forms")
    assert "Det ene skjemaet" in page.text or "Før timen" in page.text
    assert str(two.one) in page.text
    for hidden in (two.other, receipt.rpartition("/")[2], "Karis prøve", "/journal"):
        assert str(hidden) not in page.text
    told = (await two.ola.get(f"{two.base}/api/forms")).json()
    assert [each["id"] for each in told["tasks"]] == [str(two.one)]
    assert (told["drafts"], told["sent"]) == ([], [])


async def test_the_other_way_round_and_beside_there_is_nothing(two: Two) -> None:
    per = await two.world.log_in(one_form.PER)
    await given(two.kari, per, "Kari Nordli", level="form", task=str(two.other), label="Per")
    theirs = f"/for/{await handle(two.world, per, await person_of(two.world, KARI))}"
    assert (await per.get(f"{theirs}/forms/tasks/{two.one}")).status_code == 404
    draft = await one_form.begin(per, two.other, theirs)
    assert (await two.ola.get(draft.replace(theirs, two.base))).status_code == 404
    # Ola has given Kari nothing.
    olas = f"/for/{await handle(two.world, two.kari, await person_of(two.world, OLA))}"
    assert (await two.kari.get(f"{olas}/forms")).status_code == 404


async def test_a_form_that_nobody_has_asked_for_is_not_begun(two: Two) -> None:
    await two.world.take(
        begun.questionnaire(version="2.0", id="by-choice", url="https://example.test/Q/choice")
    )
    await two.world.owner.execute("UPDATE form.questionnaire SET by_choice = true")
    for form in await two.world.owner.fetch("SELECT questionnaire_id FROM form.questionnaire"):
        answer = await two.ola.post(f"{two.base}/forms/start", data={"form": str(form[0])})
        assert answer.status_code == 404
    assert "by_choice" not in (await two.ola.get(f"{two.base}/forms")).text


ENDS = ("giver", "receiver", "expired", "secret")


@pytest.mark.parametrize("how", ENDS)
async def test_the_end_counts_at_once_also_in_the_middle_of_it(two: Two, how: str) -> None:
    draft = await one_form.begin(two.ola, two.one, two.base)
    page = await begun.opened(two.ola, draft, 0)
    await one_form.answered(two.ola, draft, _2="Olas ord")
    file = await one_form.added(two.world, two.ola, draft, two.base)
    if how == "expired":
        await two.world.owner.execute(
            "UPDATE access.permit SET valid_until = now() - interval '1 second' WHERE origin = 'fullmakt'"
        )
    elif how == "secret":
        await two.world.owner.execute("UPDATE identity.person SET secret = true WHERE given_name = 'Kari'")
    else:
        by = two.kari if how == "giver" else two.ola
        assert (await moved(by, two.fullmakt, Move.END)).status_code == 303
    for address in (f"{two.base}/", f"{two.base}/forms", f"{two.base}/forms/tasks/{two.one}", draft, file):
        assert (await two.ola.get(address)).status_code == 404, address
    for address in (f"{draft}/live", draft, f"{draft}/send", f"{draft}/discard", f"{file}/remove"):
        assert (await two.ola.post(address, data={**page, "1": "true"})).status_code == 404, address
    assert await two.world.owner.fetchval("SELECT count(*) FROM form.sent") == 0
    # What had been written is not lost: it is Kari's to take over.
    assert await two.world.owner.fetchval("SELECT count(*) FROM form.draft") == 1


async def test_declined_is_never_open(world: World) -> None:
    kari, ola, one, _ = await one_form.asked(world)
    address = await drafted(kari, level="form", task=str(one))
    await claimed(ola, await code_for(kari, address), "Kari Nordli")
    # Whoever has only used the code is not told what the form is about.
    assert "Det ene skjemaet" not in (await ola.get(address)).text
    assert "Det ene skjemaet" in (await kari.get(address)).text
    base = f"/for/{await handle(world, ola, await person_of(world, KARI))}"
    assert (await ola.get(f"{base}/forms")).status_code == 404
    await moved(ola, address, Move.DECLINE)
    assert (await ola.get(f"{base}/forms/tasks/{one}")).status_code == 404


async def test_every_reading_and_act_stands_in_the_log_by_that_rule(two: Two) -> None:
    draft = await one_form.begin(two.ola, two.one, two.base)
    await one_form.answered(two.ola, draft)
    await one_form.sent(two.ola, draft)
    await two.ola.get(f"{two.base}/journal")
    rows = await two.world.owner.fetch(
        "SELECT rule, purpose, act, refused FROM access.log l WHERE subject_id <> actor_id ORDER BY log_id"
    )
    assert {row["rule"] for row in rows} == {"fullmakt.form"}
    acts = [row["purpose"] for row in rows if row["act"]]
    assert acts == ["forms.start", "forms.save", "forms.send"]
    assert [row["purpose"] for row in rows if row["refused"]] == ["timeline.all.page"]
    log = await two.kari.get("/access/log")
    assert "Ola Nordli" in log.text


async def test_which_form_has_to_be_said_and_be_ones_own(two: Two) -> None:
    olas = await begun.task_id(two.world, OLA)
    for task in ("", "form", str(uuid4()), str(olas)):
        for answer in (
            await two.kari.get(f"/access/give?level=form&task={task}"),
            await two.kari.post("/access/give", data={"level": "form", "task": task, "label": "Ola"}),
        ):
            assert answer.status_code == 400
            assert "Velg først skjemaet" in answer.text
    shown = await two.kari.get(f"/access/give?level=form&task={two.other}")
    assert "Det andre skjemaet" in shown.text
    # Nor does another level become a form by changing it.
    read = await given(two.kari, await two.world.log_in(one_form.PER), "Kari Nordli", level="read")
    changed = await two.kari.post(f"{read}/change", data={"level": "form", "task": str(two.one)})
    assert changed.status_code == 400

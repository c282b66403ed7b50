"""Two givers, two helpers, anything in any order: what opens is what a small oracle says, after every step."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from access.fullmakt.giving import claimed, code_for, drafted, moved
from access.permits import handle, person_of
from innsyn.embedded_postgres import Server
from world import KARI, OLA, World, open_world, patient, result

EVA, PER = "05895894984", "10907295813"
NAMES = {KARI: "Kari", EVA: "Eva", OLA: "Ola", PER: "Per"}
GIVERS, HELPERS = (KARI, EVA), (OLA, PER)
# What of a journal with one result, one appointment to come and one that has been, each level shows.
SHOWS = {
    "standard": {"prøve", "time"},
    "read": {"prøve", "time"},
    "communicate": {"time"},
    "full": {"prøve", "time", "gammel time"},
    "appointments": {"time"},
    "messages": set(),
}
WIDE = {"messages": 0, "appointments": 1, "communicate": 2, "read": 2, "standard": 3, "full": 4}


@dataclass
class Expected:
    """One fullmakt, as the oracle knows it."""

    giver: str
    level: str
    address: str
    state: str = "draft"
    receiver: str = ""
    codes: list[str] = field(default_factory=list)
    wrong_names: int = 0


class Parties(RuleBasedStateMachine):
    """Everybody does anything. `of` is the world they do it in."""

    of: "Stage"

    def __init__(self) -> None:
        super().__init__()
        self.of.clear()
        self.all: list[Expected] = []

    @rule(giver=st.sampled_from(GIVERS), level=st.sampled_from(sorted(SHOWS)))
    def draft(self, giver: str, level: str) -> None:
        address = self.of.run(drafted(self.of.browsers[giver], level=level))
        self.all.append(Expected(giver, level, address))

    @rule(which=st.integers(0, 9), who=st.sampled_from([*GIVERS, *HELPERS]))
    def invite(self, which: int, who: str) -> None:
        if not (one := self._one(which)):
            return
        dead = one.state == "invited" and one.wrong_names >= 5
        if who == one.giver and (one.state in {"draft", "invited"} or dead):
            one.codes.append(self.of.run(code_for(self.of.browsers[who], one.address)))
            one.state, one.wrong_names = "invited", 0
        else:
            self._refused(one, who, "invite", {"giver": 409, "receiver": 404})

    @rule(
        which=st.integers(0, 9),
        who=st.sampled_from([*GIVERS, *HELPERS]),
        right=st.integers(0, 4),
        old=st.booleans(),
    )
    def claim(self, which: int, who: str, right: int, old: bool) -> None:
        one = self._one(which)
        if not one or not one.codes:
            return
        code, newest = (one.codes[0], len(one.codes) == 1) if old else (one.codes[-1], True)
        name = f"{NAMES[one.giver]} Nordli" if right else "Ingen Kjent"
        answer = self.of.run(claimed(self.of.browsers[who], code, name))
        usable = newest and one.state == "invited" and one.wrong_names < 5
        if usable and right and who != one.giver:
            assert answer.status_code == 303
            one.state, one.receiver = "claimed", who
        else:
            assert answer.status_code == 400
            # Whatever is wrong, a code that is known counts a try.
            one.wrong_names += newest and one.state == "invited"

    @rule(
        which=st.integers(0, 9),
        who=st.sampled_from([*GIVERS, *HELPERS]),
        do=st.sampled_from(["confirm", "confirm", "refuse", "decline", "withdraw", "end", "still_right"]),
    )
    def move(self, which: int, who: str, do: str) -> None:
        if not (one := self._one(which)):
            return
        waits = {"draft", "invited", "claimed"}
        giver = {
            "confirm": ({"claimed"}, "active"),
            "refuse": ({"claimed"}, "withdrawn"),
            "withdraw": (waits, "withdrawn"),
            "end": ({"active"}, "ended"),
            "still_right": ({"active"}, "active"),
        }
        receiver = {"decline": ({"claimed"}, "declined"), "end": ({"active"}, "ended")}
        theirs = giver if who == one.giver else receiver if who == one.receiver else {}
        from_, to = theirs.get(do, (set(), ""))
        if one.state in from_:
            assert self.of.run(moved(self.of.browsers[who], one.address, do)).status_code == 303
            one.state = to
        else:
            self._refused(
                one,
                who,
                do,
                {"giver": 409 if do in giver else 404, "receiver": 409 if do in receiver else 404},
            )

    @rule(which=st.integers(0, 9), level=st.sampled_from(sorted(SHOWS)))
    def change(self, which: int, level: str) -> None:
        if not (one := self._one(which)):
            return
        form = {"level": level, "lasts": "open"}
        answer = self.of.run(self.of.browsers[one.giver].post(f"{one.address}/change", data=form))
        if one.state in {"draft", "active"}:
            assert answer.status_code == 303
            one.level = level
        else:
            assert answer.status_code == 404

    @rule(which=st.integers(0, 9))
    def preview(self, which: int) -> None:
        one = self._one(which)
        if not one or one.state not in {"draft", "invited", "claimed", "active"}:
            return
        went = self.of.run(moved(self.of.browsers[one.giver], one.address, "preview"))
        base = went.headers["location"].rstrip("/")
        assert self.of.titles(one.giver, base) == self._of(one.giver, SHOWS[one.level])

    @invariant()
    def what_opens_is_what_has_been_given(self) -> None:
        for helper in HELPERS:
            for giver in GIVERS:
                active = [
                    SHOWS[each.level]
                    for each in self.all
                    if (each.giver, each.receiver, each.state) == (giver, helper, "active")
                ]
                expected = self._of(giver, set().union(*active)) if active else None
                assert self.of.titles(helper, self.of.bases[helper, giver]) == expected

    def _of(self, giver: str, shown: set[str]) -> set[str]:
        return {f"{NAMES[giver]}s {what}" for what in shown}

    def _one(self, which: int) -> Expected | None:
        return self.all[which % len(self.all)] if self.all else None

    def _refused(self, one: Expected, who: str, do: str, party: dict[str, int]) -> None:
        answer = self.of.run(moved(self.of.browsers[who], one.address, do))
        role = "giver" if who == one.giver else "receiver" if who == one.receiver else ""
        assert answer.status_code == party.get(role, 404), (one, who, do, answer.status_code)


class Stage:
    """One world for all the plays, with nothing given at the beginning of each."""

    def __init__(self, runner: asyncio.Runner, world: World) -> None:
        self._runner, self._world = runner, world
        self.browsers: dict[str, httpx.AsyncClient] = {}
        self.bases: dict[tuple[str, str], str] = {}

    def run(self, what: Any) -> Any:  # noqa: ANN401 - of any coroutine
        return self._runner.run(what)

    def clear(self) -> None:
        for table in ("fullmakt_event", "fullmakt", "permit", "claim_try"):
            self.run(self._world.owner.execute(f"DELETE FROM access.{table}"))  # noqa: S608 - the names above

    def titles(self, who: str, base: str) -> set[str] | None:
        """What this person finds there; None: there is no such journal to them. (Tries of a day are forgotten.)"""
        self.run(self._world.owner.execute("DELETE FROM access.claim_try"))
        answer = self.run(self.browsers[who].get(f"{base}/api/entries"))
        if answer.status_code == 404:
            return None
        return {entry["title"] for entry in answer.json()["entries"]}

    async def prepare(self) -> None:
        await self._world.take(*(patient(key, key, name) for key, name in NAMES.items()))
        for key, name in NAMES.items():
            await self._world.take(result(f"r{key}", key, f"{name}s prøve"))
            for what, year in (("time", 2099), ("gammel time", 2020)):
                await self._world.take(_appointment(f"{what[:1]}{key}{year}", key, f"{name}s {what}", year))
            self.browsers[key] = await self._world.log_in(key)
        for helper in HELPERS:
            for giver in GIVERS:
                on = await person_of(self._world, giver)
                self.bases[helper, giver] = f"/for/{await handle(self._world, self.browsers[helper], on)}"


def _appointment(id_: str, key: str, what: str, year: int) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": id_,
        "status": "booked",
        "description": what,
        "start": f"{year}-01-10T10:00:00+01:00",
        "participant": [{"actor": {"reference": f"Patient/{key}"}, "status": "accepted"}],
    }


def test_whatever_they_do_only_what_is_given_opens(
    postgres: Server, fresh_database: str, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        opening = open_world(postgres, fresh_database, tmp_path)
        world = runner.run(opening.__aenter__())
        try:
            Parties.of = Stage(runner, world)
            runner.run(Parties.of.prepare())
            run_state_machine_as_test(
                Parties,
                settings=settings(
                    max_examples=15,
                    stateful_step_count=25,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
        finally:
            runner.run(opening.__aexit__(None, None, None))

"""Two givers, two helpers, anything in any order: what opens is what a small oracle says, after every step."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from access.fullmakt.giving import claimed, code_for, drafted, given, moved
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

_WAITS = {"draft", "invited", "claimed"}
# Who may do what where, and what comes of it.
MOVES = {
    ("giver", "confirm"): ({"claimed"}, "active"),
    ("giver", "refuse"): ({"claimed"}, "withdrawn"),
    ("giver", "withdraw"): (_WAITS, "withdrawn"),
    ("giver", "end"): ({"active"}, "ended"),
    ("giver", "still_right"): ({"active"}, "active"),
    ("receiver", "decline"): ({"claimed"}, "declined"),
    ("receiver", "end"): ({"active"}, "ended"),
}
# The newest most of all: what has just been given is what somebody does something with.
WHICH = st.sampled_from([-1, -1, -1, -2, -2, 0, 1, 2])
ROLE = st.sampled_from(["giver", "giver", "receiver", "receiver", "third"])


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

    @rule(giver=st.sampled_from(GIVERS), level=st.sampled_from(sorted(SHOWS)), invites=st.booleans())
    def draft(self, giver: str, level: str, invites: bool) -> None:
        address = self.of.run(drafted(self.of.browsers[giver], level=level))
        self.all.append(Expected(giver, level, address))
        if invites:
            self.invite(-1, "giver")

    @initialize(
        giver=st.sampled_from(GIVERS), helper=st.sampled_from(HELPERS), level=st.sampled_from(sorted(SHOWS))
    )
    def one_is_given(self, giver: str, helper: str, level: str) -> None:
        """So that there is something to take back."""
        self.give(giver, helper, level)

    @rule(
        giver=st.sampled_from(GIVERS), helper=st.sampled_from(HELPERS), level=st.sampled_from(sorted(SHOWS))
    )
    def give(self, giver: str, helper: str, level: str) -> None:
        """The whole way at once."""
        browsers = self.of.browsers
        address = self.of.run(given(browsers[giver], browsers[helper], f"{NAMES[giver]} Nordli", level=level))
        self.all.append(Expected(giver, level, address, "active", helper))

    @rule(which=WHICH, role=ROLE)
    def invite(self, which: int, role: str) -> None:
        if not (one := self._one(which)):
            return
        who = self._who(one, role)
        dead = one.state == "invited" and one.wrong_names >= 5
        if who == one.giver and (one.state in {"draft", "invited"} or dead):
            one.codes.append(self.of.run(code_for(self.of.browsers[who], one.address)))
            one.state, one.wrong_names = "invited", 0
        else:
            self._refused(one, who, "invite", {"giver": 409, "receiver": 404})

    @rule(
        which=WHICH,
        who=st.sampled_from([*HELPERS, *HELPERS, *GIVERS]),
        right=st.integers(0, 4),
        old=st.booleans(),
    )
    def claim(self, which: int, who: str, right: int, old: bool) -> None:
        with_codes = [each for each in self.all if each.codes]
        if not with_codes:
            return
        one = with_codes[which % len(with_codes)]
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
        which=WHICH,
        role=ROLE,
        do=st.sampled_from(["confirm", "end", "refuse", "decline", "withdraw", "still_right"]),
        sense=st.integers(0, 20),
    )
    def move(self, which: int, role: str, do: str, sense: int) -> None:
        if not (one := self._one(which)):
            return
        possible = sorted(each for each, (from_, _) in MOVES.items() if one.state in from_)
        if sense and possible:
            # Nine out of ten times something that makes sense: the rest is refused anyhow.
            role, do = possible[sense % len(possible)]
        who = self._who(one, role)
        from_, to = MOVES.get((self._role(one, who), do), (set(), ""))
        if one.state in from_:
            assert self.of.run(moved(self.of.browsers[who], one.address, do)).status_code == 303
            one.state = to
        else:
            self._refused(
                one, who, do, {each: 409 if (each, do) in MOVES else 404 for each in ("giver", "receiver")}
            )

    @rule(which=WHICH, level=st.sampled_from(sorted(SHOWS)))
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

    @rule(which=WHICH)
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

    def _who(self, one: Expected, role: str) -> str:
        """The party, or a third person."""
        parties = {"giver": one.giver, "receiver": one.receiver or HELPERS[0]}
        return parties.get(role) or next(key for key in NAMES if key not in {one.giver, one.receiver})

    def _role(self, one: Expected, who: str) -> str:
        return "giver" if who == one.giver else "receiver" if who == one.receiver else ""

    def _refused(self, one: Expected, who: str, do: str, party: dict[str, int]) -> None:
        answer = self.of.run(moved(self.of.browsers[who], one.address, do))
        assert answer.status_code == party.get(self._role(one, who), 404), (one, who, do, answer.status_code)


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
        """What this person finds there; None: there is no such journal to them. (It is a new day for their tries.)"""
        self.run(self._world.owner.execute("UPDATE access.claim_try SET at = now() - interval '2 days'"))
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
                    max_examples=30,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
        finally:
            runner.run(opening.__aexit__(None, None, None))

"""Two tabs, new versions of the form, and sending, in any order: no answer is lost, and nothing is sent twice."""

import asyncio
import html
import re
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from forms.drafts.begun import asked, children, fields, items, questionnaire
from innsyn.embedded_postgres import Server
from world import KARI, Resource, World, open_world

TAB = st.integers(0, 1)
# Few values: two tabs that write the same are no conflict.
WORDS = st.sampled_from(["", "en", "to"])
WHAT = st.sampled_from(["more", "note"])
Values = dict[str, str]
EMPTY: Values = {"more": "", "note": ""}


def version(number: int) -> Resource:
    """The form with one more question on top for each version: every field is called something else in it."""
    (night,) = items()
    night["item"] = [
        *({"linkId": f"new-{n}", "type": "string", "text": f"Nytt {n}"} for n in range(number)),
        *(each for each in night["item"] if each["linkId"] in EMPTY),
    ]
    night["item"] = [
        {name: value for name, value in each.items() if name != "enableWhen"} for each in night["item"]
    ]
    return questionnaire(f"{number}.0", item=[night, children()])


@dataclass
class Tab:
    """A page that is open: what it was made from, what it shows, and its hidden fields."""

    address: str = ""
    base: Values = field(default_factory=dict)
    shows: Values = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def body(self, **more: str) -> dict[str, str]:
        """What the browser sends."""
        names = self.hidden["on"].split()[-2:]
        return {**self.hidden, **dict(zip(names, self.shows.values(), strict=True)), **more}


class Stage:
    """One world, and one browser in it."""

    def __init__(self, runner: asyncio.Runner, world: World, browser: httpx.AsyncClient) -> None:
        self.runner, self.world, self.browser = runner, world, browser
        self.version = 0
        self.sent: dict[str, Values] = {}
        self.conflicts = 0

    def get(self, address: str) -> httpx.Response:
        return self.runner.run(self.browser.get(address, follow_redirects=True))

    def post(self, address: str, data: dict[str, str]) -> httpx.Response:
        return self.runner.run(self.browser.post(address, data=data))

    def ask(self, sql: str) -> Any:  # noqa: ANN401
        return self.runner.run(self.world.owner.fetch(sql))

    def publish(self) -> None:
        self.version += 1
        self.runner.run(self.world.take(version(self.version), version=self.version + 1))
        self.runner.run(self.world.owner.execute("UPDATE form.questionnaire SET by_choice = true"))


class Tabs(RuleBasedStateMachine):
    """Two tabs of one person. `values` is what the draft holds, as the oracle knows it."""

    of: Stage

    def __init__(self) -> None:
        super().__init__()
        self.of.ask("DELETE FROM form.draft")
        self.address, self.values = "", dict(EMPTY)
        self.tabs = [Tab(), Tab()]
        self.begin()

    def begin(self) -> None:
        form = self.of.ask("SELECT questionnaire_id FROM form.questionnaire WHERE is_current")[0][0]
        self.address = self.of.post("/forms/start", {"form": str(form)}).headers["location"]
        self.values = dict(EMPTY)
        for which in (0, 1):
            self.load(which)

    @rule(which=TAB)
    def load(self, which: int) -> None:
        page = self.of.get(self.address)
        tab = self.tabs[which]
        tab.address, tab.hidden = self.address, fields(page.text)
        tab.base, tab.shows = dict(self.values), dict(self.values)
        assert all(words in page.text for words in self.values.values())

    @rule(which=TAB, what=WHAT, words=WORDS, then=st.sampled_from(["", "live", "mine", "theirs"]))
    def write(self, which: int, what: str, words: str, then: str) -> None:
        self.tabs[which].shows[what] = words
        if then == "live":
            self.autosave(which)
        elif then:
            self.save(which, then)

    @rule(what=WHAT, words=st.permutations(["en", "to", "tre"]), choose=st.sampled_from(["mine", "theirs"]))
    def write_in_both(self, what: str, words: list[str], choose: str) -> None:
        for which in (0, 1):
            self.write(which, what, words[which], "live" if which == 0 else choose)

    def autosave(self, which: int) -> None:
        tab = self.tabs[which]
        answer = self.of.post(f"{tab.address}/live", tab.body())
        if tab.address != self.address:
            assert answer.status_code == 410
            return
        merged, conflicts = self.merged(tab)
        if conflicts:
            assert answer.status_code == 409
            return
        told = answer.json()
        self.values = merged
        tab.base = dict(tab.shows)
        tab.hidden["revision"] = str(told["revision"])
        assert told["reload"] or merged == tab.shows

    def save(self, which: int, choose: str) -> None:
        tab = self.tabs[which]
        answer = self.of.post(tab.address, tab.body(do="update"))
        if tab.address != self.address:
            assert "/forms/sent/" in answer.headers["location"]
            return
        self.values, conflicts = self.merged(tab)
        assert answer.status_code == (409 if conflicts else 303)
        if conflicts:
            self.of.conflicts += 1
            # Before the choice is sent, nothing of either is gone.
            assert self.kept() == self.values
            sides = form_of(answer.text)
            choices = {f"c-{name}": choose for name in sides["on"].split()}
            assert len(choices) == len(conflicts)
            assert self.of.post(tab.address, {**sides, **choices}).status_code == 303
            self.values |= {name: tab.shows[name] for name in conflicts if choose == "mine"}
        self.load(which)

    @rule()
    def new_version(self) -> None:
        if self.of.version < 12:
            self.of.publish()

    @rule(which=TAB, twice=st.booleans())
    def send(self, which: int, twice: bool) -> None:
        tab = self.tabs[which]
        check = fields(self.of.get(f"{tab.address}/check").text)
        places = {
            self.of.post(f"{tab.address}/send", check).headers["location"].partition("?")[0]
            for _ in range(1 + twice)
        }
        if tab.address == self.address:
            # A new version may have come: then the form is looked at once more.
            if not any("/sent/" in place for place in places):
                return
            self.of.sent[max(places, key=lambda place: "/sent/" in place)] = deepcopy(self.values)
            self.begin()
        else:
            assert all("/sent/" in place for place in places)

    @invariant()
    def nothing_is_lost_and_nothing_is_sent_twice(self) -> None:
        assert self.kept() == self.values
        left = self.of.ask("SELECT resource FROM journal.outbox ORDER BY queued_at")
        assert [values_in(row[0]) for row in left] == list(self.of.sent.values())

    def merged(self, tab: Tab) -> tuple[Values, list[str]]:
        """What the draft shall hold when this tab is sent, and where the citizen has to choose."""
        merged, conflicts = dict(self.values), []
        for name, mine in tab.shows.items():
            theirs, base = self.values[name], tab.base[name]
            if mine in (base, theirs):
                continue
            if theirs == base:
                merged[name] = mine
            else:
                conflicts.append(name)
        return merged, conflicts

    def kept(self) -> Values:
        (row,) = self.of.ask("SELECT answers FROM form.draft")
        return values_in(b'{"item":%b}' % row[0])


def values_in(response: bytes) -> Values:
    found = dict(EMPTY)
    for group in msgspec.json.decode(response).get("item", []):
        for node in group.get("item", []):
            if node["linkId"] in found and node.get("answer"):
                found[node["linkId"]] = node["answer"][0]["valueString"]
    return found


def form_of(page: str) -> dict[str, str]:
    """What a page of conflicts sends."""
    form = page[page.index('<form class="stack"') :]
    inputs = re.findall(r'<input type="?hidden"? name="?([\w.-]+)"? value="?([^">]*)"?', form)
    return {name: html.unescape(value) for name, value in inputs}


def test_whatever_two_tabs_do_no_answer_is_lost_and_nothing_is_sent_twice(
    postgres: Server, fresh_database: str, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        opening = open_world(postgres, fresh_database, tmp_path)
        world = runner.run(opening.__aenter__())
        try:
            runner.run(asked(world))
            Tabs.of = Stage(runner, world, runner.run(world.log_in(KARI)))
            Tabs.of.publish()
            run_state_machine_as_test(
                Tabs,
                settings=settings(
                    max_examples=8,
                    stateful_step_count=15,
                    # A world remembers: what went wrong is told as it was met, and is not made smaller.
                    phases=(Phase.generate,),
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
            # It has been where it is hard.
            assert Tabs.of.conflicts > 0
            assert len(Tabs.of.sent) > 0
        finally:
            runner.run(opening.__aexit__(None, None, None))

"""Files made to do harm: what becomes of each, with ClamAV's daemon and without."""

import asyncio
from collections.abc import Mapping
from functools import cache

from files.corpus import CORPUS, MARK
from files.daemon import clamd, needs_clamd
from files.hostile import EXE, HTML, PLACE, ZIP
from innsyn.files.checking import Refused, check
from innsyn.files.examining import Examined, examined
from innsyn.files.scanning import Scanner


@cache
def bodies() -> Mapping[str, bytes]:
    return {name: each.body() for name, each in CORPUS.items()}


# By their first bytes or their length: nothing of ours reads on.
_AT_A_GLANCE = {"empty", "kind", "too_large"}


async def met_by(scanner: Scanner, *names: str) -> dict[str, Examined | Refused]:
    found = await asyncio.gather(*(examined(scanner, bodies()[name]) for name in names))
    return dict(zip(names, found, strict=True))


def told(found: Examined | Refused) -> str:
    return found.reason if isinstance(found, Refused) else found.found.media_type


async def test_what_becomes_of_each_where_nothing_is_scanned() -> None:
    glanced = [name for name, each in CORPUS.items() if each.becomes in _AT_A_GLANCE]
    assert [check(bodies()[name]) for name in glanced] == [
        Refused(CORPUS[name].becomes)  # type: ignore[arg-type]
        for name in glanced
    ]
    met = await met_by(Scanner(""), *(CORPUS.keys() - set(glanced)))
    assert {name: told(found) for name, found in met.items()} == {
        name: each.becomes for name, each in CORPUS.items() if name not in glanced
    }
    kept = [found.found.body for found in met.values() if isinstance(found, Examined)]
    assert all(found.is_clean for found in met.values() if isinstance(found, Examined))
    for trace in (PLACE, HTML, ZIP, EXE, b"/JavaScript", b"/Launch", b"/EmbeddedFiles", MARK):
        assert [body for body in kept if trace in body] == [], trace


@needs_clamd
async def test_what_the_daemon_knows_is_refused_and_a_bomb_it_does_not_mind_is_refused_by_us() -> None:
    with clamd() as daemon:
        scanner = Scanner(daemon.address)
        said = {name: await scanner.scan(body) for name, body in bodies().items()}
        known = {name: "infected" if each.is_known else "clean" for name, each in CORPUS.items()}
        assert said == known
        met = await met_by(scanner, *(name for name, each in CORPUS.items() if each.is_known))
        assert {told(found) for found in met.values()} == {"infected"}
        bombs = ("an archive of 300 megabytes", "a document with a page of nothing, 300 megabytes")
        assert {name: told(found) for name, found in (await met_by(scanner, *bombs)).items()} == {
            bombs[0]: "kind",
            bombs[1]: "too_complex",
        }

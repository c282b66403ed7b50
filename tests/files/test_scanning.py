"""What does not say that a file is clean has not said so: a daemon that is down, slow, or says something else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from files.corpus import MARK
from files.daemon import clamd, needs_clamd
from files.hostile import picture
from innsyn.files.examining import Examined, examined
from innsyn.files.scanning import Scanner

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[str]:
    """The address of something that is no daemon."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


def saying(answer: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(bytes(4))
        writer.write(answer)
        writer.close()

    return serve


async def _hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def _hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        (saying(b"stream: OK\0"), "clean"),
        (saying(b"stream: Innsyn.Harm.UNOFFICIAL FOUND\0"), "infected"),
        (saying(b"stream: OK"), "unknown"),
        (saying(b"stream: OK\nstream: Harm FOUND\0"), "infected"),
        (saying(b"INSTREAM size limit exceeded. ERROR\0"), "unknown"),
        (saying(b"UNKNOWN COMMAND\0"), "unknown"),
        (saying(b"x" * 10_000), "unknown"),
        (saying(b""), "unknown"),
        (_hang, "unknown"),
        (_hang_up, "unknown"),
    ],
)
async def test_only_its_own_words_count(serve: Serve, said: str) -> None:
    async with listening(serve) as address:
        assert await Scanner(address, seconds=1.0).scan(b"bytes") == said


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:1", "nowhere", "127.0.0.1:port"])
async def test_where_there_is_no_daemon_nobody_says_clean(address: str) -> None:
    found = await examined(Scanner(address), picture())
    assert isinstance(found, Examined)
    assert not found.is_clean


async def test_where_none_is_wanted_files_are_kept_and_the_pages_know() -> None:
    assert not Scanner("").is_there
    assert Scanner("/run/clamav/clamd.ctl").is_there
    found = await examined(Scanner(""), picture())
    assert isinstance(found, Examined)
    assert found.is_clean


@needs_clamd
async def test_the_daemon_itself_down_and_up_again_and_with_a_limit_of_its_own() -> None:
    with clamd(StreamMaxLength="64K") as daemon:
        scanner = Scanner(daemon.address)
        assert [await scanner.scan(body) for body in (picture(), b"a " + MARK)] == ["clean", "infected"]
        # Longer than it takes: it says so and hangs up, and that is no yes.
        assert await scanner.scan(bytes(4_000_000)) == "unknown"
        daemon.stop()
        assert await scanner.scan(picture()) == "unknown"
        daemon.start()
        assert await scanner.scan(picture()) == "clean"
        assert await asyncio.gather(*(scanner.scan(picture()) for _ in range(30))) == ["clean"] * 30

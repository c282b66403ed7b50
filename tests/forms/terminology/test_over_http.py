"""The terminology port over real HTTP: the stand-in that answers, and servers that do not do as they should."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from innsyn.forms.terminology.over_http import OverHttp, terminology_at
from innsyn.forms.terminology.port import TerminologyFailed

MEDICINES = "http://innsyn.test/fhir/ValueSet/legemidler"
_FHIR = b"application/fhir+json"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[str]:
    """A server on this machine that does just this to whoever comes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def saying(status: bytes, body: bytes = b"", media_type: bytes = _FHIR, more: bytes = b"") -> Handler:
    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n%sconnection: close\r\n\r\n"
        writer.write(head % (status, media_type, len(body), more) + body)
        await writer.drain()

    return say


async def giant(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\nconnection: close\r\n\r\n" % _FHIR)
    for _number in range(2000):
        writer.write(b" " * 1024 * 1024)
        await writer.drain()


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def trickling(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\nconnection: close\r\n\r\n" % _FHIR)
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


def expanded(*contains: object) -> bytes:
    return msgspec.json.encode({"resourceType": "ValueSet", "expansion": {"contains": contains}})


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (saying(b"500 Error"), "status_500"),
        (saying(b"404 Not Found", b"{}"), "status_404"),
        (saying(b"302 Found", more=b"location: http://169.254.169.254/\r\n"), "status_302"),
        (saying(b"200 OK", b"<html>", b"text/html"), "type"),
        (saying(b"200 OK", b"{"), "unreadable"),
        (saying(b"200 OK", b'{"resourceType":"OperationOutcome"}'), "unreadable"),
        (saying(b"200 OK", b"[" * 100_000), "unreadable"),
        (saying(b"200 OK", b'{"resourceType":"Bundle","expansion":{}}'), "unreadable"),
        (giant, "large"),
        (silent, "slow"),
        (trickling, "slow"),
    ],
)
async def test_whatever_a_server_does_it_fails_in_time_and_says_nothing_of_what_was_sought(
    handler: Handler, reason: str
) -> None:
    async with listening(handler) as base, httpx.AsyncClient(trust_env=False) as client:
        with capture_logs() as logs, pytest.raises(TerminologyFailed, match=f"^{reason}$"):
            async with asyncio.timeout(20):
                await OverHttp(base, client, seconds=0.5).expand(MEDICINES, "hemmelig sykdom", 10)
    assert [each["reason"] for each in logs if each["event"] == "terminology_failed"] == [reason]
    assert "hemmelig" not in str(logs)


async def test_nobody_there_and_none_at_all_fail_alike() -> None:
    for base, reason in (("http://127.0.0.1:9", "unreachable"), ("", "none")):
        async with terminology_at(base) as terminology:
            with pytest.raises(TerminologyFailed, match=reason):
                await terminology.expand(MEDICINES, "metf", 10)


async def test_what_is_found_is_each_once_and_nothing_abstract() -> None:
    one = {"system": "s", "code": "1", "display": "En"}
    below = {"code": "A", "abstract": True, "contains": [one, one, {"system": "s", "code": "2"}]}
    old = {"system": "s", "code": "3", "display": "Utgått", "inactive": True}
    async with (
        listening(saying(b"200 OK", expanded(below, old))) as base,
        terminology_at(base) as terminology,
    ):
        found = await terminology.expand(MEDICINES, "", 10)
    assert [(each.value.value_coding and each.value.value_coding.code, each.text) for each in found] == [
        ("1", "En"), ("2", "2"),
    ]  # fmt: skip


async def test_words_stand_in_no_address_and_the_same_again_is_not_asked_for_ten_minutes() -> None:
    asked: list[bytes] = []
    now = [0.0]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(64 * 1024))
        await saying(b"200 OK", expanded({"system": "s", "code": str(len(asked))}))(reader, writer)

    async with listening(answer) as base, httpx.AsyncClient(trust_env=False) as client:
        terminology = OverHttp(base, client, clock=lambda: now[0])
        first = await terminology.expand(f"{MEDICINES}|2", "  MetF ", 10)
        assert await terminology.expand(f"{MEDICINES}|2", "metf", 10) == first
        assert len(asked) == 1
        now[0] = 601.0
        assert await terminology.expand(f"{MEDICINES}|2", "metf", 10) != first
    told = {each["name"]: each for each in msgspec.json.decode(asked[0])["parameter"]}
    assert (told["filter"]["valueString"], told["url"]["valueUri"], told["valueSetVersion"]["valueString"]) == (
        "metf", MEDICINES, "2",
    )  # fmt: skip

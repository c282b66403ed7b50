"""A NATS for anybody: one call, on this machine alone, and what it said it keeps it has kept."""

from pathlib import Path

import psutil
import pytest

from innsyn import embedded_nats
from innsyn.journal.stream_connection import LOST, connected
from innsyn.processes import Children


async def test_what_was_acknowledged_is_there_after_it_was_killed(tmp_path: Path) -> None:
    with Children() as children:
        server = embedded_nats.start(children, tmp_path / "nats")
        async with connected(server.address, "test") as client:
            await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
            for number in range(50):
                await client.jetstream().publish("kept", str(number).encode())
            server.child.process.kill()
            server.child.process.wait()
        children.stop(server.child)
        again = embedded_nats.start(children, tmp_path / "nats", port=server.port)
        assert again.address == server.address
        async with connected(again.address, "test") as client:
            state = (await client.jetstream().stream_info("KEPT")).state
            assert (state.messages, state.last_seq) == (50, 50)


async def test_nobody_is_let_in_without_the_password_which_nobody_else_can_read(tmp_path: Path) -> None:
    with embedded_nats.embedded(tmp_path / "nats") as server:
        with pytest.raises(LOST):
            async with connected(f"nats://127.0.0.1:{server.port}", "test"):
                pass
        listening = psutil.Process(server.child.process.pid).net_connections(kind="inet")
        assert {each.laddr.ip for each in listening if each.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
    for name in ("password", "nats.conf"):
        assert (tmp_path / "nats" / name).stat().st_mode & 0o077 == 0


def test_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    with (
        embedded_nats.embedded(tmp_path / "one") as server,
        Children() as children,
        pytest.raises(embedded_nats.NatsFailed, match=r"did not start in .*two"),
    ):
        embedded_nats.start(children, tmp_path / "two", port=server.port)

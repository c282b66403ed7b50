"""The application over real HTTP, as it is served."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from innsyn import settings
from innsyn.embedded_postgres import Server
from innsyn.settings import Settings


def installation(postgres: Server, database: str, home: Path, **more: str) -> Settings:
    """The settings of one on this database; `more` by their names without INNSYN_."""
    key = home / "registered.pem"
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    usual = {
        "HOME": str(home),
        "DATABASE_WEB": postgres.dsn("innsyn_web", database),
        "DATABASE_LOGIN": postgres.dsn("innsyn_login", database),
        "ISSUER": "https://idporten.test",
        "CLIENT_KEY": str(key),
    }
    return settings.read({f"INNSYN_{name}": value for name, value in {**usual, **more}.items()})


@contextmanager
def served(app: Any) -> Iterator[str]:  # noqa: ANN401 - an ASGI application
    """The address of `app` on this machine until the block ends. It runs in a thread, with a loop of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="on")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()

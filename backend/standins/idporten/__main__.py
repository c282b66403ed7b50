"""`python -m standins.idporten`: serve the stand-in on this machine until it is stopped."""

import argparse
import json
from pathlib import Path

import uvicorn
from joserfc.jwk import KeySet, RSAKey

from standins.idporten.app import Provider, by_id, create_app
from standins.idporten.clients import Client
from standins.idporten.people import People
from standins.idporten.serving import asgi


def main() -> None:
    """Read the arguments and serve."""
    asked = _arguments()
    provider = Provider(
        issuer=asked.issuer or f"http://127.0.0.1:{asked.port}",
        clients=by_id(
            Client(
                asked.client_id,
                tuple(asked.redirect_uri),
                tuple(asked.post_logout_uri),
                client_keys(asked.client_jwks),
                asked.frontchannel_logout_uri,
                asked.backchannel_logout_uri,
            )
        ),
        people=People(asked.people),
    )
    # No access log: it would name request_uri and state, and nobody reads it.
    uvicorn.run(
        asgi(create_app(provider)),
        host="127.0.0.1",
        port=asked.port,
        log_level="warning",
        access_log=False,
        lifespan="off",
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m standins.idporten", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--issuer", help="as the browser and the application reach it (http://127.0.0.1:PORT)"
    )
    parser.add_argument("--client-id", required=True)
    parser.add_argument(
        "--client-jwks", type=Path, required=True, help="the client's public keys: JWKS, JWK or PEM"
    )
    parser.add_argument("--redirect-uri", action="append", required=True)
    parser.add_argument("--post-logout-uri", action="append", default=[])
    parser.add_argument("--frontchannel-logout-uri", default="", help="opened in a frame with iss and sid")
    parser.add_argument("--backchannel-logout-uri", default="", help="gets a logout_token")
    parser.add_argument("--people", required=True, help='URL or file of [{"name", "pid", "about"}]')
    return parser.parse_args()


def client_keys(path: Path) -> RSAKey | KeySet:
    """The registered public keys, from a key set, one key, or a PEM file."""
    text = path.read_text(encoding="ascii")
    if not text.lstrip().startswith("{"):
        return RSAKey.import_key(text)
    found = json.loads(text)
    return KeySet.import_key_set(found) if "keys" in found else RSAKey.import_key(found)


if __name__ == "__main__":
    main()

"""`python -m standins.idporten.rotate ISSUER`: let the stand-in that runs there sign with a new key."""

import sys

import httpx


def main() -> None:
    """Ask, and say the new key's id."""
    with httpx.Client(trust_env=False) as client:
        answer = client.post(f"{sys.argv[1].rstrip('/')}/stand-in/rotate").raise_for_status()
    sys.stdout.write(f"{answer.json()['kid']}\n")


if __name__ == "__main__":
    main()

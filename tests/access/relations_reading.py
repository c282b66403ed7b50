"""Somebody else's record, as the menu offers it."""

import re

import httpx


async def handle_of(browser: httpx.AsyncClient, name: str) -> str | None:
    """What stands for this person's record in the addresses of this session; None where it is not offered."""
    text = (await browser.get("/people")).text
    found = re.search(rf'name="handle" value="([\w-]{{16}})">[^<]*{name}', text)
    return found[1] if found else None

"""What the doctor sees of the ways out to people, and of the daemon that looks into files."""

import aiosmtplib
import httpx

from innsyn.doctor_finding import Finding
from innsyn.files.scanning import Scanner
from innsyn.notifications.channels.email import Server
from innsyn.settings import SettingMissing, Settings
from innsyn.telling import ways_of

_PATIENCE_SECONDS = 5
_NO_WAY = "Set INNSYN_PUSH_PUBLIC_KEY (`innsyn push-key FILE` makes one), INNSYN_SMTP or INNSYN_SMS."


async def files(settings: Settings) -> Finding:
    """Whether files are scanned. Without a daemon they are not, which an operator may have chosen."""
    part = "files"
    if not settings.clamd:
        return Finding(part, "not scanned (INNSYN_CLAMD is not set; the pages say so)")
    if await Scanner(settings.clamd, _PATIENCE_SECONDS).scan(b"innsyn doctor") != "clean":
        return Finding(
            part, f"{settings.clamd} does not scan", "Does clamd run, and has it loaded its signatures?"
        )
    return Finding(part, f"scanned by {settings.clamd}")


async def notices(settings: Settings) -> Finding:
    """By which ways people can be told, and whether what these need is there."""
    part = "notices"
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            ways = ways_of(settings, http)
    except SettingMissing as missing:
        return Finding(part, "cannot be sent", str(missing))
    seen = [*(["push"] if ways.push else []), *sorted(way.value for way in ways.others)]
    if not seen:
        return Finding(
            part, "people are told nothing outside the app", _NO_WAY if settings.production else ""
        )
    if ways.others and ways.addresses is None:
        return Finding(part, ", ".join(seen), "Nobody has an address or a number: set INNSYN_KRR.")
    return await _mail(settings, Finding(part, ", ".join(seen)))


async def _mail(settings: Settings, finding: Finding) -> Finding:
    if not settings.smtp:
        return finding
    try:
        async with Server.read(settings.smtp).client(_PATIENCE_SECONDS) as client:
            await client.noop()
    except (aiosmtplib.SMTPException, OSError) as reason:
        advice = "Is INNSYN_SMTP right, and may this machine go there?"
        return Finding(finding.part, f"mail server: {type(reason).__name__}", advice)
    return finding

"""The log as files: a spreadsheet, and AuditEvents for other systems."""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from innsyn.access.reader import Reader
from innsyn.records.access_log import wording
from innsyn.records.access_log.kept import HEALTH, Kept
from innsyn.web import dates
from innsyn.web.locale import catalogue

# What a spreadsheet would take for a formula, also behind a space (owasp.org/www-community/attacks/CSV_Injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_COLUMNS: Final = ("when", "who", "role", "unit", "house", "what", "why", "words", "emergency", "stopped")
_TYPE: Final = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_ACTIONS: Final = {
    "read": "R",
    "written": "C",
    "changed": "U",
    "deleted": "D",
    "searched": "E",
    "exported": "R",
}
_REFUSED, _FINE = "4", "0"


def as_csv(rows: Iterable[Kept], locale: str) -> bytes:
    """UTF-8 with a byte order mark and semicolons: what Excel opens as a table where a comma is a decimal point."""
    texts = catalogue(locale)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([texts.text(f"log.column.{name}") for name in _COLUMNS])
    for row in rows:
        writer.writerow(_cell(each) for each in _cells(row, locale))
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _cells(row: Kept, locale: str) -> tuple[str, ...]:
    texts = catalogue(locale)
    yes = texts.text("log.column.yes")
    reason = texts.text(f"log.reason.{row.reason}") if row.reason else ""
    areas = ", ".join(texts.text(f"kinds.{area}").lower() for area in row.areas)
    did = texts.text(f"log.act.{row.act}") if row.act else wording.purpose_words(row.purpose, locale)
    return (
        _clock(row),
        row.name,
        row.role or texts.text_or(f"rules.because.{row.rule}", ""),
        row.unit,
        row.organisation,
        f"{did}: {areas}" if areas else did,
        reason,
        row.decision,
        yes if row.emergency else "",
        yes if row.refused else "",
    )


def _clock(row: Kept) -> str:
    """A time that spreadsheets of any language read as one, in Norway; a day alone where the source told no more."""
    local = row.at.astimezone(dates.ZONE)
    return local.strftime("%Y-%m-%d" if row.told and "T" not in row.told else "%Y-%m-%d %H:%M:%S")


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA) or text.startswith(_FORMULA) else line


def as_bundle(rows: Iterable[Kept], reader: Reader) -> bytes:
    """A collection of AuditEvents (http://hl7.org/fhir/R4/auditevent.html). The person is named, never numbered."""
    patient = {"type": "Patient", "display": reader.subject_name}
    return msgspec.json.encode(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": _instant(reader.at),
            "entry": [
                {"fullUrl": f"urn:innsyn:access-log:{row.id}", "resource": _event(row, patient)}
                for row in rows
            ],
        }
    )


def _event(row: Kept, patient: dict[str, str]) -> dict[str, Any]:
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": row.id,
        "type": {"system": _TYPE, "code": "rest", "display": "RESTful Operation"},
        "action": _action(row),
        "recorded": _instant(row.at),
        "outcome": _REFUSED if row.refused else _FINE,
        "agent": [_agent(row)],
        "source": {"observer": {"type": "Organization", "display": row.organisation or "Innsyn"}},
        "entity": [{"what": patient, "role": _role("1", "Patient")}, *_opened(row)],
    }
    if purpose := _purpose(row):
        event["purposeOfEvent"] = [{"text": purpose}]
    return event


def _action(row: Kept) -> str:
    if row.act:
        return _ACTIONS.get(row.act, "E")
    return "E" if row.writes else "R"


def _agent(row: Kept) -> dict[str, Any]:
    agent: dict[str, Any] = {"requestor": True}
    if row.name:
        agent["name"] = row.name
        agent["who"] = {"display": row.name}
    titles = [each for each in (row.role, row.unit if row.by == HEALTH else "") if each]
    if titles:
        agent["role"] = [{"text": each} for each in titles]
    return agent


def _purpose(row: Kept) -> str:
    reason = catalogue("nb").text(f"log.reason.{row.reason}") if row.reason else ""
    return row.decision or reason or (wording.purpose_words(row.purpose, "nb") if row.purpose else "")


def _opened(row: Kept) -> list[dict[str, Any]]:
    if row.entry is None:
        return []
    what = {"identifier": {"system": "urn:innsyn:entry", "value": str(row.entry)}}
    return [{"what": what, "role": _role("3", "Report")}]


def _role(code: str, display: str) -> dict[str, str]:
    return {"system": "http://terminology.hl7.org/CodeSystem/object-role", "code": code, "display": display}


def _instant(at: Any) -> str:  # noqa: ANN401 - a datetime
    return str(wording.moment(at))

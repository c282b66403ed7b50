"""A made-up record: what Kari Nordli's journal holds in the examples."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pwa.shapes import NOW, Area, Group, Line, Page, Said, Source

SOURCES = [
    Source("st-olavs", "St. Olavs hospital", "hospital", NOW - timedelta(minutes=3), since=date(2014, 1, 1)),
    Source("steinkjer-legesenter", "Steinkjer legesenter", "gp", NOW - timedelta(hours=1, minutes=39)),
    Source(
        "steinkjer",
        "Steinkjer kommune",
        "municipality",
        NOW - timedelta(hours=3),
        delayed_since=NOW - timedelta(hours=1, minutes=8),
        own=1,
        own_since=NOW - timedelta(hours=2),
    ),
]
KINDS = [
    "lab_results",
    "measurements",
    "imaging",
    "medications",
    "notes",
    "allergies",
    "diagnoses",
    "vaccinations",
    "procedures",
    "encounters",
    "referrals",
    "care_plans",
    "care_team",
]


def hba1c(number: int, at: str, value: str, flag: str, recorded: str = "2026-10-01T08:00:00Z") -> Line:
    return Line(
        id=f"0192a-{number}",
        kind="lab_results",
        at=at,
        title="Langtidsblodsukker (HbA1c)",
        value=value,
        unit="mmol/mol",
        flag=flag,
        high="42",
        recorded=recorded,
    )


TREND = [
    hba1c(1, "2020-03-02", "38", "normal"),
    hba1c(2, "2021-09-14", "40", "normal"),
    hba1c(3, "2022-11-03", "44", "high"),
    hba1c(4, "2023-06-20", "47", "high"),
    hba1c(5, "2024-08-11", "46", "high"),
    hba1c(6, "2026-03-18", "43", "high"),
    hba1c(7, "2026-11-22T08:10:00+01:00", "41", "normal", "2026-11-22T14:12:00Z"),
]
NEWEST = TREND[-1]
MEMBERS = [
    Line("m1", "lab_results", "2026-11-22", "Kolesterol", "5.4", "mmol/L", "high", "3.3", "5.0"),
    Line("m2", "lab_results", "2026-11-22", "Kreatinin", "68", "umol/L", "normal", "45", "90"),
    Line("m3", "lab_results", "2026-11-22", "Hemoglobin", "13.9", "g/dL", "normal", "11.7", "15.3"),
    Line(
        "m4",
        "lab_results",
        "2026-11-22",
        "Albumin/kreatinin-ratio i urin",
        "<0.5",
        "mg/mmol",
        "normal",
        "",
        "2.5",
    ),
    Line("m5", "lab_results", "2026-11-22", "Blodsukker", "12500", "mmol/L", "critical_high", "4", "6"),
]
PANEL = Line(
    "p1",
    "lab_results",
    "2026-11-22T08:10:00+01:00",
    "Blodprøver før diabeteskontroll",
    parts=5,
    recorded="2026-11-22T14:12:00Z",
)
URINE = Line(
    "t1",
    "lab_results",
    "2026-11-01",
    "Dyrkning av urin",
    "Ingen vekst av bakterier etter to døgn",
    flag="normal",
)
WITHHELD = Line(
    "w1",
    "lab_results",
    "2026-11-22",
    "Prøvesvar",
    organisation="St. Olavs hospital",
    withheld="doctor_first",
    opens="2026-12-06",
)
DISCHARGE = Line(
    "n1",
    "notes",
    "2026-11-12",
    "Epikrise fra kirurgisk avdeling",
    note="Ett avsnitt er endret",
    organisation="St. Olavs hospital",
    author="Per Haugen, overlege",
    corrected="2026-11-21T10:00:00Z",
)
APPOINTMENT = Line(
    "e1",
    "encounters",
    "2026-11-26T10:15:00+01:00",
    "Diabeteskontroll",
    note="Kongens gate 12, Steinkjer",
    status="booked",
)
METFORMIN = Line(
    "d1",
    "medications",
    "2016-04-11",
    "Metformin 500 mg tabletter",
    status="active",
    note="1 tablett morgen og kveld",
)
MIXED = [
    replace(NEWEST),
    PANEL,
    WITHHELD,
    DISCHARGE,
    METFORMIN,
    Line(
        "b1",
        "measurements",
        "2026-11-02T12:00:00+01:00",
        "Blodtrykk",
        "138/84",
        "mm[Hg]",
        "high",
        note="Sittende",
        organisation="Hjemmesykepleien, Steinkjer kommune",
    ),
    Line(
        "r1",
        "referrals",
        "2026-09-30",
        "Henvisning til øyelege",
        status="active",
        note="Undersøkelse av netthinnen",
    ),
    Line("v1", "vaccinations", "2026-10", "Influensavaksine 2026/2027", organisation="Steinkjer kommune"),
    Line("x1", "imaging", "2025-05-04", "Røntgen av venstre håndledd", organisation="Sykehuset Levanger"),
    Line("g1", "diagnoses", "2016", "Diabetes mellitus type 2", status="active"),
    Line("a1", "allergies", "1998", "Penicillin", note="Elveblest, hevelse i ansiktet"),
]
NOTE = """
<h2>Årsak til innleggelse</h2>
<p>58 år gammel kvinne innlagt for planlagt fjerning av galleblære. Kjent diabetes type 2.</p>
<h2>Behandling</h2>
<p>Kikkhullsoperasjon i narkose 10. november. <strong>Blodsukkeret var stabilt</strong> under oppholdet.</p>
<ul><li>Sting fjernes hos fastlegen etter 10 dager</li><li>Sykmeldt i to uker</li></ul>
<table><tr><th>Prøve</th><th>Svar</th></tr><tr><td>CRP</td><td>12 mg/L</td></tr></table>
<h2>Videre plan</h2><p>Kontroll hos fastlegen. Kost som før.</p>"""
ANNE = Said(name="Anne Vik", role="Fastlege", phone="74 16 00 00", organisation="Steinkjer legesenter")
LIV = Said(name="Liv Aas", role="Diabetessykepleier", phone="", organisation="Sykehuset Levanger")


def entry(line: Line, detail: Said, **more: Any) -> Page:  # noqa: ANN401 — any field of the page
    return Page(line=line, detail=detail, sources=SOURCES[1:2], **more)


def a_list(kind: str, *groups: Group, **more: Any) -> Page:  # noqa: ANN401 — any field of the page
    return Page(kind=kind, groups=list(groups), sources=SOURCES, kinds=KINDS, **{"next": "", **more})


AREAS = [
    Area("lab_results", 128, since=2016),
    Area("measurements", 46, since=2016),
    Area("medications", 9, active=4),
    Area("notes", 23),
    Area("allergies", 1, note="Penicillin"),
    Area("diagnoses", 5, active=2),
    Area("vaccinations", 11),
    Area("encounters", 31, active=2),
    Area("referrals", 3, active=1),
    Area("care_team", 1, active=1),
]

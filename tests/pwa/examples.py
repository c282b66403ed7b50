"""Believable pages of made-up people, for the tests that render, photograph and examine every template."""

from dataclasses import dataclass, replace

from pwa.record import (
    ANNE,
    APPOINTMENT,
    AREAS,
    DISCHARGE,
    LIV,
    MEMBERS,
    METFORMIN,
    MIXED,
    NEWEST,
    NOTE,
    PANEL,
    SOURCES,
    TREND,
    WITHHELD,
    a_list,
    entry,
)
from pwa.shapes import Document, FieldError, Filter, Group, Line, Page, Reader, Said
from pwa.slice_examples import slice_pages


def pages() -> dict[str, tuple[str, Page]]:
    """Every page worth looking at: a name, its template and its data."""
    return {**_around(), **slice_pages(), **_lists(), **_results(), **_other_entries()}


def _around() -> dict[str, tuple[str, Page]]:
    empty = Reader("Torstein Bakken", "Torstein", "TB", new_since=None)
    return {
        "welcome": ("welcome.html", Page(reader=None)),
        "home": (
            "home.html",
            Page(
                next=APPOINTMENT,
                news=[NEWEST, WITHHELD, DISCHARGE],
                news_count=3,
                areas=AREAS,
                sources=SOURCES,
            ),
        ),
        "home-empty": ("home.html", Page(reader=empty, sources=SOURCES[:1])),
        "not-found": ("errors/not-found.html", Page()),
        "failure": ("errors/failure.html", Page(reader=None, code="7F3K-22")),
        "offline": ("errors/offline.html", Page(reader=None)),
    }


def _lists() -> dict[str, tuple[str, Page]]:
    wrong = [FieldError("from", "filter.invalid")]
    late = Line("e2", "encounters", "2026-03-18T09:00:00+01:00", "Diabeteskontroll", status="finished")
    return {
        "timeline": ("records/timeline/list.html", a_list("", Group("", MIXED), next="c1", total=11)),
        "search": (
            "records/search/list.html",
            a_list("", Group("", MIXED[3:5]), filter=Filter(q="metformin"), total=2),
        ),
        "search-none": ("records/search/list.html", a_list("", filter=Filter(q="xyz"), total=0)),
        "lab_results": (
            "records/lab_results/list.html",
            a_list(
                "lab_results",
                Group("", [WITHHELD, PANEL, *reversed(TREND)]),
                filter=Filter(from_="2016-13-40"),
                errors=wrong,
            ),
        ),
        "medications": (
            "records/medications/list.html",
            a_list(
                "medications",
                Group(
                    "active",
                    [
                        METFORMIN,
                        replace(
                            METFORMIN,
                            id="d2",
                            title="Atorvastatin 20 mg tabletter",
                            note="1 tablett om kvelden",
                        ),
                    ],
                ),
                Group(
                    "earlier",
                    [
                        replace(
                            METFORMIN,
                            id="d3",
                            title="Penicillin V 660 mg",
                            status="completed",
                            note="Avsluttet mars 2020",
                        )
                    ],
                ),
            ),
        ),
        "encounters": (
            "records/encounters/list.html",
            a_list("encounters", Group("coming", [APPOINTMENT]), Group("earlier", [late])),
        ),
        "allergies": ("records/allergies/list.html", a_list("allergies", Group("critical", MIXED[-1:]))),
        "vaccinations-empty": ("records/vaccinations/list.html", a_list("vaccinations")),
    }


def _results() -> dict[str, tuple[str, Page]]:
    lab = Said(
        comment="Fint, Kari. Vi fortsetter som nå og tar det opp på kontrollen torsdag.",
        parts=[],
        specimen="Fullblod",
        code="NPU27300 HbA1c",
        requester="Anne Vik, fastlege",
        issued="2026-11-22T13:40:00+01:00",
    )
    parts = [
        _Part("Overtrykk", "138", "mm[Hg]", "high", "90", "135"),
        _Part("Undertrykk", "84", "mm[Hg]", "normal", "60", "85"),
    ]
    xray = "Tre bilder av venstre håndledd. Normale leddflater.\n\nLett bløtdelshevelse på tommelsiden."
    return {
        "lab-entry": ("records/lab_results/entry.html", entry(NEWEST, lab, trend=TREND, belongs_to=PANEL)),
        "lab-words": (
            "records/lab_results/entry.html",
            entry(
                Line(
                    "t1",
                    "lab_results",
                    "2026-11-01",
                    "Dyrkning av urin",
                    "Ingen vekst av bakterier etter to døgn",
                    flag="normal",
                ),
                Said(parts=[]),
            ),
        ),
        "panel-entry": (
            "records/lab_results/entry.html",
            entry(
                PANEL,
                Said(parts=[], conclusion="Kolesterolet er litt høyt, ellers fine svar."),
                members=[*MEMBERS, WITHHELD],
            ),
        ),
        "withheld-entry": ("records/lab_results/entry.html", Page(line=WITHHELD, sources=SOURCES[:1])),
        "measurement-entry": (
            "records/measurements/entry.html",
            entry(MIXED[5], Said(parts=parts, position="Sittende")),
        ),
        "imaging-entry": (
            "records/imaging/entry.html",
            entry(
                MIXED[8],
                Said(
                    conclusion="Ingen tegn til brudd.",
                    text=xray,
                    body_site="Venstre håndledd",
                    modality="Røntgen",
                ),
            ),
        ),
    }


@dataclass(frozen=True)
class _Part:
    title: str
    value: str
    unit: str
    flag: str
    low: str
    high: str


def _other_entries() -> dict[str, tuple[str, Page]]:
    files = [
        Document(1, "Epikrise kirurgisk avdeling", "application/pdf", 184_320),
        Document(2, "", "image/png", 1_240_000),
    ]
    appointment = Said(
        place="Steinkjer legesenter",
        address="Kongens gate 12\n7713 Steinkjer",
        phone="74 16 00 00",
        prepare="Ta med listen over medisiner.\nDu trenger ikke faste.",
        reason="Årskontroll av diabetes",
        mode="physical",
        participants=[ANNE, LIV],
    )
    return {
        "medication-entry": (
            "records/medications/entry.html",
            entry(
                METFORMIN,
                Said(
                    dosage="1 tablett morgen og kveld, sammen med mat.",
                    reason="diabetes type 2",
                    prescribed="2026-04-11",
                    substance="Metformin",
                    form="Tablett",
                ),
            ),
        ),
        "note-entry": (
            "records/notes/entry.html",
            entry(
                DISCHARGE,
                Said(html=NOTE, recipients=["Steinkjer legesenter"], category="Epikrise"),
                documents=files,
            ),
        ),
        "allergy-entry": (
            "records/allergies/entry.html",
            entry(
                MIXED[-1],
                Said(
                    criticality="high",
                    reactions=["Elveblest", "Hevelse i ansiktet"],
                    severity="severe",
                    certainty="confirmed",
                    category="medication",
                ),
            ),
        ),
        "diagnosis-entry": (
            "records/diagnoses/entry.html",
            entry(
                MIXED[9], Said(clinical="active", code="ICD-10 E11.9", certainty="confirmed", onset="2016-04")
            ),
        ),
        "vaccination-entry": (
            "records/vaccinations/entry.html",
            entry(
                MIXED[7], Said(protects=["Influensa"], dose="1 av 1", vaccine="Vaxigrip Tetra", lot="X3F221")
            ),
        ),
        "procedure-entry": (
            "records/procedures/entry.html",
            entry(
                Line(
                    "o1",
                    "procedures",
                    "2026-11-10",
                    "Fjerning av galleblære",
                    organisation="St. Olavs hospital",
                    status="completed",
                ),
                Said(
                    reason="gallestein",
                    outcome="Vellykket, uten komplikasjoner.",
                    performed_by=[LIV],
                    follow_up="Sting fjernes etter 10 dager.",
                ),
            ),
        ),
        "encounter-entry": ("records/encounters/entry.html", entry(APPOINTMENT, appointment)),
        "referral-entry": (
            "records/referrals/entry.html",
            entry(
                MIXED[6],
                Said(
                    from_="Steinkjer legesenter",
                    to="Øyeavdelingen, Sykehuset Namsos",
                    priority="routine",
                    text="Diabetes i ti år. Ønsker kontroll av netthinnen.",
                ),
            ),
        ),
        "care-plan-entry": (
            "records/care_plans/entry.html",
            entry(
                Line("c1", "care_plans", "2026-03-18", "Behandlingsplan for diabetes", status="active"),
                Said(
                    description="Laget sammen med Kari på kontrollen i mars.",
                    goals=[Said(title="HbA1c under 48", status="completed", due="2026-12-31", note="")],
                    activities=[
                        Said(
                            title="Gå tur tre ganger i uken",
                            status="in-progress",
                            when="",
                            note="Minst en halv time",
                        )
                    ],
                    team=[ANNE],
                ),
            ),
        ),
        "care-team-entry": (
            "records/care_team/entry.html",
            entry(
                Line("c2", "care_team", "2016", "Oppfølging av diabetes", status="active"),
                Said(members=[ANNE, LIV]),
            ),
        ),
    }

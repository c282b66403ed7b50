"""Believable pages of made-up people, for the tests that render, photograph and examine every template."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    id: str
    kind: str
    at: str = ""
    title: str = ""
    value: str = ""
    unit: str = ""
    flag: str = ""
    low: str = ""
    high: str = ""
    status: str = ""
    note: str = ""
    source: str = "steinkjer-legesenter"
    organisation: str = "Steinkjer legesenter"
    author: str = "Anne Vik, fastlege"
    recorded: str = "2026-10-01T08:00:00Z"
    corrected: str = ""
    parts: int = 0
    withheld: str = ""
    opens: str = ""


@dataclass(frozen=True)
class Reader:
    name: str = "Kari Nordli"
    given: str = "Kari"
    initials: str = "KN"
    locale: str = "nb"
    new_since: datetime | None = datetime(2026, 11, 19, 18, 4, tzinfo=UTC)
    now: datetime = NOW


@dataclass(frozen=True)
class Source:
    key: str
    name: str
    service: str
    contact: datetime | None = None
    delayed_since: datetime | None = None
    since: date | None = None
    missing: int = 0


@dataclass(frozen=True)
class Area:
    kind: str
    count: int
    active: int = 0
    since: int = 0
    note: str = ""


@dataclass(frozen=True)
class Group:
    key: str
    lines: list[Line]


@dataclass(frozen=True)
class Filter:
    kind: str = ""
    source: str = ""
    from_: str = ""
    to: str = ""
    q: str = ""


@dataclass(frozen=True)
class FieldError:
    field: str
    text_key: str


@dataclass(frozen=True)
class Document:
    n: int
    title: str
    type: str
    size: int


class Said:
    """A detail whose other texts are absent: what a kind does not say is an empty string."""

    def __init__(self, **said: object) -> None:
        self.__dict__.update(said)

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return ""


@dataclass(frozen=True)
class Page:
    """A page of any sort; each template reads its own fields of it."""

    reader: Reader | None = field(default_factory=Reader)
    login: str = "/login"
    demo: bool = True
    next: Any = None
    news: list[Line] = field(default_factory=list)
    news_count: int = 0
    areas: list[Area] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    kind: str = ""
    groups: list[Group] = field(default_factory=list)
    filter: Filter = field(default_factory=Filter)
    errors: list[FieldError] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    total: int = -1
    guess: str = ""
    line: Any = None
    detail: Any = None
    members: list[Line] = field(default_factory=list)
    trend: list[Line] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    belongs_to: Line | None = None
    language: str = ""
    saved: bool = False
    text_key: str = ""
    code: str = ""
    reason: str = "idle"


SOURCES = [
    Source("st-olavs", "St. Olavs hospital", "hospital", NOW - timedelta(minutes=3), since=date(2014, 1, 1)),
    Source("steinkjer-legesenter", "Steinkjer legesenter", "gp", NOW - timedelta(hours=1, minutes=39)),
    Source(
        "steinkjer",
        "Steinkjer kommune",
        "municipality",
        NOW - timedelta(hours=3),
        delayed_since=NOW - timedelta(hours=1, minutes=8),
        missing=1,
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


def pages() -> dict[str, tuple[str, Page]]:
    """Every page worth looking at: a name, its template and its data."""
    return {**_around(), **_lists(), **_entries()}


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
        "settings": ("identity/settings.html", Page(saved=True)),
        "refused": ("identity/refused.html", Page(reader=None, text_key="login.level_too_low")),
        "expired": ("identity/expired.html", Page(reader=None)),
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


def _entries() -> dict[str, tuple[str, Page]]:
    return {**_results(), **_other_entries()}


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

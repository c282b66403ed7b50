"""Marte Aune, 41, Levanger: mother of Ella and Jonas; migraine, and a gene test that is not shown."""

from datetime import date

from standins.journal.demo.aune_family import spouse_and_children
from standins.journal.demo.builders.contacts import Meeting, Referral, Visit, appointment, encounter, referral
from standins.journal.demo.builders.measurements import blood_pressure
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import lab_panel, lab_result
from standins.journal.demo.builders.texts import html_note, imaging, note
from standins.journal.demo.builders.treatment import (
    Allergy,
    Medicine,
    allergy,
    diagnosis,
    medicine,
    procedure,
    vaccination,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.days import on
from standins.journal.demo.people import ELLA, JONAS, MARTE, PER, SIGRID

_THYROID = (
    # days ago, TSH, free T4
    (1800, "9.8", "9.1"),
    (1740, "6.2", "11.4"),
    (1600, "3.9", "13.0"),
    (1420, "2.8", "14.6"),
    (1060, "2.4", "15.1"),
    (700, "3.1", "14.2"),
    (420, "5.2", "12.3"),
    (360, "2.2", "15.9"),
    (22, "1.9", "16.2"),
)

_MIGRAINE = """
Kontroll av migrene. Fører hodepinedagbok: seks anfall på tre måneder mot ni tidligere, de fleste på
mandager. Sumatriptan hjelper innen en time når hun tar den tidlig. Synsforstyrrelse før to av anfallene.
Sover bedre etter at hun sluttet med kveldsvakter.

Nevrologisk orienterende undersøkelse uten utfall. BT 116/74.

Utløsende faktorer: lite søvn, rødvin og skjermarbeid uten pause. Bruker ikke p-piller med østrogen på
grunn av aura.

Plan: Fortsetter med sumatriptan ved behov, høyst ni dager i måneden. Henvisning til nevrolog er ikke
nødvendig nå.
"""

_GENETICS = """
Bakgrunn:

Henvist fordi en tante på morssiden og en kusine har hatt brystkreft før fylte femti år. Slektstre er
tegnet sammen med pasienten.

Samtale:

Marte er informert om hva en gentest kan vise, om hva svaret kan bety for henne, for søster og for barna,
og om at hun når som helst kan ombestemme seg. Hun ønsker testen. Svaret gis i en samtale på
poliklinikken, ikke i brev.

Plan:

- Blodprøve til gentest er tatt i dag
- Time til svar settes opp når prøven er ferdig, vanligvis etter åtte til tolv uker
- Årlig mammografi inntil videre
"""


def chart(today: date) -> Chart:
    """Ten years, two births included."""
    marte = Chart(MARTE, today)
    patient(marte)
    spouse_and_children(marte, PER, [ELLA, JONAS, SIGRID])
    _thyroid(marte)
    _background(marte)
    _genetics(marte)
    return marte


def _thyroid(marte: Chart) -> None:
    diagnosis(marte, marte.by("siri-haugan", 1790), "lavt-stoffskifte", "T86", "Hypotyreose")
    for days_ago, tsh, ft4 in _THYROID:
        sample = marte.by("lab-midt", days_ago, "08:15").later(26)
        lab_panel(marte, sample, f"stoffskifte-{days_ago}", "Stoffskifteprøver", {"tsh": tsh, "ft4": ft4})
    first = Medicine(
        "H03AA01",
        "Levotyroksin tablett 50 mikrogram",
        "1 tablett hver morgen, en halv time før mat",
        "Lavt stoffskifte",
        "stopped",
        "Dosen er økt",
    )
    medicine(marte, marte.by("siri-haugan", 1790), "levotyroksin-50", first)
    now = Medicine(
        "H03AA01",
        "Levotyroksin tablett 75 mikrogram",
        "1 tablett hver morgen, en halv time før mat",
        "Lavt stoffskifte",
    )
    medicine(marte, marte.by("siri-haugan", 418), "levotyroksin-75", now)


def _background(marte: Chart) -> None:
    diagnosis(marte, marte.by("siri-haugan", 2900), "migrene", "N89", "Migrene", since="2008")
    control = marte.by("siri-haugan", 64, "09:10")
    note(marte, control, "migrene-kontroll", "B02-2", "Kontroll av migrene", _MIGRAINE)
    blood_pressure(marte, control, "blodtrykk", 116, 74)
    encounter(marte, control, "migrene-kontakt", Visit("AMB", "Konsultasjon", "Migrene", 0.5, "migrene"))
    triptan = Medicine(
        "N02CC01", "Sumatriptan tablett 50 mg", "1 tablett ved anfall, kan gjentas etter to timer", "Migrene"
    )
    medicine(marte, control, "sumatriptan", triptan)
    nickel = Allergy("Nikkel", "Eksem under smykker og beltespenne", category="environment", since="1999")
    allergy(marte, marte.by("siri-haugan", 2900), "nikkel", nickel)
    birth = marte.by_at("levanger", on(ELLA.born, "15:42"))
    procedure(marte, birth, "keisersnitt", ("MCA10", "Keisersnitt"), comment="Seteleie. Jente, 3420 g.")
    encounter(
        marte,
        birth.later(80),
        "fodsel",
        Visit("IMP", "Innleggelse, fødeavdelingen", "Planlagt keisersnitt", 76),
    )
    lab_panel(
        marte,
        marte.by("lab-midt", 22, "08:15").later(27),
        "prover",
        "Blodprøver, fastlege",
        {"hemoglobin": "126", "ferritin": "21", "vitamin-d": "71", "b12": "410", "crp": "<1"},
    )
    smear = marte.by("st-olavs", 500, "09:20").later(190)
    imaging(marte, marte.by("asbjorn-leira", 130, "08:40").later(50), "mammografi", ("SRM0AA", "Mammografi"),
            "Middels tett brystvev. Ingen suspekte fortetninger eller mikroforkalkninger.",
            "Normale funn, BI-RADS 1. Ny undersøkelse om ett år.")  # fmt: skip
    note(marte, smear, "livmorhals", "C04-2", "Svar på livmorhalsprøve",
         "HPV-test: ikke påvist. Du får ny innkalling fra Livmorhalsprogrammet om fem år.")  # fmt: skip
    flu = marte.by_at("levanger-legesenter", marte.days.last(11, 6))
    vaccination(marte, flu, "influensa", ("J07BB02", "Influensavaksine"))


def _genetics(marte: Chart) -> None:
    """The answer is in the journal, but a gene test is never shown on a screen: release class 4."""
    wish = Referral(
        "st-olavs-genetikk",
        "Genetisk utredning, arvelig brystkreft",
        "To slektninger med brystkreft før 50 år",
        stage="Prøven er ferdig, time til svar er satt opp",
        stage_status="in-progress",
    )
    referral(marte, marte.by("siri-haugan", 190), "henvist-genetikk", wish)
    talk = marte.by("yngve-tiller", 92, "12:30")
    html_note(marte, talk, "genetikk", "B03-2", "Poliklinisk notat, genetisk veiledning", _GENETICS)
    encounter(
        marte,
        talk,
        "genetikk-kontakt",
        Visit("AMB", "Genetisk veiledning", "Opphopning av brystkreft i slekten", 1),
    )
    result = marte.by("yngve-tiller", 92, "13:40").later(24 * 70).withheld("4")
    lab_result(marte, result, "gentest", "fenotype", "Se egen rapport fra Avdeling for medisinsk genetikk.")
    appointment(
        marte,
        marte.by("yngve-tiller", 20),
        "time-genetikk",
        marte.days.ahead(10, "10:00"),
        Meeting("Samtale om prøvesvar", "Du kan ha med deg en du stoler på.", "sted-st-olavs-kvinne", 60),
    )
    appointment(
        marte,
        marte.by("siri-haugan", 64),
        "time-stoffskifte",
        marte.days.ahead(150, "08:30"),
        Meeting(
            "Kontroll av stoffskifte",
            "Vent med morgentabletten til etter blodprøven.",
            "sted-levanger-lege",
            20,
        ),
    )

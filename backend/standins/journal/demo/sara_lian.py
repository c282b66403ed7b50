"""Sara Lian, 34: lives at a secret address (code 6). Nothing in her chart says where."""

from datetime import date

from standins.journal.demo.builders.contacts import Meeting, Referral, Visit, appointment, encounter, referral
from standins.journal.demo.builders.measurements import blood_pressure
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import lab_panel
from standins.journal.demo.builders.texts import note
from standins.journal.demo.builders.treatment import (
    Medicine,
    critical_information,
    diagnosis,
    medicine,
    vaccination,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import SARA

_FIRST_TALK = """
Ny pasient på listen. Har strengt fortrolig adresse. Bosted, arbeidssted og barnehage skal ikke stå i
journalen, og timer skal ikke bekreftes på telefon. Avtalt kodeord.

Sover dårlig, våkner flere ganger hver natt. Skvetten, unngår buss og kjøpesenter. Ingen planer eller
tanker om å skade seg selv. Har en god venninne og en lillesøster hun snakker med hver dag.

MADRS 19. BT 128/82, puls 84.

Vurdering: Angst og søvnvansker etter langvarig belastning. Ønsker samtaler, og er åpen for medisin.

Plan: Oppstart sertralin 25 mg, økes til 50 mg etter en uke. Henvises til psykolog. Blodprøver i dag. Ny
time om tre uker, kun her.
"""

_FOLLOW_UP = """
Kontroll tre måneder etter oppstart av sertralin 50 mg. Sover nå seks timer sammenhengende de fleste
netter. Har vært på biblioteket alene to ganger. Litt kvalme den første uken, ingen bivirkninger nå. MADRS
9.

Har hatt fire samtaler hos psykolog og synes det hjelper. Fortsetter uendret dose i minst seks måneder
til.
"""


def chart(today: date) -> Chart:
    """A year at a new GP. Where she lives stands nowhere."""
    sara = Chart(SARA, today)
    first = sara.by("jonas-berg", 340, "12:40")
    patient(sara, recorded=first.at)
    note(sara, first, "forste-samtale", "B02-2", "Første konsultasjon", _FIRST_TALK)
    diagnosis(sara, first, "angst", "P74", "Angstlidelse")
    critical_information(
        sara,
        first,
        "adresse",
        "Endring i behandlingsrutiner",
        "Strengt fortrolig adresse. Ikke oppgi eller bekreft timer, behandlingssted eller telefonnummer.",
    )
    small = Medicine(
        "N06AB06",
        "Sertralin tablett 25 mg",
        "1 tablett om morgenen i en uke, deretter 2",
        "Angst",
        "completed",
    )
    medicine(sara, first, "sertralin-25", small)
    usual = Medicine("N06AB06", "Sertralin tablett 50 mg", "1 tablett om morgenen", "Angst")
    medicine(sara, sara.by("jonas-berg", 319), "sertralin-50", usual)
    values = {
        "hemoglobin": "134",
        "tsh": "1.9",
        "ferritin": "46",
        "vitamin-d": "44",
        "b12": "288",
        "alat": "19",
    }
    lab_panel(sara, sara.by("lab-midt", 340, "13:10").later(28), "prover", "Blodprøver, fastlege", values)
    blood_pressure(sara, first, "blodtrykk-1", 128, 82)
    later = sara.by("jonas-berg", 240, "12:20")
    blood_pressure(sara, later, "blodtrykk-2", 118, 76)
    note(sara, later, "kontroll", "B02-2", "Kontroll", _FOLLOW_UP)
    encounter(sara, first, "kontakt-1", Visit("AMB", "Konsultasjon", "Søvnvansker og uro", 0.75, "angst"))
    encounter(sara, later, "kontakt-2", Visit("AMB", "Konsultasjon", "Kontroll"))
    encounter(
        sara,
        sara.by("jonas-berg", 44, "08:30"),
        "kontakt-3",
        Visit("VR", "Videokonsultasjon", "Fornye resept"),
    )
    wish = Referral("st-olavs", "Psykolog, voksenpsykiatrisk poliklinikk", "Angst etter langvarig belastning",
                    stage="Behandling er i gang")  # fmt: skip
    referral(sara, sara.by("jonas-berg", 338), "henvist-psykolog", wish)
    vaccination(
        sara, sara.by_at("jonas-berg", sara.days.last(11, 4)), "influensa", ("J07BB02", "Influensavaksine")
    )
    appointment(
        sara,
        sara.by("jonas-berg", 44),
        "time-kontroll",
        sara.days.ahead(11, "15:20"),
        Meeting("Kontroll", "Møt direkte hos legen. Du blir ikke ropt opp.", "sted-bakklandet"),
    )
    return sara

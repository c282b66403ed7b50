"""Jonas Aune, 13, Levanger: type 1 diabetes, and talks with the school nurse that are his own."""

from datetime import date

from standins.journal.demo.aune_family import childhood_vaccines, parents_of
from standins.journal.demo.builders.consents import youth_access
from standins.journal.demo.builders.contacts import (
    Activity,
    Meeting,
    Visit,
    appointment,
    care_plan,
    encounter,
)
from standins.journal.demo.builders.measurements import blood_pressure, measurement
from standins.journal.demo.builders.patients import care_team, patient
from standins.journal.demo.builders.results import Remark, lab_panel
from standins.journal.demo.builders.texts import composition, note
from standins.journal.demo.builders.treatment import (
    Medicine,
    critical_information,
    diagnosis,
    medicine,
    procedure,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import JONAS, MARTE

_FOUND = 1050  # days ago: the diagnosis

_HBA1C = ["112", "68", "56", "53", "52", "54", "55", "57", "56", "59", "61", "58"]
_WEIGHT = ["33.1", "36.0", "37.2", "38.4", "39.9", "41.2", "42.6", "44.5", "46.0", "47.8", "49.9", "51.6"]
_HEIGHT = ["143", "144", "146", "148", "150", "152", "154", "157", "159", "162", "165", "167"]

_DISCHARGE = {
    "Innleggelsesårsak": """
Ti år gammel gutt, innlagt fra fastlege med tre ukers tørste, hyppig vannlating, vekttap på 4 kg og
blodsukker 27.
""",
    "Forløp": """
Ikke ketoacidose: pH 7,34, ketoner 2,1. Startet insulin samme kveld. Jonas satte sin første sprøyte selv
dagen etter. Jonas, foreldrene og søsteren har vært gjennom opplæring med diabetessykepleier og
ernæringsfysiolog. Kontinuerlig blodsukkermåler er tatt i bruk.
""",
    "Videre plan": """
Insulin etter skjema. Daglig telefonkontakt med diabetessykepleier den første uken. Kontroll på
barnepoliklinikken om to uker, deretter hver tredje måned. Møte med skolen er avtalt.
""",
}

_CLINIC = """
Kontroll på barnepoliklinikken sammen med mor. Første del av timen alene med Jonas.

HbA1c 58, litt bedre enn sist. Tid i målområde 62 %. Noen høye verdier etter skolelunsj på dager da han
glemmer å sette dose. Én føling i natten etter håndballkamp, våknet av alarmen og tok druesukker. Ingen
alvorlige følinger.

Vokser godt: 167 cm og 51,6 kg. BT 112/64. Stikkstedene på magen er fine, litt fortykket på venstre lår.

Vi er enige om: påminnelse på telefonen kl. 11.15, bytte side på lårene, og halvere kveldsdosen de dagene
han har kamp. Jonas vil prøve insulinpumpe; kurs er satt opp.
"""

_SCHOOL_NURSE = """
Samtale etter Jonas sitt eget ønske. Han har det fint på skolen for det meste, men er lei av at lærerne
spør om blodsukkeret foran de andre. Synes også at det blir mye mas hjemme om mat og tall.

Vi har laget et forslag sammen: Kontaktlæreren får en fast avtale om at Jonas selv sier fra, og alarmen
ligger hos ham. Jonas vil snakke med foreldrene om det selv, og ønsker ikke at jeg ringer hjem nå. Ny
samtale om tre uker, eller når han vil.
"""


def chart(today: date) -> Chart:
    """From the diagnosis at ten, with the vaccines from before."""
    jonas = Chart(JONAS, today)
    patient(jonas)
    parents_of(jonas)
    youth_access(jonas, jonas.by("levanger-legesenter", 80), MARTE)
    childhood_vaccines(jonas, "H")
    _diagnosed(jonas)
    _controls(jonas)
    _own_talks(jonas)
    _plan(jonas)
    return jonas


def _diagnosed(jonas: Chart) -> None:
    arrival = jonas.by_at("levanger", jonas.days.exactly(_FOUND, "15:40"))
    alarming = {"glukose": Remark(flag="HH", comment="Kritisk verdi ringt til barneavdelingen.")}
    lab_panel(
        jonas,
        arrival,
        "innkomst",
        "Innkomstprøver",
        {"glukose": "27.1", "natrium": "133", "kalium": "4.2"},
        alarming,
    )
    doctor = jonas.by_at("kristin-ronglan", jonas.days.exactly(_FOUND, "16:00"))
    diagnosis(jonas, doctor, "diabetes", "E10.9", "Diabetes type 1")
    encounter(
        jonas,
        doctor.later(150),
        "opphold",
        Visit("IMP", "Innleggelse, øyeblikkelig hjelp", "Nyoppdaget diabetes", 145, "diabetes"),
    )
    leaving = jonas.by_at("kristin-ronglan", jonas.days.exactly(_FOUND - 6, "14:00"))
    composition(jonas, leaving, "epikrise", "A03-2", "Epikrise, Barne- og ungdomsavdelingen", _DISCHARGE)
    critical_information(jonas, leaving, "diabetes-kritisk", "Kritisk medisinsk tilstand",
                         "Diabetes type 1, bruker insulin. Fare for lavt blodsukker.")  # fmt: skip
    rapid = Medicine(
        "A10AB05",
        "Insulin aspart injeksjon 100 E/mL",
        "Til måltider etter karbohydrattelling, 1 E per 10 g",
        "Diabetes type 1",
    )
    medicine(jonas, leaving, "insulin-maltid", rapid)
    slow = Medicine(
        "A10AE06", "Insulin degludek injeksjon 100 E/mL", "16 E hver kveld kl. 21", "Diabetes type 1"
    )
    medicine(jonas, jonas.by("kristin-ronglan", 88), "insulin-lang", slow)
    rescue = Medicine(
        "H04AA01",
        "Glukagon nesespray 3 mg",
        "1 spray i ett nesebor ved bevisstløshet, ring 113",
        "Alvorlig føling",
    )
    medicine(jonas, jonas.by("kristin-ronglan", 370), "glukagon", rescue)
    procedure(jonas, leaving, "cgm", ("", "Opplæring i kontinuerlig blodsukkermåling"))


def _controls(jonas: Chart) -> None:
    for number, (hba1c, weight, height) in enumerate(zip(_HBA1C, _WEIGHT, _HEIGHT, strict=True)):
        days_ago = _FOUND - 2 - 87 * number
        values = {"hba1c": hba1c} | (
            {"tsh": "2.2", "kreatinin": "44", "u-akr": "0.6"} if number % 4 == 0 else {}
        )
        lab_panel(
            jonas,
            jonas.by("lab-midt", days_ago, "09:30").later(6),
            f"kontroll-{number:02}",
            "Diabeteskontroll",
            values,
        )
        visit = jonas.by("bente-hallem", days_ago, "10:00")
        measurement(jonas, visit, f"vekt-{number:02}", "vekt", weight)
        measurement(jonas, visit, f"hoyde-{number:02}", "hoyde", height)
    latest = jonas.by("kristin-ronglan", 88, "10:30")
    blood_pressure(jonas, latest, "blodtrykk", 112, 64)
    note(jonas, latest, "kontroll", "B03-2", "Poliklinisk notat, diabeteskontroll", _CLINIC)
    encounter(
        jonas,
        latest,
        "kontroll-kontakt",
        Visit("AMB", "Poliklinisk kontroll", "Diabetes type 1", 0.75, "diabetes"),
    )


def _own_talks(jonas: Chart) -> None:
    talk = jonas.by("marit-holthe", 17, "12:10")
    note(jonas, talk, "helsesykepleier", "B06-2", "Samtale med helsesykepleier", _SCHOOL_NURSE)
    encounter(jonas, talk, "samtale", Visit("AMB", "Samtale på skolen", "Eget ønske"))
    appointment(
        jonas,
        talk,
        "time-helsesykepleier",
        jonas.days.ahead(4, "11:40"),
        Meeting(
            "Samtale med helsesykepleier",
            "Kom innom i storefri. Du kan også sende melding.",
            "sted-skole",
            30,
        ),
    )


def _plan(jonas: Chart) -> None:
    appointment(
        jonas,
        jonas.by("bente-hallem", 88),
        "time-kontroll",
        jonas.days.ahead(3, "10:00"),
        Meeting(
            "Diabeteskontroll", "Ta med måler og pumpeskjema. Det blir tatt fingerprøve.", "sted-levanger", 60
        ),
    )
    appointment(
        jonas,
        jonas.by("bente-hallem", 88),
        "time-pumpekurs",
        jonas.days.ahead(45, "09:00"),
        Meeting(
            "Kurs i insulinpumpe", "Kurset varer hele dagen. En voksen må være med.", "sted-levanger", 360
        ),
    )
    activities = [
        Activity("Kontroll med HbA1c", "Hver tredje måned", "Barnepoliklinikken, Sykehuset Levanger"),
        Activity(
            "Årskontroll med øyebilder og urinprøve", "Én gang i året", "Barnepoliklinikken", "scheduled"
        ),
        Activity("Kurs i insulinpumpe", "Om noen uker", "Bente Hallem, diabetessykepleier", "scheduled"),
        Activity("Sette dose til lunsj uten påminnelse fra lærer", "Hver skoledag", "Jonas"),
    ]
    begun = jonas.by("bente-hallem", 88, "11:15")
    care_plan(
        jonas, begun, "plan", "Min diabetesplan", "Mål: tid i målområde over 70 %, og mindre mas.", activities
    )
    members = [
        ("kristin-ronglan", "Barnelege"),
        ("bente-hallem", "Diabetessykepleier"),
        ("siri-haugan", "Fastlege"),
        ("RelatedPerson/marte-aune", "Mor"),
        ("RelatedPerson/per-aune", "Far"),
    ]
    care_team(jonas, begun, "team", "Diabetesteamet, barn og ungdom", members)

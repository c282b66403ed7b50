"""Solveig Jåma, 72, Snåsa: atrial fibrillation, followed by a private cardiologist; speaks South Sami."""

from datetime import date

from standins.journal.demo.builders.contacts import Meeting, Referral, Visit, appointment, encounter, referral
from standins.journal.demo.builders.measurements import blood_pressure, measurement
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import lab_panel, lab_result
from standins.journal.demo.builders.texts import imaging, note, pdf_letter
from standins.journal.demo.builders.treatment import (
    Allergy,
    Medicine,
    allergy,
    critical_information,
    diagnosis,
    medicine,
    procedure,
    vaccination,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import SOLVEIG

_INR = [
    "1.1",
    "1.8",
    "2.6",
    "3.4",
    "2.9",
    "2.4",
    "2.7",
    "2.2",
    "3.1",
    "2.8",
    "4.6",
    "2.5",
    "2.3",
    "2.6",
    "1.9",
    "2.4",
]
_WARFARIN_STARTED, _BETWEEN = 1200, 31

_CARDIOLOGY = """
Kontroll hos hjertespesialist.

Atrieflimmer kjent i seks år. Merker hjertebank et par ganger i måneden, varer under en time. Ikke
besvimt, ikke brystsmerter. Er med på kalvemerking og går mye i fjellet uten å bli mer tungpusten enn før.

EKG: sinusrytme, frekvens 62. Ekkokardiografi: normal størrelse og funksjon av venstre ventrikkel, EF 58
%. Venstre atrium lett forstørret. Lett mitralinsuffisiens, uendret.

Langtids-EKG over tre døgn: to korte episoder med atrieflimmer, lengste 38 minutter.

Vurdering: Paroksysmal atrieflimmer med lite plager. CHA2DS2-VA-score 2. Fortsetter blodfortynnende
behandling.

Plan: Kontroll om ett år. Blodprøver hos fastlegen hver sjette måned. Ved økende plager er ablasjon
aktuelt, og det har vi snakket om.

Solveig ønsker samtaler på sørsamisk når det er mulig; tolk over telefon ble brukt i dag og fungerte fint.
"""

_LETTER = """
Takk for sist. Her er resultatet av undersøkelsene dine, slik vi avtalte.

Hjerteultralyd:

Hjertet pumper godt. Den ene klaffen lekker litt, like lite som sist. Det trenger ingen behandling.

Langtids-EKG:

Vi fant to korte perioder med atrieflimmer på tre døgn. Det er mindre enn i fjor.

Medisiner:

Du fortsetter med apiksaban morgen og kveld. Det er viktig at du ikke hopper over doser. Si fra til
tannlegen at du bruker blodfortynnende.
"""


def chart(today: date) -> Chart:
    """Six years with a heart that sometimes runs."""
    solveig = Chart(SOLVEIG, today)
    patient(solveig)
    _heart(solveig)
    _blood_thinning(solveig)
    _otherwise(solveig)
    return solveig


def _heart(solveig: Chart) -> None:
    diagnosis(solveig, solveig.by("hege-lunde", 2190), "atrieflimmer", "K78", "Atrieflimmer")
    control = solveig.by("arild-heimdal", 27, "12:00")
    note(solveig, control, "hjertekontroll", "B03-2", "Poliklinisk notat, hjertespesialist", _CARDIOLOGY)
    encounter(
        solveig,
        control,
        "hjertekontroll-kontakt",
        Visit("AMB", "Konsultasjon med tolk", "Atrieflimmer, årskontroll", 1, "atrieflimmer"),
    )
    imaging(
        solveig,
        control,
        "ekko",
        ("SFY0AK", "Ekkokardiografi"),
        "Venstre ventrikkel med normal størrelse og normal veggtykkelse. EF 58 % (Simpson). Venstre atrium 38 mL/m². "
        "Lett sentral mitralinsuffisiens. Normal høyresidig funksjon, ikke tegn til pulmonal hypertensjon.",
        "God pumpefunksjon. Lett mitralinsuffisiens, uendret fra forrige år.",
    )
    pdf_letter(
        solveig,
        solveig.by("arild-heimdal", 24, "09:40"),
        "svarbrev",
        "I02-2",
        "Svar på hjerteundersøkelsen",
        _LETTER,
    )
    procedure(
        solveig,
        solveig.by("arild-heimdal", 27, "12:30"),
        "langtids-ekg",
        ("FPFX05", "Langtidsregistrering av EKG"),
    )
    blood_pressure(solveig, control, "blodtrykk", 138, 78)
    measurement(solveig, control, "puls", "puls", "62")
    beta = Medicine("C07AB02", "Metoprolol depottablett 25 mg", "1 tablett om morgenen", "Atrieflimmer")
    medicine(solveig, solveig.by("arild-heimdal", 760), "metoprolol", beta)
    wish = Referral(
        "hjerteklinikken",
        "Årskontroll av atrieflimmer",
        "Paroksysmal atrieflimmer, på blodfortynnende",
        "completed",
        "Ferdig vurdert",
        "completed",
    )
    referral(solveig, solveig.by("hege-lunde", 110), "henvist-hjerte", wish)
    appointment(
        solveig,
        control,
        "time-hjerte",
        solveig.days.ahead(338, "12:00"),
        Meeting(
            "Årskontroll, hjertespesialist",
            "Sørsamisk tolk er bestilt. Ta med medisinlisten.",
            "sted-hjerte",
            60,
        ),
    )


def _blood_thinning(solveig: Chart) -> None:
    for number, value in enumerate(_INR):
        sample = solveig.by("steinkjer-legesenter", _WARFARIN_STARTED - _BETWEEN * number, "09:00")
        lab_result(solveig, sample, f"inr-{number:02}", "inr", value)
    old = Medicine(
        "B01AA03",
        "Warfarin tablett 2,5 mg",
        "Etter skjema, styrt av INR",
        "Forebygger blodpropp ved atrieflimmer",
        "stopped",
        "Byttet til apiksaban: slipper hyppige INR-kontroller",
    )
    medicine(solveig, solveig.by("hege-lunde", _WARFARIN_STARTED), "warfarin", old)
    new = Medicine(
        "B01AF02",
        "Apiksaban tablett 5 mg",
        "1 tablett morgen og kveld",
        "Forebygger blodpropp ved atrieflimmer",
    )
    medicine(solveig, solveig.by("arild-heimdal", 700), "apiksaban", new)
    critical_information(
        solveig,
        solveig.by("hege-lunde", 700),
        "blodfortynnende",
        "Pågående behandling",
        "Bruker blodfortynnende (apiksaban).",
    )


def _otherwise(solveig: Chart) -> None:
    for days_ago, values in (
        (420, {"kreatinin": "72", "egfr": "74", "hemoglobin": "134", "kalium": "4.3"}),
        (230, {"kreatinin": "74", "egfr": "72", "hemoglobin": "132", "kalium": "4.4"}),
        (
            40,
            {
                "kreatinin": "73",
                "egfr": "73",
                "hemoglobin": "133",
                "kalium": "4.2",
                "tsh": "2.6",
                "vitamin-d": "58",
            },
        ),
    ):
        lab_panel(
            solveig,
            solveig.by("lab-midt", days_ago, "09:10").later(28),
            f"prover-{days_ago}",
            "Blodprøver, fastlege",
            values,
        )
    aspirin = Allergy("Acetylsalisylsyre", "Magesmerter og sure oppstøt", "B01AC06", since="2015")
    allergy(solveig, solveig.by("odd-sakshaug", 3100), "asa", aspirin)
    diagnosis(
        solveig, solveig.by("odd-sakshaug", 3300), "gikt", "T92", "Urinsyregikt", since="2013", ended="2022"
    )
    for key, years in (("influensa-0", 0), ("influensa-1", 1)):
        given = solveig.by_at("turid-five", solveig.days.last(10, 28, years))
        vaccination(solveig, given, key, ("J07BB02", "Influensavaksine"))

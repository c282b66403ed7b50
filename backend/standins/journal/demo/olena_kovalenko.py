"""Olena Kovalenko, 46, Levanger: had a D-number first; both numbers belong to the same person."""

from dataclasses import replace
from datetime import date

from standins.journal.demo.builders.contacts import Meeting, Referral, Visit, appointment, encounter, referral
from standins.journal.demo.builders.measurements import blood_pressure
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import lab_panel, lab_result
from standins.journal.demo.builders.texts import note
from standins.journal.demo.builders.treatment import Medicine, diagnosis, medicine, vaccination_abroad
from standins.journal.demo.chart import Chart
from standins.journal.demo.days import on
from standins.journal.demo.people import OLENA

_PRESSURES = (
    (690, 168, 98),
    (660, 156, 94),
    (600, 148, 90),
    (480, 142, 86),
    (300, 138, 84),
    (120, 136, 82),
    (16, 132, 80),
)

_FIRST = """
Første konsultasjon, videotolk i ukrainsk. Kom til Norge med to døtre. Har hatt høyt blodtrykk i flere år
og brukte tabletter hjemmefra, som tok slutt for to måneder siden. Hodepine om morgenen. Arbeidet som
regnskapsfører, går nå på introduksjonsprogram.

BT 168/98 begge armer, kontrollmålt 164/96. Hjerte og lunger uten anmerkning. Urin uten utslag.

Starter amlodipin. Blodprøver og EKG. Ny måling om fire uker.
"""

_LATER = """
Kontroll av blodtrykk, tolk over telefon. BT 132/80. Tar medisinen fast, ingen hevelse i anklene. Har fått
jobb i regnskapsavdelingen i kommunen og snakker mer og mer norsk; vil prøve neste time uten tolk.

LIS1-lege var med og undersøkte under veiledning. Blodprøver er normale. Kontroll om seks måneder.
"""


def chart(today: date) -> Chart:
    """Two years; the patient is first known by a D-number, then by a fødselsnummer."""
    olena = Chart(OLENA, today)
    _two_numbers(olena, today)
    _pressure(olena)
    return olena


def _two_numbers(olena: Chart, today: date) -> None:
    before = Chart(replace(OLENA, pid=OLENA.earlier_pid, earlier_pid="", earlier_pid_until=None), today)
    patient(before, recorded=on(date(2024, 2, 6), "09:15"))
    olena.taken += before.taken
    patient(olena, recorded=on(date(2024, 9, 2), "07:00"))


def _pressure(olena: Chart) -> None:
    first = olena.by("siri-haugan", 690, "11:00")
    note(olena, first, "forste-konsultasjon", "B02-2", "Første konsultasjon", _FIRST)
    diagnosis(olena, first, "hypertensjon", "K86", "Høyt blodtrykk", since="2019")
    encounter(
        olena,
        first,
        "kontakt-1",
        Visit("AMB", "Konsultasjon med tolk", "Hodepine, høyt blodtrykk", 0.75, "hypertensjon"),
    )
    for days_ago, upper, lower in _PRESSURES:
        blood_pressure(
            olena, olena.by("siri-haugan", days_ago, "11:10"), f"blodtrykk-{days_ago}", upper, lower
        )
    weak = Medicine(
        "C08CA01",
        "Amlodipin tablett 5 mg",
        "1 tablett om morgenen",
        "Høyt blodtrykk",
        "stopped",
        "Dosen er økt",
    )
    medicine(olena, first, "amlodipin-5", weak)
    strong = Medicine("C08CA01", "Amlodipin tablett 10 mg", "1 tablett om morgenen", "Høyt blodtrykk")
    medicine(olena, olena.by("siri-haugan", 600), "amlodipin-10", strong)
    lab_panel(
        olena,
        olena.by("lab-midt", 690, "11:40").later(27),
        "prover-1",
        "Blodprøver, fastlege",
        {
            "kreatinin": "66",
            "kalium": "4.1",
            "natrium": "140",
            "hemoglobin": "112",
            "ferritin": "9",
            "tsh": "2.0",
        },
    )
    lab_panel(
        olena,
        olena.by("lab-midt", 16, "11:30").later(26),
        "prover-2",
        "Blodprøver, fastlege",
        {"kreatinin": "68", "kalium": "4.2", "natrium": "141", "hemoglobin": "127", "ferritin": "34"},
    )
    later = olena.by("siri-haugan", 16, "11:00")
    note(olena, later, "kontroll", "B02-2", "Kontroll av blodtrykk", _LATER)
    # Taken in before the locum who took it is known to the journal, and without a name in the reference.
    unknown_yet = olena.by("anniken-vold", 9, "12:10").referred_as({"reference": "Practitioner/anniken-vold"})
    lab_result(olena, unknown_yet, "crp-hurtigtest", "crp", "14")
    by_search = {"reference": "Practitioner?identifier=urn:oid:2.16.578.1.12.4.1.4.4|5650112"}
    encounter(
        olena,
        olena.by("siri-haugan", 120).referred_as(by_search | {"display": "Siri Haugan, fastlege"}),
        "kontakt-2",
        Visit("VR", "Telefonkonsultasjon med tolk", "Fornye resept", 0.25),
    )
    vaccination_abroad(olena, first, "korona", ("J07BN01", "Koronavaksine"), "2021-10")
    vaccination_abroad(olena, first, "mmr", ("J07BD52", "MMR-vaksine"), "1981")
    wish = Referral(
        "levanger-bilde",
        "Mammografi",
        "Kul i venstre bryst, trolig cyste",
        stage="Avvist: bes sendt til brystdiagnostisk senter",
        status="revoked",
        stage_status="rejected",
    )
    referral(olena, olena.by("siri-haugan", 118), "henvist-feil", wish)
    again = Referral(
        "st-olavs",
        "Brystdiagnostisk senter",
        "Kul i venstre bryst, trolig cyste",
        "completed",
        "Undersøkt: godartet cyste",
        "completed",
    )
    referral(olena, olena.by("siri-haugan", 116), "henvist-bryst", again)
    appointment(
        olena,
        later,
        "time-kontroll",
        olena.days.ahead(165, "11:00"),
        Meeting("Kontroll av blodtrykk", "Tolk er ikke bestilt, slik du ønsket.", "sted-levanger-lege", 20),
    )

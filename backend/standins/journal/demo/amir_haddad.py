"""Amir Haddad, 27, Trondheim: newly arrived, D-number, treated for latent tuberculosis."""

from datetime import date

from standins.journal.demo.builders.contacts import (
    Activity,
    Meeting,
    Referral,
    Visit,
    appointment,
    care_plan,
    encounter,
    referral,
)
from standins.journal.demo.builders.measurements import blood_pressure, measurement
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import Remark, lab_panel
from standins.journal.demo.builders.texts import composition, imaging, note
from standins.journal.demo.builders.treatment import (
    Medicine,
    diagnosis,
    medicine,
    procedure,
    vaccination,
    vaccination_abroad,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import AMIR

_ARRIVED = 215  # days ago

_HEALTH_TALK = """
Helseundersøkelse for nyankomne. Telefontolk i arabisk, tolk nr. 4471.

27 år gammel mann fra Syria, kom til Norge for fire uker siden etter halvannet år i et naboland. Utdannet
elektriker. Bor på mottak, deler rom med en fetter.

Sier han er frisk. Operert for blindtarmbetennelse som tenåring. Har hatt noe hoste i vinter, ikke nå.
Ingen nattesvette, vekten er stabil. Røyker fem sigaretter om dagen, ønsker å slutte. Sover lett, men
klarer seg. Savner moren, som fortsatt er i Aleppo.

Vaksiner: husker skolevaksiner, har ikke vaksinasjonskort. Starter på nytt etter programmet for voksne.

Plan: IGRA, lungerøntgen og blodprøver. Timebestilling hos fastlege når han har fått tildelt en. Informert
om retten til tolk; tolken er gratis.
"""

_INFECTION_CLINIC = {
    "Aktuelt": """
27 år gammel mann, henvist med positiv IGRA ved helseundersøkelse. Ingen symptomer. Undersøkt med arabisk
tolk til stede.
""",
    "Funn": """
Upåfallende. Vekt 68,2 kg. Ingen forstørrede lymfeknuter. Lungerøntgen er normalt. HIV, hepatitt B og C er
negative. ALAT 31.
""",
    "Vurdering": """
Latent tuberkulose: kroppen har møtt tuberkulosebakterien, men han er ikke syk og smitter ikke. Ung mann
med mulig smitte de siste to årene, derfor anbefales forebyggende behandling.
""",
    "Plan": """
Rifampicin og isoniazid i tre måneder, én gang daglig på tom mage. Pyridoksin samtidig. ALAT etter to,
fire og åtte uker. Skal ta kontakt ved kvalme, mørk urin eller gul hud. Er informert om at urinen kan bli
oransje, og at det er ufarlig.

Tablettene hentes på apoteket hver fjerde uke. Flyktninghelseteamet følger opp.
""",
}

_LIVER = ((140, "31", "26"), (126, "44", "33"), (112, "58", "41"), (84, "39", "30"), (52, "28", "24"))
_GIVEN = (
    ("dtp-polio-1", ("J07CA01", "Difteri, stivkrampe og polio"), 180, 1),
    ("mmr-1", ("J07BD52", "MMR-vaksine (meslinger, kusma, røde hunder)"), 180, 1),
    ("mmr-2", ("J07BD52", "MMR-vaksine (meslinger, kusma, røde hunder)"), 145, 2),
    ("hepb-1", ("J07BC01", "Hepatitt B-vaksine"), 145, 1),
    ("hepb-2", ("J07BC01", "Hepatitt B-vaksine"), 112, 2),
)


def chart(today: date) -> Chart:
    """Seven months in Norway."""
    amir = Chart(AMIR, today)
    patient(amir, recorded=amir.days.exactly(_ARRIVED - 20, "09:00"))
    _arrival(amir)
    _treatment(amir)
    _ahead(amir)
    return amir


def _arrival(amir: Chart) -> None:
    talk = amir.by("mona-dragvoll", _ARRIVED - 28, "10:00")
    note(amir, talk, "helseundersokelse", "B06-2", "Helseundersøkelse, nyankommet", _HEALTH_TALK)
    encounter(
        amir,
        talk,
        "helseundersokelse-kontakt",
        Visit("AMB", "Helseundersøkelse med tolk", "Nyankommet", 1.25),
    )
    blood_pressure(amir, talk, "blodtrykk", 124, 76)
    measurement(amir, talk, "vekt-1", "vekt", "66.8")
    measurement(amir, talk, "hoyde", "hoyde", "177")
    for key, vaccine, given in (("bcg", ("J07AN01", "BCG (tuberkulosevaksine)"), "1999"),
                                ("polio", ("J07BF02", "Poliovaksine, dråper"), "2001-09")):  # fmt: skip
        vaccination_abroad(amir, talk, key, vaccine, given)
    # A hospital that is in no register here: the reference leads nowhere, the name is all there is.
    abroad = talk.referred_as(
        {"reference": "Organization/utenlandsk-sykehus", "display": "Sykehus i Aleppo, Syria"}
    )
    procedure(amir, abroad, "blindtarm", ("JEA00", "Fjerning av blindtarmen"), when="2014")
    values = {"igra": "Positiv", "hiv": "Negativ", "hbsag": "Negativ", "hcv": "Negativ", "hemoglobin": "148",
              "leukocytter": "6.1", "crp": "<1", "alat": "31", "vitamin-d": "28"}  # fmt: skip
    marked = {
        "igra": Remark(
            flag="A", comment="Positiv IGRA. Henvisning til infeksjonsmedisinsk poliklinikk anbefales."
        )
    }
    lab_panel(
        amir,
        amir.by("lab-midt", _ARRIVED - 28, "11:20").later(74),
        "prover",
        "Prøver ved ankomst",
        values,
        marked,
    )
    imaging(
        amir,
        amir.by("st-olavs", _ARRIVED - 30, "13:00").later(20),
        "rtg-thorax",
        ("SGD0AA", "Røntgen thorax"),
        "Hjerte og lunger uten patologiske forandringer. Ingen infiltrater, ingen kaverner, ingen væske.",
        "Normalt funn. Ingen tegn til tuberkulose.",
    )


def _treatment(amir: Chart) -> None:
    doctor = amir.by("rune-estenstad", 142, "10:40")
    diagnosis(amir, doctor, "latent-tb", "Z22.7", "Latent tuberkulose", comment="Ikke syk, smitter ikke.")
    composition(amir, doctor, "infeksjon", "B03-2", "Poliklinisk notat, infeksjonsmedisin", _INFECTION_CLINIC)
    encounter(
        amir,
        doctor,
        "infeksjon-kontakt",
        Visit("AMB", "Poliklinisk konsultasjon med tolk", "Positiv IGRA", 1, "latent-tb"),
    )
    tablets = Medicine(
        "J04AM02",
        "Rifampicin/isoniazid tablett 300/150 mg",
        "2 tabletter om morgenen på tom mage i 3 måneder",
        "Latent tuberkulose",
        "completed",
        inside=True,
    )
    medicine(amir, doctor, "rifampicin", tablets)
    vitamin = Medicine("A11HA02", "Pyridoksin tablett 20 mg", "1 tablett daglig så lenge behandlingen varer",
                       "Forebygger nerveplager", "completed")  # fmt: skip
    medicine(amir, doctor, "pyridoksin", vitamin)
    for days_ago, alat, asat in _LIVER:
        sample = amir.by("lab-midt", days_ago, "09:05").later(25)
        lab_panel(amir, sample, f"lever-{days_ago}", "Leverprøver", {"alat": alat, "asat": asat})
    measurement(amir, amir.by("rune-estenstad", 52), "vekt-2", "vekt", "69.4")
    for key, vaccine, days_ago, dose in _GIVEN:
        vaccination(amir, amir.by("trude-angelltveit", days_ago, "13:15"), key, vaccine, dose=dose)
    wish = Referral(
        "st-olavs-infeksjon",
        "Vurdering av latent tuberkulose",
        "Positiv IGRA, normalt lungerøntgen",
        "completed",
        "Ferdig behandlet",
        "completed",
    )
    # The sender is known by the register number only: no resource for the nurse travels with the referral.
    by_number = {
        "type": "Practitioner",
        "identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.4", "value": "5650741"},
    }
    sent = amir.by("mona-dragvoll", _ARRIVED - 32).referred_as(
        by_number | {"display": "Mona Dragvoll, sykepleier"}
    )
    referral(amir, sent, "henvist-infeksjon", wish)


def _ahead(amir: Chart) -> None:
    interpreter = "Arabisk tolk er bestilt til timen. Tolken har taushetsplikt, og det er gratis for deg."
    appointment(
        amir,
        amir.by("trude-angelltveit", 30),
        "time-vaksine",
        amir.days.ahead(18, "12:45"),
        Meeting("Vaksine: hepatitt B, tredje dose", interpreter, "sted-helsestasjon", 20),
    )
    appointment(amir, amir.by("jonas-berg", 9), "time-fastlege", amir.days.ahead(4, "09:40"),
                Meeting("Første time hos fastlegen", interpreter, "sted-bakklandet", 40))  # fmt: skip
    appointment(
        amir,
        amir.by("rune-estenstad", 60),
        "time-infeksjon",
        amir.days.ago(24, "10:20"),
        Meeting("Avsluttende kontroll", interpreter, "sted-st-olavs-infeksjon", 30, "noshow"),
    )
    activities = [
        Activity("Norskkurs og helsesamtale i gruppe", "Torsdager", "Flyktninghelseteamet"),
        Activity(
            "Slutte å røyke: samtaler med tolk", "Tre ganger", "Mona Dragvoll, sykepleier", "not-started"
        ),
        Activity("Vaksiner etter programmet for voksne", "Siste dose om noen uker", "Vaksinasjonskontoret"),
    ]
    about = "Mål: fullført vaksinasjon, fastlege på plass og røykfri til sommeren."
    care_plan(amir, amir.by("mona-dragvoll", 90), "plan", "Plan for det første året", about, activities)

"""Ella Aune, 9, Levanger: asthma, a broken arm, vaccines."""

from datetime import date

from standins.journal.demo.aune_family import childhood_vaccines, parents_of
from standins.journal.demo.builders.contacts import Meeting, Referral, Visit, appointment, encounter, referral
from standins.journal.demo.builders.measurements import measurement
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import lab_panel
from standins.journal.demo.builders.texts import html_note, imaging, note
from standins.journal.demo.builders.treatment import (
    Allergy,
    Medicine,
    age_in_months,
    allergy,
    diagnosis,
    medicine,
    procedure,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.days import on
from standins.journal.demo.people import ELLA

_GROWTH = (
    # age in months, weight, height, head
    (0, "3.4", "50", "35.0"),
    (2, "5.1", "57.5", "38.6"),
    (6, "7.6", "67", "42.9"),
    (12, "9.7", "75.5", "45.6"),
    (24, "12.4", "87", "47.8"),
    (48, "16.9", "104", ""),
    (70, "21.2", "117", ""),
    (99, "27.0", "131.5", ""),
)

_ASTHMA = """
Aktuelt:

Ni år gammel jente med astma siden småbarnsalder. Kommer til kontroll sammen med far. Har brukt salbutamol
to ganger siste måned, begge gangene på fotballtrening i kulda. Våkner ikke av hoste. Er glad i gym.

Funn:

Ubesværet respirasjon. Ren auskultasjon over lungene. PEF 265, før 250. Spirometri med FEV1 94 % av
forventet, ingen sikker reversibilitet. Vekt 28,9 kg, høyde 135 cm, følger percentilene sine.

Vurdering:

God astmakontroll. Ella viser selv fint hvordan hun bruker inhalasjonskammeret.

Plan:

- Fortsetter med budesonid 100 mikrogram morgen og kveld gjennom vinteren
- Salbutamol 15 minutter før trening ute i kulda
- Skriftlig behandlingsplan er gitt til skolen
- Ny kontroll om seks måneder
"""

_BROKEN_ARM = """
Falt fra klatrestativ på skolen i dag kl. 12. Tok seg for med venstre hånd. Smerter og hevelse like over
håndleddet, fingrene er varme og hun beveger dem. Ingen sår.

Røntgen viser brudd i distale radius uten feilstilling. Anlagt dorsal gipslaske. Smertestillende etter
vekt. Mor har fått skriftlig informasjon om gips. Kontroll på ortopedisk poliklinikk om en uke.
"""


def chart(today: date) -> Chart:
    """From birth until now."""
    ella = Chart(ELLA, today)
    patient(ella)
    parents_of(ella)
    childhood_vaccines(ella, "L")
    _growth(ella)
    _asthma(ella)
    _arm(ella)
    return ella


def _growth(ella: Chart) -> None:
    for months, weight, height, head in _GROWTH:
        visit = ella.by_at("marit-holthe", on(age_in_months(ELLA.born, months), "09:45"))
        measurement(ella, visit, f"vekt-{months}", "vekt", weight)
        measurement(ella, visit, f"hoyde-{months}", "hoyde", height)
        if head:
            measurement(ella, visit, f"hode-{months}", "hodeomkrets", head)


def _asthma(ella: Chart) -> None:
    diagnosis(ella, ella.by("siri-haugan", 2300), "astma", "R96", "Astma", since="2020")
    control = ella.by("kristin-ronglan", 76, "11:00")
    html_note(ella, control, "astmakontroll", "B03-2", "Poliklinisk notat, astmakontroll", _ASTHMA)
    encounter(
        ella, control, "astmakontroll-kontakt", Visit("AMB", "Poliklinisk kontroll", "Astma", 0.75, "astma")
    )
    for days_ago, peak, weight, height in ((620, "215", "24.8", "127"), (440, "230", "26.3", "130"), (260, "250", "27.4", "133"),
                                           (76, "265", "28.9", "135")):  # fmt: skip
        visit = ella.by("kristin-ronglan", days_ago, "11:00")
        measurement(ella, visit, f"pef-{days_ago}", "pef", peak)
        measurement(ella, visit, f"kontrollvekt-{days_ago}", "vekt", weight)
        measurement(ella, visit, f"kontrollhoyde-{days_ago}", "hoyde", height)
    inhaled = Medicine(
        "R03BA02",
        "Budesonid inhalasjon 100 mikrogram",
        "1 dose morgen og kveld med kammer, skyll munnen",
        "Astma",
    )
    medicine(ella, ella.by("kristin-ronglan", 260), "budesonid", inhaled)
    relief = Medicine(
        "R03AC02",
        "Salbutamol inhalasjon 0,1 mg",
        "1 til 2 doser ved tung pust eller før trening i kulda",
        "Astma",
    )
    medicine(ella, ella.by("kristin-ronglan", 260), "salbutamol", relief)
    stopped = Medicine(
        "R03DC03",
        "Montelukast tyggetablett 5 mg",
        "1 tablett om kvelden",
        "Astma",
        "stopped",
        "Mareritt og uro",
    )
    medicine(ella, ella.by("siri-haugan", 900), "montelukast", stopped)
    cat = Allergy("Katt", "Kløende øyne og tett nese", category="environment", since="2022-04")
    allergy(ella, ella.by("kristin-ronglan", 620), "katt", cat)
    nuts = Allergy(
        "Peanøtt",
        "Hevelse i lepper og elveblest rundt munnen",
        reaction_code="126485001",
        category="food",
        criticality="high",
        since="2021",
    )
    allergy(ella, ella.by("kristin-ronglan", 620), "peanott", nuts)
    lab_panel(
        ella,
        ella.by("lab-midt", 619, "10:20").later(51),
        "allergiprover",
        "Blodprøver, barnepoliklinikk",
        {"hemoglobin": "124", "leukocytter": "7.4", "ferritin": "32"},
    )
    appointment(
        ella,
        ella.by("kristin-ronglan", 76),
        "time-astma",
        ella.days.ahead(102, "10:30"),
        Meeting(
            "Astmakontroll",
            "Ikke bruk salbutamol de siste fire timene før timen. Ta med inhalatorene.",
            "sted-levanger",
            45,
        ),
    )


def _arm(ella: Chart) -> None:
    fall = ella.by("nina-salater", 210, "14:20")
    imaging(
        ella,
        ella.by("asbjorn-leira", 210, "13:55"),
        "rtg-handledd",
        ("SND0AA", "Røntgen venstre håndledd"),
        "Brudd i distale radiusmetafyse uten feilstilling. Vekstskiven er ikke berørt. Ulna er hel.",
        "Udislokert brudd i venstre håndledd.",
    )
    note(ella, fall, "brudd", "B02-2", "Notat fra akuttmottaket", _BROKEN_ARM)
    healed = ella.days.ago(165).date().isoformat()
    diagnosis(ella, fall, "armbrudd", "S52.5", "Brudd i håndledd, venstre", ended=healed)
    procedure(ella, fall, "gips", ("TNC32", "Anleggelse av gips på underarm"), place="Venstre underarm")
    encounter(
        ella, fall, "brudd-kontakt", Visit("EMER", "Akuttmottak", "Fall fra klatrestativ", 2.5, "armbrudd")
    )
    check = ella.by("eivind-okkenhaug", 203, "09:15")
    encounter(ella, check, "gipskontroll", Visit("AMB", "Poliklinisk kontroll", "Kontroll av gips"))
    sent = Referral(
        "levanger-ortopedi",
        "Kontroll av håndleddsbrudd",
        "Udislokert brudd, gips",
        "completed",
        "Ferdig",
        "completed",
    )
    referral(ella, fall, "henvist-ortoped", sent)
    appointment(
        ella,
        check,
        "time-gips",
        ella.days.ago(182, "08:45"),
        Meeting(
            "Fjerning av gips", "Det gjør ikke vondt, men det bråker litt.", "sted-levanger", 20, "fulfilled"
        ),
    )

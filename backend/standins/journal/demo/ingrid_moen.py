"""Ingrid Moen, 31, Trondheim: pregnant in week 29, with diabetes that came with the pregnancy."""

from datetime import date

from standins.journal.demo import ingrid_texts as texts
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
from standins.journal.demo.builders.patients import care_team, patient
from standins.journal.demo.builders.results import Remark, lab_panel, lab_result
from standins.journal.demo.builders.texts import composition, imaging, note, pdf_letter
from standins.journal.demo.builders.treatment import (
    Allergy,
    Medicine,
    allergy,
    diagnosis,
    medicine,
    vaccination,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import INGRID

_WEEK = 7
_NOW = 29  # the week of pregnancy today

_CONTROLS = (
    # week, author, blood pressure, weight, symphysis-fundus, fetal heart
    (9, "jonas-berg", (112, 70), "71.4", "", ""),
    (16, "solfrid-aarset", (110, 68), "73.0", "", "152"),
    (20, "solfrid-aarset", (112, 70), "75.1", "19", "150"),
    (24, "solfrid-aarset", (114, 70), "77.2", "23", "148"),
    (28, "solfrid-aarset", (118, 72), "78.6", "27", "142"),
)

_GLUCOSE = ("5.1", "5.0", "5.4", "4.9", "5.2", "5.0", "5.3", "5.1")

_FIRST_SAMPLES = {
    "hemoglobin": "129", "ferritin": "31", "blodtype": "A RhD positiv", "hba1c": "35", "tsh": "1.6",
    "hiv": "Negativ", "hbsag": "Negativ", "syfilis": "Negativ",
}  # fmt: skip


def chart(today: date) -> Chart:
    """The pregnancy from the first control, and a little from before."""
    ingrid = Chart(INGRID, today)
    patient(ingrid)
    _before(ingrid)
    _controls(ingrid)
    _samples(ingrid)
    _hospital(ingrid)
    _ahead(ingrid)
    return ingrid


def _week(week: int) -> int:
    return (_NOW - week) * _WEEK + 1


def _before(ingrid: Chart) -> None:
    penicillin = Allergy(
        "Penicillin", "Utslett som treåring. Provokasjonstest var negativ; tåler penicillin.", "J01CE",
        verification="refuted")  # fmt: skip
    allergy(ingrid, ingrid.by("jonas-berg", 1400), "penicillin", penicillin)
    diagnosis(
        ingrid,
        ingrid.by("jonas-berg", 2300),
        "jernmangel",
        "B80",
        "Jernmangelanemi",
        since="2020-02",
        ended="2020-10",
    )
    sampled = ingrid.by("lab-midt", 2300, "08:50").later(26)
    lab_panel(
        ingrid,
        sampled,
        "jernmangel-prover",
        "Blodprøver, fastlege",
        {"hemoglobin": "108", "ferritin": "6", "mcv": "78"},
    )
    tested = ingrid.by("lab-midt", 1320, "14:10").later(49)
    lab_result(ingrid, tested, "klamydia", "klamydia", "Ikke påvist")


def _controls(ingrid: Chart) -> None:
    for week, author, (upper, lower), weight, fundus, heart in _CONTROLS:
        visit = ingrid.by(author, _week(week), "09:20")
        blood_pressure(ingrid, visit, f"blodtrykk-uke-{week}", upper, lower)
        measurement(ingrid, visit, f"vekt-uke-{week}", "vekt", weight)
        if fundus:
            measurement(ingrid, visit, f"sf-mal-uke-{week}", "sf-mal", fundus)
        if heart:
            measurement(ingrid, visit, f"fosterlyd-uke-{week}", "fosterlyd", heart)
        encounter(
            ingrid,
            visit,
            f"kontroll-uke-{week}",
            Visit("AMB", "Svangerskapskontroll", f"Kontroll i uke {week}"),
        )
    first = ingrid.by("jonas-berg", _week(9), "09:20")
    diagnosis(ingrid, first, "svangerskap", "W78", "Svangerskap")
    note(ingrid, first, "forste-kontroll", "B02-2", "Første svangerskapskontroll", texts.FIRST_CONTROL)
    folate = Medicine(
        "B03BB01",
        "Folsyre tablett 0,4 mg",
        "1 tablett daglig til og med uke 12",
        "Svangerskap",
        "completed",
        kind="MedicationStatement",
    )
    medicine(ingrid, first, "folat", folate)
    at_24, at_28 = (ingrid.by("solfrid-aarset", _week(week), "09:50") for week in (24, 28))
    note(ingrid, at_24, "jordmor-uke-24", "B02-2", "Kontroll hos jordmor, veke 24", texts.MIDWIFE_WEEK_24)
    note(ingrid, at_28, "jordmor-uke-28", "B02-2", "Kontroll hos jordmor, veke 28", texts.MIDWIFE_WEEK_28)
    vaccination(ingrid, at_28, "kikhoste", ("J07AJ52", "Kikhostevaksine til gravide (dTp)"), batch="AC37B")
    flu = ingrid.by_at("trude-angelltveit", ingrid.days.last(10, 22))
    vaccination(ingrid, flu, "influensa", ("J07BB02", "Influensavaksine"), batch="K4VX9")
    iron = Medicine(
        "B03AA07",
        "Jern (ferrosulfat) depottablett 100 mg",
        "1 tablett annenhver dag, ikke sammen med melk",
        "Lave jernlagre i svangerskapet",
        kind="MedicationStatement",
    )
    medicine(ingrid, at_24, "jern", iron)


def _samples(ingrid: Chart) -> None:
    lab_panel(
        ingrid,
        ingrid.by("lab-midt", _week(9), "10:05").later(49),
        "prover-uke-9",
        "Svangerskapsprøver",
        _FIRST_SAMPLES,
    )
    stress = ingrid.by("lab-midt", _week(26), "08:10").later(25)
    above = {
        "glukose-2t": Remark(comment="Over grensen for svangerskapsdiabetes (9,0 mmol/L etter to timer).")
    }
    lab_panel(
        ingrid, stress, "belastning", "Glukosebelastning", {"fglukose": "5.2", "glukose-2t": "9.6"}, above
    )
    lab_panel(
        ingrid,
        ingrid.by("lab-midt", _week(28), "09:40").later(27),
        "prover-uke-28",
        "Svangerskapsprøver, uke 28",
        {"hemoglobin": "114", "ferritin": "14", "hba1c": "37"},
    )
    for number, value in enumerate(_GLUCOSE, 1):
        morning = ingrid.by_at("trondheim-kommune", ingrid.days.exactly(len(_GLUCOSE) + 1 - number, "06:55"))
        told = morning.referred_as(ingrid.subject | {"display": "Målt selv"})
        lab_result(
            ingrid,
            told,
            f"hjemme-glukose-{number}",
            "fglukose",
            value,
            Remark(comment="Målt hjemme, fastende."),
        )


def _hospital(ingrid: Chart) -> None:
    early = ingrid.by("astrid-loe", _week(18), "11:10")
    imaging(
        ingrid,
        early,
        "ul-uke-18",
        ("SXF0AK", "Ultralyd, rutine i svangerskapet"),
        "Ett levende foster. Biparietal diameter 41 mm, femurlengde 26 mm. Hode, ansikt, rygg, hjerte med fire kamre, "
        "bukvegg, nyrer, blære og ekstremiteter ses normale. Morkaken ligger på bakveggen.",
        "Normalt ultralydfunn. Termin bestemt ut fra fosterets størrelse.",
    )
    doctor = ingrid.by("cecilie-wang", _week(27), "13:00")
    diagnosis(ingrid, doctor, "svangerskapsdiabetes", "O24.4", "Svangerskapsdiabetes",
              comment="Kostregulert. Følges av jordmor og Svangerskapspoliklinikken.")  # fmt: skip
    composition(
        ingrid, doctor, "poliklinikk", "B03-2", "Poliklinisk notat, Svangerskapspoliklinikken", texts.CLINIC
    )
    encounter(
        ingrid,
        doctor,
        "poliklinikk-kontakt",
        Visit("AMB", "Poliklinisk konsultasjon", "Svangerskapsdiabetes", 0.75, "svangerskapsdiabetes"),
    )
    pdf_letter(
        ingrid,
        ingrid.by("cecilie-wang", 6, "09:30"),
        "innkalling",
        "I02-2",
        "Innkalling til ultralyd",
        texts.INVITATION,
    )


def _ahead(ingrid: Chart) -> None:
    bring = "Ta med skjemaet med blodsukkermålinger, og morgenurin."
    booked = ingrid.by("solfrid-aarset", _week(28), "10:00")
    appointment(ingrid, booked, "time-jordmor", ingrid.days.ahead(7, "09:20"),
                Meeting("Svangerskapskontroll hos jordmor", bring, "sted-helsestasjon", 40))  # fmt: skip
    appointment(ingrid, ingrid.by("cecilie-wang", 6), "time-ultralyd", ingrid.days.ahead(14, "11:30"),
                Meeting("Ultralyd, tilvekst", "Du trenger ikke å møte fastende. Du kan ha med én ledsager.",
                        "sted-st-olavs-kvinne", 45))  # fmt: skip
    appointment(
        ingrid,
        ingrid.by("astrid-loe", 20),
        "time-fodesamtale",
        ingrid.days.ahead(36, "14:00"),
        Meeting(
            "Samtale om fødselen",
            "Skriv gjerne ned det dere lurer på.",
            "sted-st-olavs-kvinne",
            60,
            "proposed",
        ),
    )
    wish = Referral(
        "st-olavs-foster",
        "Svangerskapsdiabetes",
        "Glukose 9,6 to timer etter belastning",
        "completed",
        "Ferdig vurdert, følges videre",
        "completed",
        priority="urgent",
    )
    referral(ingrid, ingrid.by("jonas-berg", _week(26) - 2), "henvist-svangerskapsdiabetes", wish)
    activities = [
        Activity(
            "Kontroll hos jordmor",
            "Hver tredje uke til uke 36, deretter annenhver",
            "Solfrid Aarset, jordmor",
        ),
        Activity("Måle blodsukker fastende og etter måltid", "Hver dag", "Du selv"),
        Activity(
            "Ultralyd for tilvekst",
            "Uke 31 og 36",
            "Svangerskapspoliklinikken, St. Olavs hospital",
            "scheduled",
        ),
        Activity("Foreldreforberedende kurs", "Fire kvelder i januar", "Østbyen helsestasjon", "not-started"),
    ]
    care_plan(
        ingrid,
        booked,
        "plan",
        "Plan for svangerskapet",
        "Termin i uke 40. Ønsker å føde på St. Olavs hospital.",
        activities,
    )
    members = [
        ("solfrid-aarset", "Jordmor"),
        ("jonas-berg", "Fastlege"),
        ("cecilie-wang", "Lege, Svangerskapspoliklinikken"),
    ]
    care_team(ingrid, booked, "team", "Svangerskapsomsorgen", members)

"""Kari's hospital stay, and the results of the last weeks: corrected, mistaken, withdrawn, withheld."""

from standins.journal.demo import kari_texts as texts
from standins.journal.demo.builders.contacts import Visit, encounter
from standins.journal.demo.builders.measurements import blood_pressure, measurement
from standins.journal.demo.builders.results import Remark, culture, lab_group, lab_panel, lab_result
from standins.journal.demo.builders.texts import composition, imaging, note
from standins.journal.demo.builders.treatment import diagnosis
from standins.journal.demo.chart import Chart

ADMITTED = 430  # days ago: the stay that her notes and results come back to


def hospital_stay(kari: Chart) -> None:
    """Four days with a kidney infection: a critical value, a culture, and a discharge letter that was corrected."""
    arrival = kari.by_at("levanger", kari.days.exactly(ADMITTED, "21:40"))
    values = {
        "crp": "214",
        "leukocytter": "18.6",
        "kreatinin": "168",
        "egfr": "30",
        "kalium": "6.3",
        "natrium": "132",
    }
    critical = {"kalium": Remark(flag="HH", comment="Kritisk verdi ringt til akuttmottaket kl. 22.10.")}
    lab_panel(kari, arrival, "innkomst", "Innkomstprøver", values, critical)
    morning = kari.by_at("levanger", kari.days.exactly(ADMITTED - 1, "07:15"))
    lab_panel(
        kari,
        morning,
        "dag-2",
        "Blodprøver, sengepost",
        {
            "crp": "187",
            "leukocytter": "14.2",
            "kreatinin": "141",
            "egfr": "37",
            "kalium": "4.7",
            "natrium": "136",
        },
    )
    sensitive = {"Mecillinam": "S", "Cefotaksim": "S", "Ciprofloksacin": "S", "Ampicillin": "R",
                 "Trimetoprim-sulfa": "R", "Nitrofurantoin": "I"}  # fmt: skip
    culture(
        kari,
        kari.by_at("lab-midt", kari.days.exactly(ADMITTED, "22:00")).later(40),
        "urindyrkning",
        "Urindyrkning",
        "Escherichia coli",
        "Mer enn 100 000 kolonidannende enheter per mL.",
        sensitive,
    )
    imaging(
        kari,
        kari.by_at("asbjorn-leira", kari.days.exactly(ADMITTED - 1, "11:20")).later(3),
        "ul-nyrer",
        ("SKA0AK", "Ultralyd av urinveier"),
        "Begge nyrer har normal størrelse og form. Ingen utvidelse av nyrebekken. Ingen stein. Blæren er tom "
        "på grunn av kateter.",
        "Ingen hydronefrose og ingen stein. Normale funn.",
    )
    doctor = kari.by_at("magne-rotmo", kari.days.exactly(ADMITTED, "21:40"))
    diagnosis(
        kari,
        doctor,
        "pyelonefritt",
        "N10",
        "Akutt nyrebekkenbetennelse",
        ended=kari.days.exactly(ADMITTED - 11).date().isoformat(),
    )
    encounter(kari, doctor.later(85), "opphold", Visit("IMP", "Innleggelse, øyeblikkelig hjelp",
              "Feber og flankesmerter", 84, "pyelonefritt"))  # fmt: skip
    note(
        kari,
        kari.by_at("ida-brandtzaeg", kari.days.exactly(ADMITTED - 2, "14:30")),
        "sykepleienotat",
        "B06-2",
        "Sykepleienotat, dagvakt",
        texts.NURSE_AT_WARD,
    )
    discharge = kari.by_at("magne-rotmo", kari.days.exactly(ADMITTED - 4, "13:05"))
    composition(kari, discharge, "epikrise", "A03-2", "Epikrise, Medisinsk sengepost 2", texts.ADMISSION)
    composition(
        kari,
        discharge.later(76),
        "epikrise",
        "A03-2",
        "Epikrise, Medisinsk sengepost 2",
        texts.ADMISSION | {"Medikamentendringer": texts.CORRECTED_MEDICINES},
        amended=True,
    )


def recent_results(kari: Chart) -> None:
    """A corrected value, one that was somebody else's, one taken back, and one that the doctor shall see first."""
    haemolysed = kari.by("lab-midt", 33, "08:40").later(5)
    lab_result(kari, haemolysed, "kalium-ekstra", "kalium", "5.6")
    corrected = Remark(
        "amended", comment="Rettet svar: prøven var hemolysert, ny analyse av samme dags prøve."
    )
    lab_result(kari, haemolysed.later(29), "kalium-ekstra", "kalium", "4.6", corrected)
    mistaken = kari.by("lab-midt", 26, "09:05").later(6)
    lab_result(kari, mistaken, "inr-feil", "inr", "2.7")
    lab_result(
        kari,
        mistaken.later(30),
        "inr-feil",
        "inr",
        "2.7",
        Remark("entered-in-error", comment="Prøven tilhørte en annen pasient."),
    )
    twice = kari.by("hege-lunde", 19, "12:00")
    note(kari, twice, "dobbelt", "B02-2", "Telefonsamtale", "Registrert to ganger ved en feil.")
    kari.remove(twice.later(4), "DocumentReference", "dobbelt")
    lab_group(
        kari,
        kari.by("lab-midt", 12, "08:25").later(9),
        "blodbilde",
        "Blodbilde (hematologi)",
        {
            "hemoglobin": "131",
            "evf": "0.39",
            "mcv": "91",
            "mch": "30",
            "leukocytter": "6.8",
            "trombocytter": "244",
        },
    )
    seen_first = kari.by("lab-midt", 180, "08:20").later(50).withheld("2")
    lab_result(kari, seen_first, "ferritin", "ferritin", "38")
    lab_result(kari, seen_first.later(170).withheld("1"), "ferritin", "ferritin", "38")
    lab_result(
        kari,
        kari.by("lab-midt", 5, "08:30").later(28).withheld("2"),
        "mkomponent",
        "mkomponent",
        "Svak mistanke om M-komponent i gammaområdet. Immunfiksasjon anbefales.",
        Remark(flag="A"),
    )
    for days_ago, upper, lower in ((11, 134, 78), (9, 129, 76), (7, 131, 80), (4, 127, 74)):
        morning = kari.by_at("turid-five", kari.days.exactly(days_ago, "07:10")).later(2)
        blood_pressure(kari, morning, f"hjemme-{days_ago}", upper, lower, at_home=True)
    measurement(kari, kari.by("turid-five", 3650), "hoyde", "hoyde", "169")
    measurement(kari, kari.by("hege-lunde", 10, "13:40"), "bmi", "bmi", "29.1")

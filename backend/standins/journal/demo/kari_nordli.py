"""Kari Nordli, 58, Steinkjer: ten years with type 2 diabetes, one hospital stay."""

from datetime import date

from standins.journal.demo import kari_texts as texts
from standins.journal.demo.attachments import eye_picture
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
from standins.journal.demo.builders.patients import Relation, care_team, patient, related
from standins.journal.demo.builders.texts import (
    document,
    html_note,
    note,
    pdf_letter,
    picture,
    plain_text,
)
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
from standins.journal.demo.kari_hospital import ADMITTED, hospital_stay, recent_results
from standins.journal.demo.kari_series import ten_years
from standins.journal.demo.people import KARI, OLAV

_VACCINES = (
    # id, name, month and day, years back, batch
    ("influensa-0", ("J07BB02", "Influensavaksine"), (10, 14), 0, "K4VX7"),
    ("influensa-1", ("J07BB02", "Influensavaksine"), (10, 16), 1, "J9TR2"),
    ("influensa-2", ("J07BB02", "Influensavaksine"), (10, 11), 2, ""),
    ("korona-5", ("J07BN01", "Koronavaksine"), (10, 16), 1, "HM2217"),
    ("korona-4", ("J07BN01", "Koronavaksine"), (9, 21), 3, "GK9810"),
    ("pneumokokk", ("J07AL02", "Pneumokokkvaksine (konjugert)"), (11, 3), 4, "DW0441"),
)

_MEDICINES = (
    # id, author, days ago, medicine
    ("metformin", "hege-lunde", 380, Medicine(
        "A10BA02", "Metformin tablett 1000 mg", "1 tablett morgen og kveld, til mat", "Diabetes type 2")),
    ("empagliflozin", "hege-lunde", 1280, Medicine(
        "A10BK03", "Empagliflozin tablett 10 mg", "1 tablett om morgenen", "Diabetes type 2, beskytter nyrene")),
    ("semaglutid", "tone-skjesol", 940, Medicine(
        "A10BJ06", "Semaglutid injeksjon 1 mg", "1 mg under huden én gang i uken, samme ukedag", "Diabetes type 2")),
    ("losartan", "hege-lunde", 400, Medicine(
        "C09CA01", "Losartan tablett 50 mg", "1 tablett om morgenen", "Høyt blodtrykk og protein i urinen")),
    ("atorvastatin", "hege-lunde", 2960, Medicine(
        "C10AA05", "Atorvastatin tablett 40 mg", "1 tablett om kvelden", "Høyt kolesterol")),
    ("glimepirid", "hege-lunde", 2100, Medicine(
        "A10BB12", "Glimepirid tablett 2 mg", "1 tablett om morgenen", "Diabetes type 2",
        "stopped", "Flere tilfeller av lavt blodsukker (føling)")),
    ("pivmecillinam", "magne-rotmo", ADMITTED - 4, Medicine(
        "J01CA08", "Pivmecillinam tablett 400 mg", "1 tablett 3 ganger daglig i 7 dager", "Nyrebekkenbetennelse",
        "completed")),
    ("b12", "turid-five", 700, Medicine(
        "B03BA01", "Cyanokobalamin tablett 1 mg", "1 tablett daglig", "Lavt B12 ved bruk av metformin",
        kind="MedicationStatement")),
)  # fmt: skip

_DIAGNOSES = (
    # id, author, days ago, code, text, since, ended
    ("diabetes", "hege-lunde", 3650, "T90", "Diabetes type 2", "", ""),
    ("hypertensjon", "hege-lunde", 3640, "K86", "Høyt blodtrykk", "2014", ""),
    ("hyperlipidemi", "hege-lunde", 2960, "T93", "Forstyrrelse i lipidomsetningen", "", ""),
    ("retinopati", "lars-munkeby", 850, "H36.0", "Diabetisk retinopati", "", ""),
    ("nefropati", "tone-skjesol", 640, "E11.2", "Diabetes type 2 med nyrekomplikasjoner", "", ""),
    ("gallestein", "hege-lunde", 3100, "D98", "Gallestein", "2009", "2018-03"),
)


_VISITS = (
    ("arskontroll-kontakt", "hege-lunde", 10, "13:30", "Konsultasjon", "Årskontroll diabetes"),
    ("sykepleier-kontakt", "turid-five", 102, "09:00", "Konsultasjon", "Diabeteskontroll"),
    ("oye-kontakt", "lars-munkeby", 371, "11:45", "Poliklinisk kontroll", "Kontroll av diabetisk øyesykdom"),
    ("telefon", "hege-lunde", 401, "14:20", "Telefonkonsultasjon", "Oppstart av losartan etter innleggelse"),
    (
        "poliklinikk-kontakt",
        "tone-skjesol",
        940,
        "10:00",
        "Poliklinisk konsultasjon",
        "Stigende langtidsblodsukker",
    ),
)


def chart(today: date) -> Chart:
    """All that is written about Kari until `today`."""
    kari = Chart(KARI, today)
    patient(kari)
    related(kari, Relation(OLAV, family="far", text="Far"))
    ten_years(kari)
    _background(kari)
    _medicines(kari)
    hospital_stay(kari)
    recent_results(kari)
    _notes(kari)
    _ahead(kari)
    _plan(kari)
    return kari


def _background(kari: Chart) -> None:
    for key, author, days_ago, code, text, since, ended in _DIAGNOSES:
        diagnosis(kari, kari.by(author, days_ago), key, code, text, since=since, ended=ended)
    for key, vaccine, (month, day), years, batch in _VACCINES:
        given = kari.by_at("turid-five", kari.days.last(month, day, years))
        vaccination(kari, given, key, vaccine, batch=batch)
    sulfa = Allergy("Trimetoprim-sulfametoksazol", "Utbredt kløende utslett på armer og mage", "J01EE01", "271807003",
                    since="2011")  # fmt: skip
    allergy(kari, kari.by("odd-sakshaug", 3500), "sulfa", sulfa)
    latex = Allergy("Lateks", "Prikktest og spesifikt IgE var negative. Kan bruke latekshansker.",
                    verification="refuted", category="environment")  # fmt: skip
    allergy(kari, kari.by("hege-lunde", 1500), "lateks", latex)
    critical_information(
        kari,
        kari.by("magne-rotmo", ADMITTED - 4),
        "nyreskade",
        "Kritisk medisinsk tilstand",
        "Nedsatt nyrefunksjon: gjennomgått akutt nyreskade. Unngå NSAIDs, vær varsom med røntgenkontrast.",
    )
    procedure(kari, kari.by("magne-rotmo", 3150), "galleblaere", ("JKA21", "Laparoskopisk fjerning av galleblæren"), when="2018-03",
              comment="Ukomplisert. Utført ved Sykehuset Levanger.")  # fmt: skip


def _medicines(kari: Chart) -> None:
    for key, author, days_ago, drug in _MEDICINES:
        medicine(kari, kari.by(author, days_ago, "11:15"), key, drug)


def _notes(kari: Chart) -> None:
    note(
        kari,
        kari.by("hege-lunde", 10, "13:40"),
        "arskontroll",
        "B02-2",
        "Årskontroll diabetes",
        texts.YEARLY_CONTROL,
    )
    pdf_letter(
        kari,
        kari.by("hege-lunde", 8, "15:20"),
        "svarbrev",
        "I02-2",
        "Svar på prøvene dine",
        texts.RESULT_LETTER,
    )
    note(kari, kari.by("turid-five", 102, "09:30"), "diabetessykepleier", "B06-2", "Konsultasjon hos diabetessykepleier",
         texts.DIABETES_NURSE)  # fmt: skip
    html_note(kari, kari.by("tone-skjesol", 940, "10:30"), "diabetespoliklinikk", "B03-2",
              "Poliklinisk notat, diabetes", texts.DIABETES_CLINIC)  # fmt: skip
    files = [plain_text(texts.EYE_CLINIC),
             picture(eye_picture(), "Høyre øye, bilde av netthinnen")]  # fmt: skip
    document(
        kari, kari.by("lars-munkeby", 371, "12:15"), "oyekontroll", "B03-2", "Poliklinisk notat, øye", files
    )
    note(kari, kari.by("liv-kvam", 800, "10:00"), "friskliv", "B02-2", "Oppstartsamtale, Frisklivssentralen",
         texts.HEALTHY_LIFE)  # fmt: skip
    for key, author, days_ago, clock, text, reason in _VISITS:
        kind = "VR" if text.startswith("Telefon") else "AMB"
        encounter(kari, kari.by(author, days_ago, clock), key, Visit(kind, text, reason))


def _ahead(kari: Chart) -> None:
    eye = "Du får dryppet øynene, og kan ikke kjøre bil de neste fire timene. Ta med brillene dine."
    blood = "Møt fastende fra midnatt. Du kan drikke vann. Ta med fersk morgenurin i glasset du fikk."
    appointment(
        kari,
        kari.by("lars-munkeby", 40),
        "time-oye",
        kari.days.ahead(16, "12:30"),
        Meeting("Øyekontroll ved diabetes", eye, "sted-levanger-oye", 45),
    )
    appointment(
        kari,
        kari.by("turid-five", 10),
        "time-prover",
        kari.days.ahead(79, "08:15"),
        Meeting("Blodprøver før diabeteskontroll", blood, "sted-steinkjer-lege", 15),
    )
    appointment(
        kari,
        kari.by("hege-lunde", 10),
        "time-samtale",
        kari.days.ahead(6, "14:00"),
        Meeting("Samtale om avlastning", "", "sted-steinkjer-lege", 30),
    )
    appointment(kari, kari.by("tone-skjesol", 150), "time-avlyst", kari.days.ago(60, "10:00"),
                Meeting("Kontroll på diabetespoliklinikken", "", "sted-levanger", 30, "cancelled",
                        "Avlyst: følges videre hos fastlegen"))  # fmt: skip
    appointment(
        kari,
        kari.by("turid-five", 60),
        "time-arskontroll",
        kari.days.ago(10, "13:30"),
        Meeting("Årskontroll diabetes", blood, "sted-steinkjer-lege", 40, "fulfilled"),
    )
    referral(
        kari,
        kari.by("hege-lunde", 47),
        "henvist-oye",
        Referral(
            "levanger-oye",
            "Kontroll av diabetisk retinopati",
            "Diabetes type 2 med kjent mild retinopati",
            stage="Mottatt og vurdert. Time er satt opp.",
            deadline=kari.days.ahead(30).date().isoformat(),
        ),
    )
    referral(
        kari,
        kari.by("hege-lunde", 990),
        "henvist-diabetes",
        Referral(
            "levanger-diabetes",
            "Vurdering på diabetespoliklinikk",
            "Stigende HbA1c tross to medisiner",
            "completed",
            "Ferdig behandlet",
            "completed",
        ),
    )
    referral(
        kari,
        kari.by("hege-lunde", 4),
        "henvist-fot",
        Referral(
            "steinkjer-helsestasjon",
            "Kurs for deg med diabetes",
            "Ønsker mer kunnskap om føtter og nevropati",
            stage="Mottatt. Venter på vurdering.",
            stage_status="received",
        ),
    )


def _plan(kari: Chart) -> None:
    activities = [
        Activity("HbA1c og blodtrykk", "Hver tredje måned", "Turid Five, diabetessykepleier"),
        Activity("Årskontroll med fotundersøkelse og urinprøve", "Én gang i året", "Hege Lunde, fastlege"),
        Activity("Øyekontroll", "Én gang i året", "Øyepoliklinikken, Sykehuset Levanger", "scheduled"),
        Activity("Fotterapeut", "To ganger i året", "Bestilles av deg selv", "not-started"),
        Activity("Styrketrening i gruppe", "Mandag kl. 18", "Frisklivssentralen", "completed"),
    ]
    care_plan(
        kari,
        kari.by("hege-lunde", 365),
        "plan",
        "Plan for diabetesoppfølging",
        "Mål: HbA1c under 53, blodtrykk under 135/80, og å orke turen til Skarven.",
        activities,
    )
    members = [("hege-lunde", "Fastlege"), ("turid-five", "Diabetessykepleier"), ("lars-munkeby", "Øyelege")]
    care_team(kari, kari.by("hege-lunde", 365), "team", "Diabetesteamet", members)

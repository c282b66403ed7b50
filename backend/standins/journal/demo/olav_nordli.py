"""Olav Nordli, 86, Steinkjer: heart failure, early dementia, home care, and Kari who helps."""

from datetime import date

from standins.journal.demo import olav_texts as texts
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
from standins.journal.demo.builders.patients import Relation, care_team, contact, patient, related
from standins.journal.demo.builders.results import lab_panel, lab_result
from standins.journal.demo.builders.texts import composition, imaging, note, pdf_letter
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
from standins.journal.demo.people import KARI, OLAV

_ADMITTED = 96

_DIAGNOSES = (
    ("hjertesvikt", "hege-lunde", 2100, "K77", "Hjertesvikt", "2020"),
    ("atrieflimmer", "hege-lunde", 2400, "K78", "Atrieflimmer", "2019-11"),
    ("demens", "hege-lunde", 58, "P70", "Demens", ""),
    ("nyresvikt", "magne-rotmo", _ADMITTED - 5, "N18.3", "Kronisk nyresykdom, stadium 3", ""),
    ("artrose", "hege-lunde", 3900, "L89", "Hofteleddsartrose", "2012"),
)

_MULTIDOSE = "Ligger i multidose. "
_MEDICINES = (
    ("furosemid", "hege-lunde", _ADMITTED - 8, Medicine(
        "C03CA01", "Furosemid tablett 40 mg", _MULTIDOSE + "1 tablett morgen og 1 tablett midt på dagen", "Hjertesvikt")),
    ("metoprolol", "hege-lunde", 640, Medicine(
        "C07AB02", "Metoprolol depottablett 50 mg", _MULTIDOSE + "1 tablett om morgenen", "Hjertesvikt og atrieflimmer")),
    ("apiksaban", "hege-lunde", 700, Medicine(
        "B01AF02", "Apiksaban tablett 2,5 mg", _MULTIDOSE + "1 tablett morgen og kveld", "Forebygger blodpropp")),
    ("ramipril", "hege-lunde", 2050, Medicine(
        "C09AA05", "Ramipril kapsel 2,5 mg", _MULTIDOSE + "1 kapsel om kvelden", "Hjertesvikt")),
    ("paracetamol", "hege-lunde", 300, Medicine(
        "N02BE01", "Paracetamol tablett 500 mg", "2 tabletter ved behov, høyst 3 ganger daglig", "Smerter i hoften")),
    ("zopiklon", "odd-sakshaug", 900, Medicine(
        "N05CF01", "Zopiklon tablett 5 mg", "1 tablett ved behov til natten", "Søvnvansker", "stopped",
        "Økt falltendens")),
    ("multidose", "ellen-byafossen", 80, Medicine(
        "", "Multidose, ruller for 14 dager", "Leveres hjemmesykepleien annenhver onsdag", "Fast medisinering",
        kind="MedicationStatement")),
)  # fmt: skip

# days ago and weight: steady, then water, then better
_WEIGHTS = ((88, "71.9"), (74, "72.0"), (60, "72.2"), (45, "71.8"), (31, "72.1"), (20, "72.4"), (12, "72.4"),
            (9, "73.9"), (8, "72.6"), (5, "72.3"), (2, "72.2"))  # fmt: skip

_SAMPLES = (
    # days ago, values
    (700, {"kreatinin": "104", "egfr": "57", "kalium": "4.3", "natrium": "140", "probnp": "1890", "hemoglobin": "139"}),
    (510, {"kreatinin": "109", "egfr": "54", "kalium": "4.5", "natrium": "139", "probnp": "2140", "hemoglobin": "136"}),
    (330, {"kreatinin": "112", "egfr": "52", "kalium": "4.4", "natrium": "139", "probnp": "2310", "hemoglobin": "133"}),
    (170, {"kreatinin": "116", "egfr": "49", "kalium": "4.6", "natrium": "138", "probnp": "2960", "hemoglobin": "131"}),
    (84, {"kreatinin": "126", "egfr": "44", "kalium": "4.7", "natrium": "136", "probnp": "3420", "hemoglobin": "130"}),
    (62, {"kreatinin": "121", "egfr": "46", "kalium": "4.5", "natrium": "137", "tsh": "2.4", "b12": "310", "kalsium": "2.31"}),
    (15, {"kreatinin": "119", "egfr": "47", "kalium": "4.4", "natrium": "138", "probnp": "2480", "hemoglobin": "128"}),
)  # fmt: skip


def chart(today: date) -> Chart:
    """All that is written about Olav until `today`."""
    olav = Chart(OLAV, today)
    patient(olav)
    contact(olav, "Nabo med nøkkel", "Arne Fossheim", "+4790000188")
    related(olav, Relation(KARI, family="barn", role="nearest", text="Datter og nærmeste pårørende"))
    _background(olav)
    _stay(olav)
    _home_care(olav)
    _memory(olav)
    _ahead(olav)
    return olav


def _background(olav: Chart) -> None:
    for key, author, days_ago, code, text, since in _DIAGNOSES:
        diagnosis(olav, olav.by(author, days_ago), key, code, text, since=since)
    for key, author, days_ago, drug in _MEDICINES:
        medicine(olav, olav.by(author, days_ago, "12:30"), key, drug)
    for days_ago, values in _SAMPLES:
        lab_panel(
            olav,
            olav.by("lab-midt", days_ago, "09:15").later(27),
            f"prover-{days_ago}",
            "Blodprøver, fastlege",
            values,
        )
    codeine = Allergy("Kodein", "Forvirring og kraftig kvalme", "R05DA04", criticality="low", since="2016")
    allergy(olav, olav.by("odd-sakshaug", 3600), "kodein", codeine)
    critical_information(
        olav,
        olav.by("hege-lunde", 2390),
        "blodfortynnende",
        "Pågående behandling",
        "Bruker blodfortynnende (apiksaban) på grunn av atrieflimmer.",
    )
    critical_information(
        olav,
        olav.by("hege-lunde", 57),
        "behandlingsgrense",
        "Endring i behandlingsrutiner",
        "Ønsker ikke hjerte-lunge-redning. Avklart i samtale med fastlege og datter.",
    )
    procedure(
        olav,
        olav.by("eivind-okkenhaug", 3300),
        "hofte",
        ("NFB20", "Totalprotese i høyre hofte"),
        when="2017",
        place="Høyre hofte",
        comment="Utført før avdelingen begynte å skrive i den felles journalen.",
    )
    for key, years in (("influensa-0", 0), ("influensa-1", 1), ("influensa-2", 2)):
        vaccination(
            olav,
            olav.by_at("gry-steinsmo", olav.days.last(10, 20, years)),
            key,
            ("J07BB02", "Influensavaksine"),
        )
    vaccination(
        olav, olav.by_at("gry-steinsmo", olav.days.last(10, 20, 0)), "korona-7", ("J07BN01", "Koronavaksine")
    )


def _stay(olav: Chart) -> None:
    arrival = olav.by_at("levanger", olav.days.exactly(_ADMITTED, "15:20"))
    lab_panel(
        olav,
        arrival,
        "innkomst",
        "Innkomstprøver",
        {
            "probnp": "6840",
            "troponin": "31",
            "kreatinin": "138",
            "egfr": "40",
            "natrium": "131",
            "kalium": "4.9",
            "crp": "12",
            "hemoglobin": "129",
        },
    )
    imaging(
        olav,
        olav.by_at("asbjorn-leira", olav.days.exactly(_ADMITTED, "16:05")),
        "rtg-thorax",
        ("SGD0AA", "Røntgen thorax"),
        "Forstørret hjerteskygge. Økt kartegning mot apex og interstitiell væske. Sparsom pleuravæske bilateralt. "
        "Ingen konsoliderende fortetninger.",
        "Lungestuvning og litt pleuravæske. Ingen holdepunkter for pneumoni.",
    )
    leaving = olav.by_at("magne-rotmo", olav.days.exactly(_ADMITTED - 5, "12:40"))
    encounter(
        olav,
        olav.by_at("magne-rotmo", olav.days.exactly(_ADMITTED, "15:20")).later(118),
        "opphold",
        Visit("IMP", "Innleggelse, øyeblikkelig hjelp", "Tung pust og hevelse i beina", 117, "hjertesvikt"),
    )
    composition(olav, leaving, "epikrise", "A03-2", "Epikrise, Medisinsk sengepost 2", texts.HEART_FAILURE)


def _home_care(olav: Chart) -> None:
    for days_ago, weight in _WEIGHTS:
        morning = olav.by_at("gry-steinsmo", olav.days.exactly(days_ago, "08:35"))
        measurement(olav, morning, f"vekt-{days_ago}", "vekt", weight)
        encounter(
            olav, morning, f"besok-{days_ago}", Visit("HH", "Hjemmebesøk", "Morgenstell, medisiner og veiing")
        )
    for days_ago, upper, lower in ((60, 118, 64), (31, 122, 68), (9, 126, 72), (2, 120, 66)):
        blood_pressure(olav, olav.by_at("gry-steinsmo", olav.days.exactly(days_ago, "08:40")), f"blodtrykk-{days_ago}",
                       upper, lower)  # fmt: skip
    measurement(olav, olav.by_at("gry-steinsmo", olav.days.exactly(9, "08:40")), "spo2-9", "spo2", "93")
    reports = zip((41, 20, 13, 9, 8), ("petter-rungstad", "gry-steinsmo", "petter-rungstad", "gry-steinsmo", "gry-steinsmo"),
                  ("20:40", "09:10", "21:05", "08:55", "09:00"), texts.EVENING_VISIT, strict=True)  # fmt: skip
    for days_ago, author, clock, text in reports:
        note(olav, olav.by_at(author, olav.days.exactly(days_ago, clock)), f"hjemme-{days_ago}", "B06-2",
             "Sykepleienotat, hjemmetjenesten", text)  # fmt: skip
    activities = [
        Activity("Hjelp til medisiner fra multidose", "Morgen og kveld", "Hjemmetjenesten Egge"),
        Activity(
            "Veiing, og ringe legesenteret ved økning over 2 kg på tre dager",
            "Hver morgen",
            "Hjemmetjenesten Egge",
        ),
        Activity("Dusj med hjelp", "Fredager", "Hjemmetjenesten Egge"),
        Activity("Dagsenter med transport", "Tirsdag og torsdag", "Egge dagsenter", "scheduled"),
        Activity("Handling og søndagsmiddag", "Hver uke", "Kari, datter"),
    ]
    care_plan(
        olav,
        olav.by("gry-steinsmo", 70),
        "plan",
        "Tiltaksplan, hjemmetjenesten",
        "Mål: Bo trygt hjemme, holde vekten mellom 71 og 73 kg, og komme ut to ganger i uken.",
        activities,
    )
    members = [("gry-steinsmo", "Primærkontakt, sykepleier"), ("petter-rungstad", "Helsefagarbeider"),
               ("hege-lunde", "Fastlege"), ("RelatedPerson/kari-nordli", "Datter, hjelper")]  # fmt: skip
    care_team(olav, olav.by("gry-steinsmo", 70), "team", "Hjemmetjenesten Egge", members)
    pdf_letter(
        olav, olav.by("steinkjer-kommune", 66), "vedtak", "I02-2", "Vedtak om hjemmesykepleie", texts.DECISION
    )


def _memory(olav: Chart) -> None:
    note(
        olav, olav.by("hege-lunde", 58, "14:10"), "hukommelse", "B02-2", "Hukommelsesvurdering", texts.MEMORY
    )
    imaging(
        olav,
        olav.by("asbjorn-leira", 64, "10:50").later(22),
        "ct-caput",
        ("SCA0BD", "CT caput"),
        "Moderat sentral og kortikal atrofi, noe mer uttalt svarende til hippocampus på begge sider. Lette "
        "småkarsforandringer i hvit substans. Ingen blødning, ekspansivitet eller ferske infarkter.",
        "Aldersforandringer med noe hippocampusatrofi. Ingen blødning eller svulst.",
    )
    lab_result(olav, olav.by("lab-midt", 62, "09:15").later(27), "ferritin", "ferritin", "88")
    encounter(
        olav,
        olav.by("hege-lunde", 58, "13:30"),
        "hukommelse-kontakt",
        Visit("AMB", "Konsultasjon", "Hukommelsesvurdering sammen med datter", 1, "demens"),
    )


def _ahead(olav: Chart) -> None:
    appointment(olav, olav.by("hege-lunde", 58), "time-kontroll", olav.days.ahead(9, "10:15"),
                Meeting("Kontroll av hjertesvikt", "Kari kan gjerne bli med. Ta med vektskjemaet fra hjemmetjenesten.",
                        "sted-steinkjer-lege"))  # fmt: skip
    appointment(olav, olav.by("gry-steinsmo", 6), "time-hjemme", olav.days.ahead(3, "13:00"),
                Meeting("Besøk av hukommelsesteamet", "To fra teamet kommer hjem til deg. Det tar omtrent en time.",
                        "sted-hjemme", 60))  # fmt: skip
    referral(
        olav,
        olav.by("hege-lunde", 57),
        "henvist-hukommelsesteam",
        Referral(
            "steinkjer-kommune",
            "Oppfølging fra hukommelsesteamet",
            "Nylig stilt demensdiagnose, bor alene",
            stage="Mottatt. Første hjemmebesøk er avtalt.",
        ),
    )
    referral(
        olav,
        olav.by("hege-lunde", 11),
        "henvist-hjerte",
        Referral(
            "hjerteklinikken",
            "Ekkokardiografi, kontroll",
            "Hjertesvikt med EF 38 %, vektøkning",
            stage="Rett til helsehjelp, venteliste",
            deadline=olav.days.ahead(60).date().isoformat(),
        ),
    )

"""Per Aune, 43, Levanger: father of Ella and Jonas; a knee operation, a grave penicillin allergy."""

from datetime import date

from standins.journal.demo.aune_family import spouse_and_children
from standins.journal.demo.builders.contacts import Meeting, Referral, Visit, appointment, encounter, referral
from standins.journal.demo.builders.measurements import blood_pressure
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import lab_panel
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
from standins.journal.demo.people import ELLA, JONAS, MARTE, PER, SIGRID

_EMERGENCY = """
40 år gammel mann. Startet med fenoksymetylpenicillin for halsbetennelse i går kveld. Ti minutter etter
andre tablett i dag: kløe i håndflatene, deretter elveblest over hele kroppen, hes stemme og svimmelhet.
Kona ringte 113.

Ved ankomst ambulanse: BT 82/44, puls 128, SpO2 91 %, piping over lungene. Fikk adrenalin 0,5 mg
intramuskulært to ganger, væske, hydrokortison og antihistamin. Rask bedring.

Observert på legevakt og videre ved Sykehuset Levanger til neste dag. Tryptase er forhøyet.

Vurdering: Anafylaksi utløst av penicillin. Meldt som kritisk informasjon i journalen. Pasienten har fått
adrenalinpenn og opplæring, og er henvist til allergiutredning.
"""

_OPERATION = {
    "Inngrep": """
Artroskopisk delreseksjon av mediale menisk, høyre kne. Dagkirurgi, spinalbedøvelse.
""",
    "Funn": """
Ustabil bukkehankruptur av mediale menisk. Fremre korsbånd er helt. Brusken er pen, lett oppmyking grad 1
medialt.
""",
    "Videre plan": """
Full belastning med krykker de første dagene. Opptrening hos fysioterapeut i åtte uker. Kan begynne i
arbeid som snekker etter fire til seks uker. Suturfjerning hos fastlege etter to uker. Pasienten har
alvorlig penicillinallergi; fikk klindamycin som profylakse.
""",
}

_SICK_NOTE = """
Per Aune, født 8. september 1983, har vært operert i høyre kne og er ikke i stand til å utføre arbeidet
sitt som snekker.

Varighet:

Fraværet antas å vare fire uker fra operasjonsdagen. Tilrettelagt arbeid uten tunge løft og uten
knestående stilling er mulig fra femte uke.

Attesten er utstedt etter ønske fra pasienten til bruk overfor arbeidsgiver.
"""


def chart(today: date) -> Chart:
    """The allergy three years ago, the knee this year."""
    per = Chart(PER, today)
    patient(per)
    spouse_and_children(per, MARTE, [ELLA, JONAS, SIGRID])
    _allergy(per)
    _knee(per)
    _otherwise(per)
    return per


def _allergy(per: Chart) -> None:
    night = per.by_at("ole-jermstad", per.days.exactly(1130, "18:50"))
    note(per, night, "anafylaksi", "B02-2", "Legevaktnotat", _EMERGENCY)
    encounter(
        per,
        night,
        "anafylaksi-kontakt",
        Visit("EMER", "Legevakt, øyeblikkelig hjelp", "Allergisk reaksjon", 3),
    )
    penicillin = Allergy(
        "Penicilliner",
        "Anafylaksi: elveblest, blodtrykksfall og tung pust",
        "J01CE",
        "39579001",
        "high",
        since=night.at.date().isoformat()[:7],
    )
    allergy(per, per.by("magne-rotmo", 1129), "penicillin", penicillin)
    critical_information(per, per.by("magne-rotmo", 1129), "penicillin-kritisk", "Overfølsomhetsreaksjon",
                         "Anafylaksi på penicillin. Skal ikke ha penicilliner.")  # fmt: skip
    pollen = Allergy(
        "Bjørkepollen", "Rennende nese og kløende øyne i april og mai", category="environment", since="1995"
    )
    allergy(per, per.by("siri-haugan", 3000), "bjork", pollen)
    pen = Medicine(
        "C01CA24",
        "Adrenalin injeksjonspenn 0,3 mg",
        "1 dose i låret ved alvorlig allergisk reaksjon, ring 113",
        "Anafylaksi på penicillin",
    )
    medicine(per, per.by("siri-haugan", 395), "adrenalin", pen)
    tablets = Medicine(
        "R06AX27", "Desloratadin tablett 5 mg", "1 tablett daglig i pollensesongen", "Pollenallergi"
    )
    medicine(per, per.by("siri-haugan", 230), "desloratadin", tablets)


def _knee(per: Chart) -> None:
    diagnosis(
        per,
        per.by("siri-haugan", 160),
        "menisk",
        "L96",
        "Akutt indre skade i kne",
        since=per.days.ago(165).date().isoformat(),
    )
    imaging(
        per,
        per.by("asbjorn-leira", 138, "16:20").later(40),
        "mr-kne",
        ("SNG0AG", "MR høyre kne"),
        "Bukkehankruptur i mediale menisk med fragment i interkondylærgropen. Korsbånd og sidebånd er intakte. "
        "Lett hydrops. Ingen benmargsødem av betydning.",
        "Bukkehankruptur i mediale menisk, høyre kne.",
    )
    surgeon = per.by("eivind-okkenhaug", 96, "11:30")
    procedure(
        per,
        surgeon,
        "meniskoperasjon",
        ("NGD11", "Artroskopisk delvis fjerning av menisk"),
        place="Høyre kne",
    )
    composition(per, surgeon.later(4), "operasjon", "A13-2", "Poliklinisk epikrise, dagkirurgi", _OPERATION)
    encounter(
        per,
        surgeon,
        "operasjon-kontakt",
        Visit("AMB", "Dagkirurgi", "Meniskoperasjon, høyre kne", 6, "menisk"),
    )
    pdf_letter(per, per.by("siri-haugan", 94, "10:05"), "attest", "J00-1", "Legeattest", _SICK_NOTE)
    painkiller = Medicine(
        "M01AE02",
        "Naproksen tablett 500 mg",
        "1 tablett morgen og kveld i 10 dager, til mat",
        "Smerter etter kneoperasjon",
        "completed",
    )
    medicine(per, surgeon, "naproksen", painkiller)
    wish = Referral(
        "levanger-ortopedi",
        "Låsning i høyre kne",
        "MR viser bukkehankruptur",
        "completed",
        "Ferdig behandlet",
        "completed",
        priority="urgent",
    )
    referral(per, per.by("siri-haugan", 135), "henvist-ortoped", wish)
    physio = Referral("levanger-kommune", "Opptrening hos fysioterapeut", "Etter meniskoperasjon",
                      stage="Mottatt. Venteliste, omtrent to uker.", stage_status="accepted")  # fmt: skip
    referral(per, per.by("eivind-okkenhaug", 95), "henvist-fysio", physio)
    appointment(per, per.by("eivind-okkenhaug", 96), "time-ortoped", per.days.ahead(2, "13:15"),
                Meeting("Kontroll etter kneoperasjon", "Ta med shorts.", "sted-levanger", 20))  # fmt: skip
    appointment(
        per,
        per.by("eivind-okkenhaug", 96),
        "time-flyttet",
        per.days.ago(12, "09:00"),
        Meeting(
            "Kontroll etter kneoperasjon", "", "sted-levanger", 20, "cancelled", "Flyttet: legen var syk"
        ),
    )


def _otherwise(per: Chart) -> None:
    for days_ago, values in (
        (1130, {"leukocytter": "14.1", "crp": "38", "hemoglobin": "151"}),
        (700, {"kolesterol": "6.1", "ldl": "4.2", "hdl": "1.2", "hba1c": "37"}),
        (
            31,
            {"kolesterol": "5.6", "ldl": "3.7", "hdl": "1.3", "hba1c": "38", "kreatinin": "88", "alat": "74"},
        ),
    ):
        lab_panel(
            per, per.by("lab-midt", days_ago, "08:45").later(27), f"prover-{days_ago}", "Blodprøver", values
        )
    for days_ago, upper, lower in ((700, 136, 88), (96, 142, 86), (31, 138, 86)):
        blood_pressure(per, per.by("siri-haugan", days_ago, "10:20"), f"blodtrykk-{days_ago}", upper, lower)
    tetanus = ("J07CA01", "Difteri, stivkrampe og polio")
    vaccination(per, per.by("levanger-legesenter", 1480), "stivkrampe", tetanus)

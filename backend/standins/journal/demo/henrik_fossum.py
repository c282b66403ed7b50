"""Henrik Fossum, 51, Inderøy: a mole that was cut out; the doctor gives the answer first."""

from datetime import date

from standins.journal.demo.attachments import skin_picture
from standins.journal.demo.builders.contacts import Meeting, Referral, Visit, appointment, encounter, referral
from standins.journal.demo.builders.measurements import blood_pressure
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.results import lab_panel
from standins.journal.demo.builders.texts import document, note, pathology, picture, plain_text
from standins.journal.demo.builders.treatment import Medicine, diagnosis, medicine, procedure
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import HENRIK

_AT_THE_GP = """
Kona har lagt merke til en føflekk på ryggen som har endret seg i sommer. Den klør av og til, har ikke
blødd. Bror operert for føflekkreft for fem år siden.

Funn: Nedenfor venstre skulderblad en 8 x 6 mm uregelmessig, flerfarget føflekk. Asymmetrisk, uskarp
avgrensning mot midtlinjen. Ingen forstørrede lymfeknuter i aksiller eller på hals.

Vurdering: Føflekk som må fjernes og undersøkes. Henvises hudlege med høy prioritet.
"""

_AT_THE_DERMATOLOGIST = """
Henvist av fastlege. Dermatoskopi: atypisk pigmentnettverk, asymmetri i to akser, blåhvitt slør sentralt.

Hele huden er gjennomgått. For øvrig spredte godartede føflekker og seboreiske keratoser på ryggen.
Hudtype II, flere solforbrenninger som ung.

Føflekken er fjernet i lokalbedøvelse med 2 mm margin. Fem sting. Sendt til patologisk undersøkelse.

Pasienten er informert om at svaret gis i en time her, og at det vanligvis tar to til tre uker. Stingene
fjernes hos fastlege etter fjorten dager. Bildet er tatt før inngrepet, med samtykke.
"""

_PATHOLOGY = """
Hudspindel 18 x 9 mm med pigmentert lesjon 8 mm. Mikroskopisk beskrivelse og vurdering gis av behandlende
lege i konsultasjon.
"""

_OLD_NOTE = """
Helseattest til førerkort klasse C. Syn og hørsel uten anmerkning. BT 134/84. Ingen sykdommer eller
medisiner av betydning. Attest er skrevet.
"""


def chart(today: date) -> Chart:
    """Some checks over the years, and the mole this autumn."""
    henrik = Chart(HENRIK, today)
    patient(henrik)
    _over_the_years(henrik)
    _mole(henrik)
    return henrik


def _over_the_years(henrik: Chart) -> None:
    # The doctor has left and was never registered here: only the name under the note is known.
    gone = {"reference": "Practitioner/sluttet-lege", "display": "Trond Hermo, fastlege"}
    note(
        henrik,
        henrik.by("odd-sakshaug", 3300).referred_as(gone),
        "forerkort",
        "J00-1",
        "Helseattest, førerkort",
        _OLD_NOTE,
    )
    for days_ago, psa, ldl in (
        (1500, "1.1", "3.6"),
        (1100, "1.3", "3.8"),
        (730, "1.6", "3.5"),
        (365, "2.2", "3.1"),
        (28, "2.4", "2.9"),
    ):
        values = {
            "psa": psa,
            "ldl": ldl,
            "kolesterol": f"{float(ldl) + 1.9:.1f}",
            "hba1c": "38",
            "kreatinin": "91",
        }
        lab_panel(
            henrik,
            henrik.by("lab-midt", days_ago, "08:35").later(27),
            f"prover-{days_ago}",
            "Blodprøver, fastlege",
            values,
        )
        blood_pressure(
            henrik,
            henrik.by("hege-lunde", days_ago, "09:00"),
            f"blodtrykk-{days_ago}",
            134 + days_ago % 7,
            84,
        )
    diagnosis(henrik, henrik.by("hege-lunde", 1100), "hypertensjon", "K86", "Høyt blodtrykk")
    tablets = Medicine("C08CA01", "Amlodipin tablett 5 mg", "1 tablett om morgenen", "Høyt blodtrykk")
    medicine(henrik, henrik.by("hege-lunde", 1100), "amlodipin", tablets)


def _mole(henrik: Chart) -> None:
    seen = henrik.by("hege-lunde", 41, "13:20")
    note(henrik, seen, "foflekk", "B02-2", "Konsultasjon", _AT_THE_GP)
    encounter(henrik, seen, "foflekk-kontakt", Visit("AMB", "Konsultasjon", "Føflekk som har endret seg"))
    wish = Referral(
        "hudklinikken",
        "Vurdering av føflekk",
        "Endret, asymmetrisk føflekk på ryggen",
        "completed",
        "Undersøkt og fjernet",
        "completed",
        priority="urgent",
    )
    referral(henrik, seen, "henvist-hud", wish)
    removed = henrik.by("camilla-strinda", 23, "10:10")
    files = [plain_text(_AT_THE_DERMATOLOGIST), picture(skin_picture(5), "Føflekk på ryggen, med målestokk")]
    document(henrik, removed, "hudlege", "B03-2", "Poliklinisk notat, hudlege", files)
    procedure(
        henrik,
        removed,
        "fjerning",
        ("QBE10", "Fjerning av føflekk"),
        place="Ryggen, nedenfor venstre skulderblad",
    )
    encounter(
        henrik, removed, "hudlege-kontakt", Visit("AMB", "Poliklinisk kirurgi", "Fjerning av føflekk", 0.75)
    )
    # Class 3: only the doctor releases it, however long that takes.
    answer = henrik.by("helle-dahl", 5, "15:10").withheld("3")
    pathology(
        henrik, answer, "patologi", "Histologisk undersøkelse, hud", _PATHOLOGY, "Gis av behandlende lege."
    )
    next_step = Referral(
        "st-olavs-hud",
        "Utvidet fjerning og videre oppfølging",
        "Svar fra patolog foreligger, pakkeforløp",
        stage="Mottatt. Vurderes i dag.",
        stage_status="received",
        priority="urgent",
    )
    # The referral would give the answer away, so the same doctor keeps it back.
    referral(henrik, henrik.by("camilla-strinda", 4).withheld("3"), "henvist-st-olavs", next_step)
    appointment(
        henrik,
        henrik.by("camilla-strinda", 5),
        "time-svar",
        henrik.days.ahead(1, "08:45"),
        Meeting("Samtale om svaret", "Ta gjerne med deg noen. Sett av god tid.", "sted-hud", 45),
    )
    appointment(henrik, henrik.by("hege-lunde", 23), "time-sting", henrik.days.ago(9, "14:40"),
                Meeting("Fjerning av sting", "", "sted-steinkjer-lege", 15, "fulfilled"))  # fmt: skip

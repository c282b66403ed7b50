"""Anders Jåma, 74, Snåsa: lacks competence to consent. His sister sees for him; a guardian alone does not."""

from datetime import date

from standins.journal.demo.builders.consents import certificate
from standins.journal.demo.builders.patients import Relation, patient, related
from standins.journal.demo.builders.results import lab_panel
from standins.journal.demo.builders.texts import note
from standins.journal.demo.builders.treatment import Medicine, diagnosis, medicine
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import ANDERS, HENRIK, SOLVEIG

_YEARLY = """
Årskontroll sammen med søster. Hjerneslag for fire år siden med varig afasi og kognitiv svikt. Forstår
korte setninger på sørsamisk, svarer med ja og nei.

Spiser og sover godt. BT 134/78. Ingen nye lammelser. Går med rullator ute.

Vurdering: Mangler varig samtykkekompetanse i spørsmål om helsehjelp. Søsteren er nærmeste pårørende og er
med på alt vi bestemmer. Verge er oppnevnt for økonomi.
"""


def chart(today: date) -> Chart:
    """Four years after a stroke."""
    anders = Chart(ANDERS, today)
    patient(anders)
    related(anders, Relation(SOLVEIG, role="nearest", text="Søster og nærmeste pårørende"))
    related(anders, Relation(HENRIK, role="guardian", text="Verge for økonomi"))
    doctor = anders.by("hege-lunde", 900, "10:30")
    certificate(anders, doctor, SOLVEIG)
    diagnosis(anders, anders.by("hege-lunde", 1450), "hjerneslag", "K90", "Hjerneslag", since="2022-11")
    note(anders, anders.by("hege-lunde", 48, "10:30"), "arskontroll", "B02-2", "Årskontroll", _YEARLY)
    drug = Medicine("B01AC04", "Klopidogrel tablett 75 mg", "1 tablett om morgenen", "Etter hjerneslag")
    medicine(anders, anders.by("hege-lunde", 1400), "klopidogrel", drug)
    values = {"hemoglobin": "142", "kreatinin": "91", "kolesterol": "4.1", "ldl": "1.9"}
    lab_panel(
        anders, anders.by("lab-midt", 48, "08:20").later(26), "arskontroll-prover", "Blodprøver", values
    )
    return anders

"""Hanne Myhre, Lars Vold and the children Odin (8) and Nora (14), Levanger and Inderøy: parents in two places.

Odin lives with his mother, and one parent at his address is enough for both. Nora lives with her grandparents: with no
parent at the address neither sees her record on screen.
"""

from datetime import date

from standins.journal.demo.aune_family import childhood_vaccines
from standins.journal.demo.builders.patients import Relation, patient, related
from standins.journal.demo.builders.texts import note
from standins.journal.demo.builders.treatment import Allergy, Medicine, allergy, medicine, vaccination
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import HANNE, LARS, NORA, ODIN

_EAR = """
Øreverk siden i går kveld, feber 38,6. Høyre trommehinne rød og buker. Venstre fin. Slapp, men i god form
ellers.

Vurdering: Akutt mellomørebetennelse. Avventer antibiotika. Paracetamol etter vekt. Far og mor er enige om
at begge kan ringe hvis han blir verre.
"""
_MIGRAINE = """
Kommer sammen med bestemor. Hodepine to ganger i uken siden sommeren, kvalme, tåler ikke lys. Normal
nevrologisk undersøkelse. Syn kontrollert.

Vurdering: Migrene. Hodepinedagbok i seks uker. Ibuprofen tidlig i anfallet.
"""
_INFLUENZA = ("J07BB02", "Influensavaksine")


def hanne(today: date) -> Chart:
    """The mother of Odin."""
    mother = Chart(HANNE, today)
    patient(mother)
    related(mother, Relation(ODIN, family="barn"))
    vaccination(mother, mother.by("levanger-legesenter", 40), "influensa", _INFLUENZA)
    return mother


def lars(today: date) -> Chart:
    """The father of Odin and Nora, who live elsewhere."""
    father = Chart(LARS, today)
    patient(father)
    for child in (ODIN, NORA):
        related(father, Relation(child, family="barn"))
    allergy(
        father,
        father.by("siri-haugan", 420),
        "bie",
        Allergy("Bie og veps", "Stor hevelse og elveblest", category="environment", since="2009"),
    )
    return father


def odin(today: date) -> Chart:
    """Parents who share the responsibility and not the address."""
    child = Chart(ODIN, today)
    patient(child)
    related(child, Relation(HANNE, family="mor", responsibility="felles", residence="same"))
    related(child, Relation(LARS, family="far", responsibility="felles", residence="other"))
    childhood_vaccines(child, "OV")
    visit = child.by("siri-haugan", 75, "11:10")
    note(child, visit, "orebetennelse", "B02-2", "Konsultasjon hos fastlege", _EAR)
    return child


def nora(today: date) -> Chart:
    """No parent at the address, and nobody has consented to her own login."""
    youth = Chart(NORA, today)
    patient(youth)
    related(youth, Relation(LARS, family="far", responsibility="far", residence="other"))
    childhood_vaccines(youth, "NV")
    visit = youth.by("siri-haugan", 130, "09:40")
    note(youth, visit, "hodepine", "B02-2", "Konsultasjon hos fastlege", _MIGRAINE)
    drug = Medicine("M01AE01", "Ibuprofen tablett 200 mg", "1 til 2 tabletter tidlig i anfallet", "Migrene")
    medicine(youth, visit, "ibuprofen", drug)
    return youth

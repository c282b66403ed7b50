"""Sigrid Aune, 16, Levanger: sister of Ella and Jonas. At sixteen the record became her own."""

from datetime import date

from standins.journal.demo.aune_family import childhood_vaccines, parents_of
from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.texts import note
from standins.journal.demo.builders.treatment import Medicine, medicine
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import SIGRID

_ALONE_AT_THE_DOCTOR = """
Kommer alene, for første gang. Kraftige menstruasjonssmerter som gjør at hun er borte fra skolen en dag i
måneden. Ellers frisk, spiller fotball.

Enige om å prøve ibuprofen fra første dag. Hun ønsker at foreldrene ikke får vite om samtalen, og er
gammel nok til å bestemme det selv. Ny time om tre måneder.
"""


def chart(today: date) -> Chart:
    """Childhood vaccines, and one visit that is hers alone."""
    sigrid = Chart(SIGRID, today)
    patient(sigrid)
    parents_of(sigrid)
    childhood_vaccines(sigrid, "SA")
    visit = sigrid.by("siri-haugan", 62, "14:20")
    note(sigrid, visit, "egen-time", "B02-2", "Konsultasjon hos fastlege", _ALONE_AT_THE_DOCTOR)
    drug = Medicine(
        "M01AE01",
        "Ibuprofen tablett 400 mg",
        "1 tablett inntil 3 ganger daglig ved smerter",
        "Menstruasjonssmerter",
    )
    medicine(sigrid, visit, "ibuprofen", drug)
    return sigrid

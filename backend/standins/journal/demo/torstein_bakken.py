"""Torstein Bakken, 22, Trondheim: a student with hardly anything in the journal."""

from datetime import date

from standins.journal.demo.builders.patients import patient
from standins.journal.demo.builders.texts import note
from standins.journal.demo.builders.treatment import vaccination
from standins.journal.demo.chart import Chart
from standins.journal.demo.days import on
from standins.journal.demo.people import TORSTEIN

_SPRAINED_ANKLE = """
Overtråkk høyre ankel under fotballkamp i kveld. Kunne gå fire skritt umiddelbart etterpå. Hevelse over
laterale malleol, ikke ossøs palpasjonsømhet. Ottawa-kriteriene er negative, derfor ikke røntgen. Elastisk
bandasje, avlastning og is. Paracetamol ved behov. Ny kontakt hvis han ikke kan belaste foten normalt
etter en uke.
"""
_MMR = ("J07BD52", "MMR-vaksine (meslinger, kusma, røde hunder)")


def chart(today: date) -> Chart:
    """A vaccine from school and one visit to the out-of-hours clinic."""
    torstein = Chart(TORSTEIN, today)
    patient(torstein)
    school = torstein.by_at("trude-angelltveit", on(date(2019, 11, 12), "10:00"))
    vaccination(torstein, school, "mmr", _MMR, dose=2)
    visit = torstein.by_at("vegard-nypan", torstein.days.exactly(510, "22:15"))
    note(torstein, visit, "legevakt", "B02-2", "Legevaktnotat", _SPRAINED_ANKLE)
    return torstein

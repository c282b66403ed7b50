"""Live Lian, 6: lives at the secret address of her mother Sara. Nobody represents her on screen, not even her mother."""

from datetime import date

from standins.journal.demo.builders.patients import Relation, patient, related
from standins.journal.demo.builders.treatment import vaccination
from standins.journal.demo.chart import Chart
from standins.journal.demo.people import LIVE, SARA

_MMR = ("J07BD52", "MMR-vaksine (meslinger, kusma, røde hunder)")


def chart(today: date) -> Chart:
    """A vaccine, and no word of where."""
    live = Chart(LIVE, today)
    moved = live.by("jonas-berg", 339, "12:40")
    patient(live, recorded=moved.at)
    related(live, Relation(SARA, family="mor", responsibility="mor", residence="same"), recorded=moved.at)
    vaccination(live, live.by("bakklandet-legesenter", 320), "mmr-1", _MMR, 1)
    return live

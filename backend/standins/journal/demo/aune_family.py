"""What the members of the family Aune have in common: who is whose parent, and the childhood vaccines."""

from datetime import date
from typing import NamedTuple

from standins.journal.demo.builders.patients import Relation, related
from standins.journal.demo.builders.treatment import age_in_months, vaccination
from standins.journal.demo.chart import Chart
from standins.journal.demo.days import on
from standins.journal.demo.people import MARTE, PER, Person


class Shot(NamedTuple):
    """A vaccine of the childhood programme at an age in months."""

    key: str
    months: int
    vaccine: tuple[str, str]
    dose: int


_SIX = ("J07CA09", "Seksvalent vaksine (difteri, stivkrampe, kikhoste, polio, Hib, hepatitt B)")
_FIVE = ("J07CA06", "Femvalent vaksine (difteri, stivkrampe, kikhoste, polio, Hib)")
_PNEUMO = ("J07AL02", "Pneumokokkvaksine (konjugert)")
_ROTA = ("J07BH01", "Rotavirusvaksine")
_MMR = ("J07BD52", "MMR-vaksine (meslinger, kusma, røde hunder)")
_DTP_POLIO = ("J07CA02", "Difteri, stivkrampe, kikhoste og polio")
_HPV = ("J07BM02", "HPV-vaksine")

PROGRAMME = (
    Shot("rota-1", 2, _ROTA, 1), Shot("rota-2", 3, _ROTA, 2),
    Shot("seks-1", 3, _SIX, 1), Shot("seks-2", 5, _SIX, 2), Shot("seks-3", 12, _SIX, 3),
    Shot("pneumo-1", 3, _PNEUMO, 1), Shot("pneumo-2", 5, _PNEUMO, 2), Shot("pneumo-3", 12, _PNEUMO, 3),
    Shot("mmr-1", 15, _MMR, 1), Shot("dtp-polio", 88, _DTP_POLIO, 4),
    Shot("mmr-2", 138, _MMR, 2), Shot("hpv-1", 147, _HPV, 1), Shot("hpv-2", 153, _HPV, 2),
)  # fmt: skip

# The programme changed: children born before these days had no rotavirus vaccine, and five components instead of six.
_ROTA_FOR_BORN_FROM, _SIX_FOR_BORN_FROM = date(2014, 9, 1), date(2016, 11, 1)


def parents_of(child: Chart) -> None:
    """Both parents, with shared parental responsibility, at home, as the population register has them."""
    related(child, Relation(MARTE, family="mor", responsibility="felles", residence="same"))
    related(child, Relation(PER, family="far", responsibility="felles", residence="same"))


def spouse_and_children(parent: Chart, spouse: Person, children: list[Person]) -> None:
    """The same family seen from a parent: the relation runs from the other one to this one."""
    related(parent, Relation(spouse, family="ektefelleEllerPartner"))
    for child in children:
        related(parent, Relation(child, family="barn"))


def childhood_vaccines(child: Chart, batches: str) -> None:
    """The vaccines that the child is old enough to have had."""
    born = child.person.born
    for shot in PROGRAMME:
        if shot.vaccine == _ROTA and born < _ROTA_FOR_BORN_FROM:
            continue
        vaccine = _FIVE if shot.vaccine == _SIX and born < _SIX_FOR_BORN_FROM else shot.vaccine
        day = age_in_months(born, shot.months)
        if day < child.days.today:
            given = child.by_at("marit-holthe", on(day, "10:30"))
            vaccination(child, given, shot.key, vaccine, shot.dose, f"{batches}{shot.months:03}")

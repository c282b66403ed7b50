"""All that the demo journal took in until `today`: services, staff, and citizens' charts."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from standins.journal.demo import (
    amir_haddad,
    anders_jama,
    audit_events,
    ella_aune,
    forms,
    henrik_fossum,
    ingrid_moen,
    jonas_aune,
    kari_nordli,
    live_lian,
    marte_aune,
    olav_nordli,
    olena_kovalenko,
    per_aune,
    sara_lian,
    sigrid_aune,
    solveig_jama,
    threads,
    torstein_bakken,
    units,
    vold_family,
)
from standins.journal.demo.chart import Chart
from standins.journal.demo.days import Days, on
from standins.journal.demo.places import (
    PLACES,
    SOURCES,
    WARDS,
    location,
    organisation,
    source_named,
    ward_organisation,
)
from standins.journal.demo.staff import STAFF, Staff, practitioner, practitioner_role
from standins.journal.taken import Taken, written

_CHARTS: tuple[Callable[[date], Chart], ...] = (
    amir_haddad.chart,
    anders_jama.chart,
    ella_aune.chart,
    henrik_fossum.chart,
    ingrid_moen.chart,
    jonas_aune.chart,
    kari_nordli.chart,
    live_lian.chart,
    marte_aune.chart,
    olav_nordli.chart,
    olena_kovalenko.chart,
    per_aune.chart,
    sara_lian.chart,
    sigrid_aune.chart,
    solveig_jama.chart,
    torstein_bakken.chart,
    vold_family.hanne,
    vold_family.lars,
    vold_family.nora,
    vold_family.odin,
)

# Registered after the first note: what this doctor wrote reaches the journal before the doctor does.
LATE_STAFF = {"anniken-vold": 2}

# References that never resolve, as there are in any real journal; a reader falls back to the display text.
DANGLING = frozenset({"Practitioner/sluttet-lege", "Organization/utenlandsk-sykehus"})


def record(today: date) -> list[Taken]:
    """Everything, unordered: the journal sorts by when it was taken in. Same day, same content."""
    charts = (taken for chart in _CHARTS for taken in chart(today).taken)
    asked = (*forms.forms(today), *forms.tasks(today), *units.units(today), *threads.threads(today))
    return [*_services(), *_staff(Days(today)), *charts, *asked, *audit_events.look_ups(today)]


def _services() -> Iterator[Taken]:
    for source in SOURCES:
        yield written(source.key, on(source.since, "06:00"), organisation(source))
    for ward in WARDS:
        yield written(ward.source, on(source_named(ward.source).since, "06:30"), ward_organisation(ward))
    for place in PLACES:
        yield written(place.source, on(source_named(place.source).since, "06:40"), location(place))


def _staff(days: Days) -> Iterator[Taken]:
    for one in STAFF:
        arrived = days.exactly(LATE_STAFF[one.key], "06:50") if one.key in LATE_STAFF else _first_day(one)
        yield written(one.source.key, arrived, practitioner(one))
        if one.role:
            yield written(one.source.key, arrived + timedelta(minutes=1), practitioner_role(one))


def _first_day(one: Staff) -> datetime:
    return on(one.source.since, "06:50")

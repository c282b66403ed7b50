"""The log in the reader's language: who, where, when and why, in one sentence each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from babel.dates import format_date

from innsyn.records.access_log.questions import Asked
from innsyn.records.access_log.readings import Readings
from innsyn.records.access_log.rules import INPATIENT, Contact, Group, Seen, count_roles
from innsyn.web import dates
from innsyn.web.locale import catalogue

_BABEL: Final = {"nb": "nb", "nn": "nn", "en": "en_GB"}
_DAY: Final = {"nb": "d.", "nn": "d.", "en": "d"}
_AT_HOME_OR_THERE: Final = frozenset({"ambulatory", "emergency", "home"})
_MOST_REASONS = 2


def sentence_of(group: Group, services: dict[str, str], today: date, locale: str) -> str:
    """Who looked, from where, and in which connection: "2 sykepleiere ved Medisinsk sengepost 2 under …"."""
    texts = catalogue(locale)
    place = place_of(group, services)
    if group.match.relation == "own":
        return texts.text("log.by_you", place=place or texts.text("log.another_service"))
    who = who_of(group.people, locale)
    what = texts.text("log.at", who=who, place=place) if place else who
    contact = group.match.contact
    if contact is None:
        return what
    when = span(contact.begins, contact.ends, today, locale)
    return texts.text(_connection(group.match.relation, contact), what=what, when=when)


def _connection(relation: str, contact: Contact) -> str:
    if relation == "referral":
        return "log.after_referral"
    if contact.setting == INPATIENT:
        return "log.during_stay" if relation == "during" else "log.around_stay"
    if contact.setting in _AT_HOME_OR_THERE:
        return "log.during_visit" if relation == "during" else "log.around_visit"
    return "log.during_contact" if relation == "during" else "log.around_contact"


def who_of(people: Sequence[tuple[str, str]], locale: str) -> str:
    """One person by name, several by what they are: "2 sykepleiere og 1 lege"."""
    texts = catalogue(locale)
    if len(people) == 1:
        return person_of(people[0], locale)
    counted = [texts.text(f"log.role.{role or 'other'}", n=n) for role, n in count_roles(people)]
    if len(counted) > 1:
        return texts.text("log.and", first=", ".join(counted[:-1]), last=counted[-1])
    return counted[0] if counted else texts.text("log.someone")


def person_of(person: tuple[str, str], locale: str) -> str:
    """Name and title, as far as the log tells them."""
    texts = catalogue(locale)
    title, name = person
    if name and title:
        return texts.text("log.with_role", name=name, role=title)
    return name or title or texts.text("log.someone")


def place_of(group: Group | Seen, services: dict[str, str]) -> str:
    """The unit, else the organisation, else the service whose log told of it."""
    return group.unit or group.organisation or services.get(group.source, "")


def house_of(group: Group, services: dict[str, str]) -> str:
    """The unit with the organisation it belongs to."""
    parts = (group.unit, group.organisation or services.get(group.source, ""))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def span(first: date, last: date, today: date, locale: str) -> str:
    """Days written out: "7. november", "3.–7. november", "30. oktober – 2. november 2025"."""
    year = "" if last.year == today.year and first.year == today.year else " y"
    day, whole = _DAY[locale], f"{_DAY[locale]} MMMM"
    end = format_date(last, f"{whole}{year}", _BABEL[locale])
    if first >= last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{format_date(first, day, _BABEL[locale])}\N{EN DASH}{end}"
    begin = format_date(first, whole if first.year == last.year else f"{whole} y", _BABEL[locale])
    return f"{begin} \N{EN DASH} {end}"


def reasons_of(group: Group | Seen, locale: str) -> str:
    """Why, in our own words where we have them, else in the source's."""
    texts = catalogue(locale)
    known = [texts.text(f"log.reason.{reason}") for reason in group.reasons if reason]
    # Only where no reason has words of ours: the template's name would say the same once more.
    told = known or [words for words in group.decisions if words]
    return ", ".join(list(dict.fromkeys(told))[:_MOST_REASONS])


def acts_of(seen: Group | Seen, locale: str) -> str:
    """What was done and with what: "Leste prøvesvar, brev og notater"."""
    texts = catalogue(locale)
    acts = ", ".join(texts.text(f"log.act.{act}") for act in seen.acts)
    areas = ", ".join(texts.text(f"kinds.{area}").lower() for area in seen.areas)
    return f"{acts}: {areas}" if areas else acts


def rest_of(group: Group, question: Asked | None, locale: str) -> str:
    """The second line: reason, how often, what has been asked."""
    texts = catalogue(locale)
    reason = reasons_of(group, locale)
    # The warning has said it already.
    urgent = group.emergency > 0 and set(group.reasons) == {"emergency"}
    why = texts.text("log.why", reason=reason) if reason else texts.text("log.no_reason")
    parts = [
        question_of(question, locale),
        "" if urgent else why,
        texts.text("log.also_wrote") if group.match.relation == "written" else "",
        texts.text("log.times", n=group.n) if group.n > 1 else "",
    ]
    return " · ".join(filter(None, parts))


def warning_of(group: Group, locale: str) -> str:
    """What is said before all else: an emergency, or that the door was shut."""
    texts = catalogue(locale)
    if group.refused == group.n:
        return texts.text("log.turned_away")
    return texts.text("log.emergency") if group.emergency else ""


def question_of(question: Asked | None, locale: str) -> str:
    """How far the person's own question has come."""
    return catalogue(locale).text_or(f"log.asked.{question.stands}", "") if question else ""


def reading_of(readings: Readings, locale: str) -> str:
    """A day of readings as a sentence."""
    texts = catalogue(locale)
    nothing_seen = not readings.n and not readings.acts
    if readings.own:
        key = "log.own_stopped" if nothing_seen else "log.own_did" if readings.acts else "log.own_read"
        return texts.text("log.own_preview" if readings.preview else key)
    name = readings.name or texts.text("log.helper")
    if nothing_seen:
        return texts.text("log.helper_stopped", name=name)
    return texts.text("log.helper_did" if readings.acts else "log.helper_read", name=name)


def counts_of(readings: Readings, locale: str) -> str:
    """How much it was, and for a helper by which right."""
    texts = catalogue(locale)
    right = "" if readings.own else texts.text_or(f"rules.because.{readings.rule}", "")
    parts = [
        right.rstrip("."),
        texts.text("log.views", n=readings.n) if readings.n else "",
        texts.text("log.acts", n=readings.acts) if readings.acts else "",
        texts.text("log.logins", n=readings.sessions) if readings.sessions > 1 else "",
        texts.text("log.stopped", n=readings.refused) if readings.refused else "",
    ]
    return " · ".join(filter(None, parts))


def purpose_words(purpose: str, locale: str) -> str:
    """What somebody did in Innsyn, by the part of it that they did it in."""
    texts = catalogue(locale)
    return texts.text_or(f"log.did.{purpose.partition('.')[0]}", texts.text("log.did.other"))


def clock_of(seen: Seen, locale: str) -> str:
    """When a single look-up was, as precisely as its source told."""
    return dates.day_and_time(seen.told or moment(seen.last), locale)


def moment(at: datetime) -> str:
    """A moment as the text that dates read."""
    return at.astimezone(dates.ZONE).isoformat(timespec="seconds")

"""Care plans with their goals, activities and team (http://hl7.org/fhir/R4/careplan.html)."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from innsyn.journal.fhir import plans
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import began, clipped, codes_of, ended, notes_text, quantity_text
from innsyn.journal.fhir.resources import Condition
from innsyn.records.care_plans.views import Activity, Goal, Plan
from innsyn.records.hostile_text import clean, words_of
from innsyn.records.kinds import Kind
from innsyn.records.marks import is_withheld
from innsyn.records.people import Person, gathered, heading, name_of_place, person_of, said, sentence
from innsyn.records.projected import About, NotShown, Projected

T = TypeVar("T")

# "unknown" is better left unsaid.
_STATUS = {"unknown": ""}


def care_plan(plan: plans.CarePlan, about: About) -> Projected | NotShown | None:
    """A CarePlan; one entered in error, or that is only an option on offer, is not shown."""
    if plan.status == "entered-in-error":
        return NotShown("entered_in_error")
    if plan.intent == "option":
        return NotShown("option")
    teams = [
        found for each in plan.care_team if (found := _of_plan(each, "CareTeam", plans.CareTeam, plan, about))
    ]
    goals = tuple(goal for each in plan.goal if (goal := _goal(each, plan, about)) is not None)
    activities = tuple(activity for each in plan.activity if (activity := _activity(each, about)) is not None)
    concerns = tuple(dict.fromkeys(filter(None, (_concern(each, plan, about) for each in plan.addresses))))
    author, organisation = about.wrote(plan.author)
    named = [said(each) for each in plan.category]
    does = ", ".join(each.title for each in activities)
    described = "\n\n".join(filter(None, (plan.description, notes_text(plan.note))))
    if not (described or goals or activities) and plan.text is not None:
        described = words_of(clean(plan.text.div).html)
    title = heading(plan.title, *named, plan.description, ", ".join(concerns), does, described)
    begins = (sentence(each) for each in (", ".join(concerns), described, does))
    return Projected(
        kind=Kind.CARE_PLANS,
        patient=plan.subject,
        title=title,
        at=began(plan.period) or plan.created or ended(plan.period),
        status=_STATUS.get(plan.status, plan.status),
        note=next((text for text in begins if text and text != sentence(title)), ""),
        organisation=organisation or next((house for team in teams if (house := _house(team, about))), ""),
        author=author,
        words=(described, *named, *concerns, *_texts(goals), *_texts(activities)),
        detail=Plan(
            description=described,
            goals=goals,
            activities=activities,
            start=began(plan.period),
            end=ended(plan.period),
            team=gathered(_members(teams, about)),
            concerns=concerns,
        ),
    )


def goal(_: plans.Goal, __: About) -> Projected | NotShown | None:
    """A Goal is read as part of the plan that points at it."""
    return NotShown("part_of_care_plan")


def _texts(steps: Iterable[Goal | Activity]) -> Iterable[str]:
    for step in steps:
        yield step.title
        yield step.note


def _goal(reference: Reference, plan: plans.CarePlan, about: About) -> Goal | None:
    found = _of_plan(reference, "Goal", plans.Goal, plan, about)
    if found is None:
        return Goal(title=reference.display) if reference.display else None
    title = heading(said(found.description), reference.display)
    if not title or found.lifecycle_status == "entered-in-error":
        return None
    achieved = found.achievement_status
    targets = [text for each in found.target if (text := _target(each))]
    return Goal(
        title=title,
        status=found.lifecycle_status,
        due=next((each.due_date for each in found.target if each.due_date), ""),
        note="\n".join([*targets, *filter(None, [notes_text(found.note)])]),
        achieved=next(iter(sorted(codes_of([achieved]) - {""})), "") if achieved else "",
    )


def _target(target: plans.GoalTarget) -> str:
    wanted = (
        quantity_text(target.detail_quantity) or said(target.detail_codeable_concept) or target.detail_string
    )
    if not wanted and target.detail_range is not None:
        low, high = quantity_text(target.detail_range.low), quantity_text(target.detail_range.high)
        wanted = f"{low}–{high}" if low and high else low or high
    return ": ".join(filter(None, (said(target.measure), wanted))) if wanted else ""


def _activity(activity: plans.Activity, about: About) -> Activity | None:
    detail = activity.detail
    if detail is None:
        named = activity.reference.display if activity.reference else ""
        return Activity(title=named, note=notes_text(activity.progress)) if named else None
    title = heading(said(detail.code), detail.description)
    if not title or detail.status == "entered-in-error":
        return None
    about_it = detail.description if clipped(detail.description, len(title) + 1) != title else ""
    people = ", ".join(
        person.name for person in gathered(person_of(about, each) for each in detail.performer)
    )
    where = name_of_place(about, detail.location)
    reason = said(detail.status_reason)
    return Activity(
        title=title,
        status="" if detail.status == "unknown" else detail.status,
        when=detail.scheduled_string or began(detail.scheduled_period),
        note="\n".join(filter(None, (about_it, people, where, reason, notes_text(activity.progress)))),
        avoid=detail.do_not_perform,
    )


def _concern(reference: Reference, plan: plans.CarePlan, about: About) -> str:
    condition = _of_plan(reference, "Condition", Condition, plan, about)
    if condition is None or is_withheld(condition):
        return reference.display
    return said(condition.code) or reference.display


def _of_plan(reference: Reference, kind: str, as_: type[T], plan: plans.CarePlan, about: About) -> T | None:
    # What is contained need not say whom it is about: it is inside what does.
    if reference.reference.startswith("#"):
        return about.find(reference, kind, as_)
    return about.find_own(reference, kind, as_, plan.subject)


def _members(teams: Iterable[plans.CareTeam], about: About) -> Iterable[Person | None]:
    for team in teams:
        for member in team.participant:
            yield person_of(about, member.member, next(filter(None, map(said, member.role)), ""))


def _house(team: plans.CareTeam, about: About) -> str:
    return next((name for each in team.managing_organization if (name := name_of_place(about, each))), "")


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "CarePlan": care_plan,
    "Goal": goal,
}

"""Plans with their goals, activities and people."""

from innsyn.journal.fhir import plans
from innsyn.journal.fhir.datatypes import Reference
from innsyn.records.care_plans.projection import care_plan, goal
from innsyn.records.care_plans.views import Activity, Goal, Plan
from innsyn.records.kinds import Kind
from innsyn.records.people import Person
from innsyn.records.projected import NotShown, Projected
from records.staffed import KARI, OLAV, STAFF, Fhir, project, shown

WALK: Fhir = {
    "resourceType": "Goal",
    "id": "ga",
    "lifecycleStatus": "active",
    "achievementStatus": {"coding": [{"code": "in-progress"}]},
    "description": {"text": "Gå til butikken"},
    "subject": KARI,
    "target": [
        {
            "measure": {"text": "Avstand"},
            "detailQuantity": {"value": 800, "unit": "m"},
            "dueDate": "2027-02-01",
        }
    ],
    "note": [{"text": "Med rullator."}],
}
PLAN: Fhir = {
    "resourceType": "CarePlan",
    "id": "plan",
    "status": "active",
    "intent": "plan",
    "title": "Opptrening hjemme",
    "description": "Tilbake til hverdagen etter bruddet.",
    "subject": KARI,
    "period": {"start": "2026-09-01"},
    "author": {"reference": "PractitionerRole/berg-post"},
    "careTeam": [{"reference": "CareTeam/team"}],
    "addresses": [{"reference": "Condition/brudd"}],
    "goal": [{"reference": "Goal/ga"}],
    "activity": [
        {
            "detail": {
                "status": "in-progress",
                "description": "Øvelser med fysioterapeut",
                "scheduledString": "to ganger i uka",
                "performer": [{"display": "Fysioterapeut Lien"}],
            }
        },
        {"detail": {"status": "not-started", "code": {"text": "Trapp"}, "doNotPerform": True}},
    ],
}
TEAM: Fhir = {
    "resourceType": "CareTeam",
    "id": "team",
    "subject": KARI,
    "participant": [
        {"role": [{"text": "lege"}], "member": {"reference": "Practitioner/berg"}},
        {"member": KARI},
    ],
    "managingOrganization": [{"display": "Levanger kommune"}],
}
BREAK: Fhir = {"resourceType": "Condition", "id": "brudd", "subject": KARI, "code": {"text": "Lårhalsbrudd"}}


def test_a_plan_says_what_is_agreed_and_towards_what() -> None:
    assert shown(care_plan, plans.CarePlan, PLAN, WALK, TEAM, BREAK, *STAFF) == Projected(
        kind=Kind.CARE_PLANS,
        patient=Reference(reference="Patient/kari"),
        title="Opptrening hjemme",
        at="2026-09-01",
        status="active",
        note="Lårhalsbrudd",
        organisation="Lungepoliklinikken",
        author="Anne Berg, overlege",
        words=(
            "Tilbake til hverdagen etter bruddet.",
            "Lårhalsbrudd",
            "Gå til butikken",
            "Avstand: 800 m\nMed rullator.",
            "Øvelser med fysioterapeut",
            "Fysioterapeut Lien",
            "Trapp",
            "",
        ),
        detail=Plan(
            description="Tilbake til hverdagen etter bruddet.",
            goals=(
                Goal(
                    title="Gå til butikken",
                    status="active",
                    due="2027-02-01",
                    note="Avstand: 800 m\nMed rullator.",
                    achieved="in-progress",
                ),
            ),
            activities=(
                Activity(
                    title="Øvelser med fysioterapeut",
                    status="in-progress",
                    when="to ganger i uka",
                    note="Fysioterapeut Lien",
                ),
                Activity(title="Trapp", status="not-started", avoid=True),
            ),
            start="2026-09-01",
            team=(Person(name="Anne Berg", role="lege", phone="74 00 00 01"),),
            concerns=("Lårhalsbrudd",),
        ),
    )


def test_nothing_of_another_person_gets_into_a_plan() -> None:
    others = [resource | {"subject": OLAV} for resource in (WALK, TEAM, BREAK)]
    plan = shown(care_plan, plans.CarePlan, PLAN, *others).detail
    assert isinstance(plan, Plan)
    assert (plan.goals, plan.team, plan.concerns) == ((), (), ())


def test_a_plan_does_not_name_a_diagnosis_that_is_withheld() -> None:
    withheld = BREAK | {"meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "2"}]}}
    plan = shown(care_plan, plans.CarePlan, PLAN, withheld).detail
    assert isinstance(plan, Plan)
    assert plan.concerns == ()


def test_a_contained_goal_is_the_plans_own() -> None:
    inside = {
        "resourceType": "Goal",
        "id": "g",
        "lifecycleStatus": "completed",
        "description": {"text": "Sove bedre"},
    }
    plan = shown(
        care_plan, plans.CarePlan, PLAN | {"contained": [inside], "goal": [{"reference": "#g"}]}
    ).detail
    assert isinstance(plan, Plan)
    assert plan.goals == (Goal(title="Sove bedre", status="completed"),)


def test_a_plan_that_is_only_a_narrative_is_its_text() -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p>Mer mosjon.</p><script>alert(1)</script></div>'
    told = {"resourceType": "CarePlan", "status": "active", "subject": KARI, "text": {"div": div}}
    assert shown(care_plan, plans.CarePlan, told) == Projected(
        kind=Kind.CARE_PLANS,
        patient=Reference(reference="Patient/kari"),
        title="Mer mosjon.",
        status="active",
        words=("Mer mosjon.",),
        detail=Plan(description="Mer mosjon."),
    )


def test_wrong_and_offered_plans_and_goals_alone_are_not_shown() -> None:
    assert project(care_plan, plans.CarePlan, PLAN | {"status": "entered-in-error"}) == NotShown(
        "entered_in_error"
    )
    assert project(care_plan, plans.CarePlan, PLAN | {"intent": "option"}) == NotShown("option")
    assert project(goal, plans.Goal, WALK) == NotShown("part_of_care_plan")

"""What is to be filled in, as its pages know it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from innsyn.forms.tasks.views import Begun, Doable, HelpersDraft, ListPage, Row, Sent, TaskPage
from pwa.form_examples import WHO
from pwa.shapes import Page

_NOW = WHO.now
_SOON = Row(
    href="/forms/tasks/00000000-0000-0000-0000-000000000001",
    title="Før diabeteskontrollen",
    unit="Diabetespoliklinikken, Sykehuset Levanger",
    due="2026-12-02",
    overdue=False,
    begun=True,
    reminded=True,
    stands="open",
)
_LATE = Row(
    href="/forms/tasks/00000000-0000-0000-0000-000000000002",
    title="Søvn og overskudd",
    unit="Steinkjer legesenter",
    due="2026-11-20",
    overdue=True,
    begun=False,
    reminded=True,
    stands="open",
)
_WAITS = Row(
    href="/forms/tasks/00000000-0000-0000-0000-000000000003",
    title="Hva er viktig for deg?",
    unit="Steinkjer legesenter",
    due="",
    overdue=False,
    begun=False,
    reminded=False,
    stands="waits",
)
_CANCELLED = Row(
    href="/forms/tasks/00000000-0000-0000-0000-000000000004",
    title="Før diabeteskontrollen",
    unit="Diabetespoliklinikken, Sykehuset Levanger",
    due="",
    overdue=False,
    begun=False,
    reminded=False,
    stands="cancelled",
    closed="2026-11-19",
    reason="Timen er flyttet",
)
_SENT = Sent(UUID(int=9), "Legemidlene mine", datetime(2026, 11, 12, 9, tzinfo=UTC), "7F3K-22QD", own=False)


def _task(**told: Any) -> TaskPage:  # noqa: ANN401
    """A task that is open and may be begun."""
    usual: dict[str, Any] = {
        "reader": WHO,
        "task_id": UUID(int=1),
        "title": "Før diabeteskontrollen",
        "unit": "Diabetespoliklinikken, Sykehuset Levanger",
        "why": "Svarene dine bruker vi i timen 4. desember.",
        "asked": datetime(2026, 11, 20, 8, 20, tzinfo=UTC),
        "due": "2026-12-02",
        "overdue": False,
        "reminded": False,
        "minutes": 10,
        "who": "standard",
        "stands": "open",
        "why_not": "",
        "draft": None,
        "saved": None,
        "sent": None,
        "closed": "",
        "reason": "",
        "may_give": True,
        "helpers": [],
    }
    return TaskPage(**{**usual, **told})


def task_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data, as `examples.pages`."""
    one = "forms/task.html"
    return {
        "home-to-do": ("home.html", Page(to_do=[_LATE, _SOON, _WAITS], to_do_count=4)),
        "forms": (
            "forms/list.html",
            ListPage(
                reader=WHO,
                to_do=[_LATE, _SOON, _WAITS],
                begun=[Begun(UUID(int=5), "Ønske om time", _NOW - timedelta(minutes=12))],
                choices=[Doable(UUID(int=6), "Egne målinger", 5), Doable(UUID(int=7), "Ønske om time", 1)],
                cancelled=[_CANCELLED],
                elsewhere=[],
                sent=[_SENT],
                may_start=True,
            ),
        ),
        "forms-none": (
            "forms/list.html",
            ListPage(
                reader=WHO,
                to_do=[],
                begun=[],
                choices=[],
                cancelled=[],
                elsewhere=[],
                sent=[],
                may_start=True,
            ),
        ),
        "task": (one, _task()),
        "task-begun": (one, _task(draft=UUID(int=5), saved=_NOW - timedelta(hours=3), reminded=True)),
        "task-helper": (
            one,
            _task(helpers=[HelpersDraft("Olav Nordli", UUID(int=5), _NOW - timedelta(minutes=12))]),
        ),
        "task-late": (one, _task(due="2026-11-20", overdue=True)),
        "task-waits": (one, _task(stands="waits", may_give=False)),
        "task-not-yours": (one, _task(why_not="form.only_citizen", who="citizen", may_give=False)),
        "task-cancelled": (
            one,
            _task(stands="cancelled", closed="2026-11-19", reason="Timen er flyttet", draft=UUID(int=5)),
        ),
        "task-sent": (one, _task(stands="sent", sent=UUID(int=9))),
    }

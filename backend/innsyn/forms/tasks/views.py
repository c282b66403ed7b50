"""Form tasks: as the feed says them, and as pages show them."""

from datetime import datetime

import msgspec


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A form that a person is asked to fill in; the fields are those of form.task (tables.py)."""

    questionnaire: tuple[str, ...]
    questionnaire_version: str
    state: str
    title: str
    unit: str
    why: str
    reason: str
    may_fill: tuple[str, ...]
    service_area: str
    deadline: datetime | None
    asked_at: datetime
    remind_at: tuple[datetime, ...]
    identifier: str
    closed_at: datetime | None

"""Who meets what at the pages of a form that is begun and sent: to others there is none."""

from uuid import UUID

from access.expected import LIST, Expected

_ID = UUID(int=1)
_DRAFT = "/forms/drafts/{draft_id:uuid}"
_STEP = {"on": "", "revision": "1", "step": "0"}
# Neither has begun one: what each meets with a draft of their own, tests/forms/drafts tells, with two people in it.
_MISSING = (404, 404, 401)
EXPECTED = {
    ("POST", "/forms/tasks/{task_id:uuid}/start"): Expected(f"/forms/tasks/{_ID}/start", *_MISSING, form={}),
    ("POST", "/forms/start"): Expected("/forms/start", *_MISSING, form={"form": str(_ID)}),
    ("GET", _DRAFT): Expected(f"/forms/drafts/{_ID}", *_MISSING),
    ("POST", _DRAFT): Expected(f"/forms/drafts/{_ID}", *_MISSING, form=_STEP),
    ("POST", f"{_DRAFT}/live"): Expected(f"/forms/drafts/{_ID}/live", *_MISSING, form=_STEP),
    ("GET", f"{_DRAFT}/check"): Expected(f"/forms/drafts/{_ID}/check", *_MISSING),
    ("POST", f"{_DRAFT}/send"): Expected(f"/forms/drafts/{_ID}/send", *_MISSING, form={"revision": "1"}),
    ("GET", f"{_DRAFT}/discard"): Expected(f"/forms/drafts/{_ID}/discard", *_MISSING),
    ("POST", f"{_DRAFT}/discard"): Expected(f"/forms/drafts/{_ID}/discard", *_MISSING, form={}),
    ("GET", "/forms/sent/{sent_id:uuid}"): Expected(f"/forms/sent/{_ID}", *_MISSING),
    ("GET", "/api/forms"): Expected("/api/forms", *LIST),
    ("GET", "/api/forms/sent/{sent_id:uuid}"): Expected(f"/api/forms/sent/{_ID}", *_MISSING),
}

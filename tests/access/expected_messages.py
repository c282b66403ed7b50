"""Who meets what at messages: a list of one's own for everybody, and of others' threads and drafts there are none."""

from uuid import UUID

from access.expected import LIST, ONE, Expected

_ID = UUID(int=1)
_MISSING = (404, 404, 401)
_DRAFT = "/messages/drafts/{draft_id:uuid}"
_TYPED = {"thread": str(_ID), "text": "Hei", "revision": "0"}
_ABOUT = "/messages/about/{entry_id:uuid}/{what:str}"
_TOLD = {"draft": str(_ID), "unit": str(_ID), "reason": "mistake", "comment": "Feil"}
EXPECTED = {
    ("GET", "/messages"): Expected("/messages", *LIST),
    ("GET", "/messages/new"): Expected("/messages/new", *LIST),
    ("GET", "/messages/new/{unit_id:uuid}"): Expected(f"/messages/new/{_ID}", *_MISSING),
    ("GET", "/messages/{thread_id:uuid}"): Expected(f"/messages/{_ID}", *_MISSING),
    ("POST", "/messages/{thread_id:uuid}/close"): Expected(f"/messages/{_ID}/close", *_MISSING, form={}),
    ("GET", _DRAFT): Expected(f"/messages/drafts/{_ID}", *_MISSING),
    ("POST", _DRAFT): Expected(f"/messages/drafts/{_ID}", *_MISSING, form={**_TYPED, "do": "send"}),
    ("POST", f"{_DRAFT}/live"): Expected(f"/messages/drafts/{_ID}/live", *_MISSING, form=_TYPED),
    ("POST", f"{_DRAFT}/discard"): Expected(f"/messages/drafts/{_ID}/discard", 303, 303, 401, {}),
    ("GET", _ABOUT): Expected("/messages/about/{entry}/wrong", *ONE),
    # Nobody takes it: there is no such unit.
    ("POST", _ABOUT): Expected("/messages/about/{entry}/wrong", *_MISSING, form=_TOLD),
}

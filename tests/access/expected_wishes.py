"""Who meets what at the pages of wishes, blocks and what is hidden: each person only ever their own."""

from uuid import UUID

from access.expected import LIST, ONE, Expected

_KEY = str(UUID(int=1))
_WISHES = {"lab_results": "asked", "imaging": "at_once", "notes": "not_weekend"}
_MISSING = (404, 404, 401)
EXPECTED = {
    ("GET", "/access/wishes"): Expected("/access/wishes", *LIST),
    ("POST", "/access/wishes"): Expected("/access/wishes", 303, 303, 401, _WISHES),
    ("POST", "/access/wishes/show-now"): Expected(
        "/access/wishes/show-now", 303, 404, 401, {"entry_id": "{entry}"}
    ),
    # The owner's entry waits for no wish: there is nothing to wait for.
    ("GET", "/access/wishes/opening/{entry_id:uuid}"): Expected(
        "/access/wishes/opening/{entry}", 303, 404, 401
    ),
    ("GET", "/access/blocks"): Expected("/access/blocks", *LIST),
    ("POST", "/access/blocks"): Expected(
        "/access/blocks", 303, 303, 401, {"key": _KEY, "what": "reservation", "understood": "1"}
    ),
    ("GET", "/access/blocks/{request_id:uuid}/lift"): Expected(f"/access/blocks/{_KEY}/lift", *_MISSING),
    ("POST", "/access/blocks/{request_id:uuid}/lift"): Expected(
        f"/access/blocks/{_KEY}/lift", *_MISSING, form={}
    ),
    ("GET", "/access/blocks/entry/{entry_id:uuid}"): Expected("/access/blocks/entry/{entry}", *ONE),
    ("POST", "/access/blocks/entry/{entry_id:uuid}"): Expected(
        "/access/blocks/entry/{entry}", 303, 404, 401, {"key": _KEY, "understood": "1"}
    ),
    ("GET", "/access/hidden"): Expected("/access/hidden", *LIST),
    ("GET", "/access/hide/{entry_id:uuid}"): Expected("/access/hide/{entry}", *ONE),
    ("POST", "/access/hide"): Expected("/access/hide", 303, 404, 401, {"entry_id": "{entry}"}),
    # The owner has hidden nothing.
    ("POST", "/access/show-again"): Expected("/access/show-again", 404, 404, 401, {"entry_id": "{entry}"}),
}

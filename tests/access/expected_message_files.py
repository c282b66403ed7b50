"""Who meets what at the files of messages: there are none yet, so everybody meets the same nothing.

What is sent here is no form with a file, which is said to whoever may write at all.
"""

from uuid import UUID

from access.expected import Expected

_NOTHING = UUID(int=1)
_MISSING = (404, 404, 401)
EXPECTED = {
    ("POST", "/messages/drafts/{draft_id:uuid}/files"): Expected(
        f"/messages/drafts/{_NOTHING}/files", 400, 400, 401
    ),
    ("GET", "/messages/files/{file_id:uuid}"): Expected(f"/messages/files/{_NOTHING}", *_MISSING),
    ("POST", "/messages/files/{file_id:uuid}/remove"): Expected(
        f"/messages/files/{_NOTHING}/remove", *_MISSING, form={}
    ),
}

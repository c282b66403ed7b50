"""Who meets what at the files and papers of forms: there are none yet, so everybody meets the same nothing."""

from uuid import UUID

from access.expected import Expected

_NOTHING = UUID(int=1)
_MISSING = (404, 404, 401)
EXPECTED = {
    ("POST", "/forms/drafts/{draft_id:uuid}/files"): Expected(f"/forms/drafts/{_NOTHING}/files", *_MISSING),
    ("GET", "/forms/files/{file_id:uuid}"): Expected(f"/forms/files/{_NOTHING}", *_MISSING),
    ("POST", "/forms/files/{file_id:uuid}/remove"): Expected(
        f"/forms/files/{_NOTHING}/remove", *_MISSING, form={}
    ),
    ("GET", "/forms/sent/{sent_id:uuid}/receipt.pdf"): Expected(
        f"/forms/sent/{_NOTHING}/receipt.pdf", *_MISSING
    ),
}

"""The example pages of those parts of the product that keep a file of them."""

from typing import Any

from innsyn.forms.standard.views import standard_page
from pwa.book_examples import book_pages
from pwa.file_examples import file_pages
from pwa.form_examples import form_pages
from pwa.history_examples import history_pages
from pwa.identity_examples import identity_pages
from pwa.message_examples import message_pages
from pwa.notice_examples import notice_pages
from pwa.session_examples import session_pages
from pwa.task_examples import task_pages


def slice_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data, as `examples.pages`."""
    return {
        **identity_pages(),
        **session_pages(),
        **book_pages(),
        **form_pages(),
        **history_pages(),
        **task_pages(),
        **message_pages(),
        **notice_pages(),
        **file_pages(),
        "forms-standard": ("forms/standard.html", standard_page("nb", None)),
    }

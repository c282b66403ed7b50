"""What stands on the receipt: whose, when, to whom, and every question with its answer."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from innsyn.forms.filling.summary import Section, sections_of
from innsyn.forms.filling.views import SentPage
from innsyn.web import dates
from innsyn.web.locale import Catalogue


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt to be drawn. `facts` are (label, words); `language` is that of its words, as BCP 47."""

    title: str
    receipt: str
    sent_at: datetime
    language: str
    facts: list[tuple[str, str]]
    sections: list[Section]


def paper_of(page: SentPage, texts: Catalogue) -> Paper:
    """The same as the page of what was sent, in one piece. It says nothing of how far it has come: that changes."""
    told: Mapping[str, str] = {
        "forms.paper.receipt": page.receipt,
        "forms.paper.about": page.about,
        "forms.paper.author": page.author or page.about,
        "forms.paper.receiver": page.receiver,
        "forms.paper.sent": dates.day_and_time(page.sent_at.isoformat(), texts.locale),
    }
    return Paper(
        title=page.title,
        receipt=page.receipt,
        sent_at=page.sent_at,
        language={"nb": "nb-NO", "nn": "nn-NO"}.get(texts.locale, "en-GB"),
        facts=[(texts.text(key), words) for key, words in told.items() if words],
        sections=sections_of(page.steps, texts, page.files, {}, all_asked=True),
    )

"""Marks that the source puts on any resource: when the citizen may see it."""

from datetime import datetime

from innsyn.access.release import Release, release_of
from innsyn.journal.fhir.reading import instant
from innsyn.journal.fhir.resources import Resource
from innsyn.journal.projected import RELEASE_CLASS, is_withheld

__all__ = ["is_withheld", "release_marked"]

RELEASE_AT = "urn:innsyn:release-at"
_OPEN = Release()


def release_marked(resource: Resource, recorded: datetime) -> Release:
    """When this resource opens: by `meta.tag` of RELEASE_CLASS (1–4; none is 1) and the extension RELEASE_AT."""
    if resource.meta is None or not resource.meta.tag:
        return _OPEN
    marked = [tag.code for tag in resource.meta.tag if tag.system == RELEASE_CLASS]
    if not marked:
        return _OPEN
    said = next((each.value_date_time for each in resource.extension if each.url == RELEASE_AT), "")
    return release_of(max(marked), recorded, instant(said) if said else None)

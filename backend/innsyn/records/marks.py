"""Marks that the source puts on any resource: when the citizen may see it."""

from datetime import datetime

from innsyn.access.release import Release, release_of
from innsyn.journal.fhir.reading import instant
from innsyn.journal.fhir.resources import Resource

RELEASE_CLASS = "urn:innsyn:release-class"
RELEASE_AT = "urn:innsyn:release-at"
_OPEN = Release()


def is_withheld(resource: Resource) -> bool:
    """Whether this may wait for its own release: then no other entry may tell what it says."""
    tags = resource.meta.tag if resource.meta is not None else ()
    return any(tag.system == RELEASE_CLASS and tag.code != "1" for tag in tags)


def release_marked(resource: Resource, recorded: datetime) -> Release:
    """When this resource opens: by `meta.tag` of RELEASE_CLASS (1–4; none is 1) and the extension RELEASE_AT."""
    if resource.meta is None or not resource.meta.tag:
        return _OPEN
    marked = [tag.code for tag in resource.meta.tag if tag.system == RELEASE_CLASS]
    if not marked:
        return _OPEN
    said = next((each.value_date_time for each in resource.extension if each.url == RELEASE_AT), "")
    return release_of(max(marked), recorded, instant(said) if said else None)

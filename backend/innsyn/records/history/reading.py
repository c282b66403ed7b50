"""Versions as they are kept, read into what is compared."""

from collections.abc import Sequence

import msgspec

from innsyn.records.details import DETAILS
from innsyn.records.entries import read_line
from innsyn.records.history.queries import Version, Versions
from innsyn.records.history.tables import Files, TakenBack
from innsyn.records.history.views import Known
from innsyn.records.kinds import Kind
from innsyn.web.dates import as_utc

_files = msgspec.json.Decoder(Files).decode
read_told = msgspec.json.Decoder(TakenBack).decode


def read_versions(found: Versions) -> list[Known]:
    """The versions, the oldest first, the newest as it stands now."""
    kept = [_files(each.files) for each in found.earlier[::-1] if each.files is not None]
    now = kept[-1].now if kept else ()
    versions = [_known(each, files.then) for each, files in zip(found.earlier[::-1], kept, strict=True)]
    return [*versions, _known(found.now, now)]


def _known(version: Version, files: Sequence[tuple[str, str]]) -> Known:
    line = read_line(version.line)
    return Known(
        number=version.number,
        when=as_utc(version.landed),
        line=line,
        detail=msgspec.json.decode(version.detail, type=DETAILS[Kind(line.kind)]),
        files=tuple(files),
    )

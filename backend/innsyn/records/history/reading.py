"""Versions as they are kept, read into what is compared."""

from collections.abc import Sequence

import msgspec

from innsyn.records.details import DETAILS
from innsyn.records.entries import read_line
from innsyn.records.history.queries import Version
from innsyn.records.history.tables import Files, TakenBack
from innsyn.records.history.views import Known
from innsyn.records.kinds import Kind
from innsyn.web.dates import as_utc

_files = msgspec.json.Decoder(Files).decode
read_told = msgspec.json.Decoder(TakenBack).decode


def read_versions(now: Version, earlier: Sequence[Version]) -> list[Known]:
    """The versions, the oldest first, the newest as it stands now. `earlier` stands newest first, as when asked for."""
    kept = [_files(each.files or b"{}") for each in earlier]
    versions = [_known(each, files.then) for each, files in zip(earlier, kept, strict=True)]
    return [*versions[::-1], _known(now, kept[0].now if kept else ())]


def _known(version: Version, files: Sequence[tuple[str, str]]) -> Known:
    line = read_line(version.line)
    return Known(
        number=version.number,
        when=as_utc(version.landed),
        line=line,
        detail=msgspec.json.decode(version.detail, type=DETAILS[Kind(line.kind)]),
        files=tuple(files),
    )

"""What a Bulk Data export consists of, and what one text of it holds (http://hl7.org/fhir/uv/bulkdata/export.html)."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from innsyn.journal.bundles import Load, entries_in, rank_of
from innsyn.journal.limits import MOST_BYTES, TooLarge
from innsyn.journal.port import Entry, Unusable

# A bundle is taken apart in memory, so it has a limit too; a resource in it may have less.
MOST_TEXT_BYTES = 64 * 1024 * 1024


class Role(StrEnum):
    """What an export says that a file is."""

    OUTPUT = "output"
    DELETED = "deleted"
    ERROR = "error"


class Listed(msgspec.Struct, frozen=True, rename="camel"):
    """A file of an export. `type` is a hint only: from version 4 on it need not be told. `count` is of its lines.

    `continues_in_file` is where the rest of what belongs together is to be read, right after this one.
    """

    url: str
    type: str = ""
    count: int | None = None
    continues_in_file: str = ""


class Link(msgspec.Struct, frozen=True):
    relation: str = ""
    url: str = ""


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """The list of files, as up to version 3 and as in the ballot of 4: `outcome` for `error`, `link` to more."""

    transaction_time: str
    output: tuple[Listed, ...]
    deleted: tuple[Listed, ...] = ()
    error: tuple[Listed, ...] = ()
    outcome: tuple[Listed, ...] = ()
    link: tuple[Link, ...] = ()
    requires_access_token: bool = False

    def files(self) -> list[tuple[Listed, Role]]:
        """All files with their roles in the order to read them: what others point at first, deletions last."""
        output = _continued(sorted(self.output, key=lambda listed: rank_of(listed.type)))
        roles = (
            (output, Role.OUTPUT),
            (self.deleted, Role.DELETED),
            ((*self.error, *self.outcome), Role.ERROR),
        )
        return [(listed, role) for files, role in roles for listed in files]

    def next_page(self) -> str:
        """Address of the next page of a manifest that comes in pages, or ''."""
        return next((link.url for link in self.link if link.relation == "next"), "")


def _continued(files: list[Listed]) -> list[Listed]:
    """Each file once, with what continues it right behind it, whether that is listed or not."""
    by_url = {listed.url: listed for listed in files}
    continuing = {listed.continues_in_file for listed in files}
    in_order: dict[str, Listed] = {}
    # What continues another is read with that one; a ring of files has no first, so all get their turn in the end.
    for listed in [*(each for each in files if each.url not in continuing), *files]:
        current: Listed | None = listed
        while current is not None and current.url not in in_order:
            in_order[current.url] = current
            more = current.continues_in_file
            current = by_url.get(more, Listed(more)) if more else None
    return list(in_order.values())


_decode_manifest = msgspec.json.Decoder(Manifest).decode


def manifest_in(text: bytes) -> Manifest | None:
    """The manifest that a JSON text is; None when it is something else."""
    try:
        return _decode_manifest(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def entries_of(text: bytes, role: Role, load: Load) -> Iterator[Entry | Unusable]:
    """What one text of an export holds: a line, or a whole file. A blank one holds nothing."""
    text = text.strip()
    if len(text) > MOST_TEXT_BYTES:
        yield Unusable(
            position=next(load.positions),
            source=load.source,
            reason=TooLarge.reason,
            explanation=f"The text has more than {MOST_TEXT_BYTES} bytes; only its beginning is kept.",
            body=text[:MOST_BYTES],
        )
    elif text:
        for found in entries_in(text, load):
            yield _as_missing(found) if role is Role.ERROR else found


def _as_missing(found: Entry | Unusable) -> Entry | Unusable:
    """An export's own list of errors tells what it lacks: the citizen must hear that something may be missing."""
    if isinstance(found, Unusable) or found.resource is None or not _is_serious(found.resource):
        return found
    return Unusable(
        position=found.position,
        source=found.source,
        reason="export_error",
        explanation="The exporting system says that something could not be exported.",
        body=found.resource,
    )


class _Issue(msgspec.Struct, frozen=True):
    severity: str = ""


class _Outcome(msgspec.Struct, frozen=True):
    issue: tuple[_Issue, ...] = ()


def _is_serious(outcome: bytes) -> bool:
    try:
        issues = msgspec.json.decode(outcome, type=_Outcome).issue
    except msgspec.ValidationError:
        return True
    return not all(issue.severity in {"information", "warning"} for issue in issues)

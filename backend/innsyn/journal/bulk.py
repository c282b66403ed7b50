"""Files as a feed: folders of NDJSON, single resources, bundles, and what a Bulk Data export left behind.

The paths are read in the order given. Within a folder, files that hold nothing but practitioners, places, patients and
the like come first, so that less has to wait for what it points at; the rest come in the order of their names.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from innsyn.journal.bulk_manifest import MOST_TEXT_BYTES, Manifest, Role, entries_of, manifest_in
from innsyn.journal.bundles import Load, is_directory, rank_of
from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.unpacking import Lines

BATCH = 500
_LINES, _WHOLE = ".ndjson", ".json"
_PIECE = 1024 * 1024
_LARGEST_MANIFEST = 4 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LOG_OF_AN_EXPORT = "log.ndjson"  # what a client wrote down about its own export
_KIND_IN_NAME = re.compile(r"([A-Z][A-Za-z]+)(?:[-._].*)?\.(?:nd)?json").fullmatch
_TOLD_KINDS = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]{1,64})"').findall


class NoSuchFile(Exception):
    """A path that cannot be loaded, or a manifest that lists a file which is not there. The text says which."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, and what an export says that it is."""

    path: Path
    role: Role = Role.OUTPUT


class Files:
    """Files of one source as a feed. Positions count on from `first`; `at` is when they are loaded.

    What a file says of a resource last is the newest. `on_read` is told how many bytes have been read since last.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        source: str,
        at: datetime,
        *,
        name: str = "files",
        first: int = 0,
        on_read: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.name = name
        self.files = [found for path in paths for found in files_at(path)]
        self._source, self._at, self._first, self._on_read = source, at, first, on_read

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(found.path.stat().st_size for found in self.files)

    async def after(self, position: int) -> AsyncIterator[list[Entry | Unusable]]:
        """Batches of what the files hold, in the same order and with the same positions each time."""
        batch: list[Entry | Unusable] = []
        for found in self._everything():
            if found.position > position:
                batch.append(found)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    async def sources(self) -> list[Source]:
        """The one source that the files are said to come from."""
        return [Source(source=self._source, name=self._source, contact=self._at)]

    def _everything(self) -> Iterator[Entry | Unusable]:
        load = Load(self._source, self._at, count(self._first + 1))
        for found in self.files:
            for text in self._texts(found.path):
                yield from entries_of(text, found.role, load)

    def _texts(self, path: Path) -> Iterator[bytes]:
        lines, whole = Lines(MOST_TEXT_BYTES), bytearray()
        with path.open("rb") as file:
            piece = file.read(_PIECE)
            begins = piece.removeprefix(_BYTE_ORDER_MARK)
            while piece:
                self._on_read(len(piece))
                if path.suffix == _LINES:
                    yield from lines.feed(begins)
                else:
                    whole += begins[: max(0, MOST_TEXT_BYTES + 1 - len(whole))]
                begins = piece = file.read(_PIECE)
        yield lines.last() or bytes(whole)


def files_at(path: Path) -> list[Found]:
    """The files behind a path, in the order to read them: a file, what a manifest lists, or a folder with all below."""
    if path.is_dir():
        return list(_in_folder(path))
    if not path.is_file():
        raise NoSuchFile(f"{path} is not there.")
    if path.suffix not in {_LINES, _WHOLE}:
        raise NoSuchFile(f"{path} is neither .ndjson nor .json.")
    manifest = _manifest_at(path)
    return [Found(path)] if manifest is None else _listed(manifest, path.parent)


def _in_folder(folder: Path) -> Iterator[Found]:
    children = [path for path in folder.iterdir() if not path.name.startswith(".")]
    readable = [
        path for path in children if path.suffix in {_LINES, _WHOLE} and path.name != _LOG_OF_AN_EXPORT
    ]
    manifests = {path: manifest for path in readable if (manifest := _manifest_at(path)) is not None}
    roles = {found.path: found.role for manifest in manifests.values() for found in _listed(manifest, folder)}
    folders = [path for path in children if path.is_dir()]
    in_order = sorted(
        [*folders, *(set(readable) - set(manifests))], key=lambda path: (_rank(path), path.name)
    )
    for path in in_order:
        if path in folders:
            yield from _in_folder(path)
        elif roles.get(path, Role.OUTPUT) is Role.OUTPUT:
            yield Found(path)
    yield from (Found(path, role) for path, role in roles.items() if role is not Role.OUTPUT)


def _manifest_at(path: Path) -> Manifest | None:
    if path.suffix != _WHOLE or path.stat().st_size > _LARGEST_MANIFEST:
        return None
    text = path.read_bytes().removeprefix(_BYTE_ORDER_MARK)
    return manifest_in(text) if b'"output"' in text else None


def _listed(manifest: Manifest, folder: Path) -> list[Found]:
    """The files by their names alone: the addresses were those of the exporting server, and may point anywhere."""
    found = [
        Found(folder / PurePosixPath(unquote(urlsplit(listed.url).path)).name, role)
        for listed, role in manifest.files()
    ]
    for each in found:
        if not each.path.is_file():
            raise NoSuchFile(f"The manifest in {folder} lists {each.path.name}, which is not there.")
    return found


def _rank(path: Path) -> int:
    """By the name of the file where it tells a kind, else by all kinds that are in it."""
    named = _KIND_IN_NAME(path.name)
    if named is not None and is_directory(named[1]):
        return rank_of(named[1])
    if path.suffix != _WHOLE or not path.is_file() or path.stat().st_size > MOST_TEXT_BYTES:
        return rank_of("")
    kinds = {kind.decode() for kind in _TOLD_KINDS(path.read_bytes())} - {"Bundle"}
    return max((rank_of(kind) for kind in kinds), default=rank_of(""))

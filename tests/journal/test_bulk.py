"""Files as they lie on a disk: in folders, with marks and blank lines, too long, and listed by a manifest."""

import json
from pathlib import Path

import pytest

from innsyn.journal import bulk, bulk_manifest
from innsyn.journal.bulk import Files, NoSuchFile, files_at
from innsyn.journal.bulk_manifest import Manifest, Role, manifest_in
from innsyn.journal.port import Entry, Unusable
from journal.said import AT, everything


def a_line(kind: str, id_: str) -> bytes:
    return f'{{"resourceType":"{kind}","id":"{id_}"}}'.encode()


async def ids_in(*paths: Path) -> list[str]:
    return [one.id or getattr(one, "reason", "") for one in await everything(Files(paths, "gp", AT))]


async def test_byte_order_marks_line_ends_and_blank_lines_are_no_content(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + a_line("Basic", "a") + b"\r\n\r\n  \n" + a_line("Basic", "b")
    (tmp_path / "Basic.ndjson").write_bytes(text)
    (tmp_path / "one.json").write_bytes(b"\xef\xbb\xbf\r\n" + a_line("Basic", "c") + b"\n\n")
    found = await everything(Files([tmp_path], "gp", AT))
    assert [(one.id, getattr(one, "resource", b"")) for one in found] == [
        (id_, a_line("Basic", id_)) for id_ in ("a", "b", "c")
    ]


async def test_a_folder_is_read_with_what_others_point_at_first(tmp_path: Path) -> None:
    for name, kind in {
        "Condition.000.ndjson": "Condition",
        "Patient.000.ndjson": "Patient",
        "Practitioner-1.json": "Practitioner",
        "hospitals.json": "Organization",
        "later.json": "Observation",
    }.items():
        (tmp_path / name).write_bytes(a_line(kind, name.partition(".")[0]))
    (tmp_path / "LICENSE").write_text("not to be read")
    (tmp_path / "log.ndjson").write_text('{"eventId":"kickoff"}')
    (tmp_path / ".hidden.json").write_text("{}")
    folder = tmp_path / "a-folder"
    folder.mkdir()
    (folder / "x.json").write_bytes(a_line("Observation", "in-the-folder"))
    assert await ids_in(tmp_path) == [
        "hospitals",
        "Practitioner-1",
        "Patient",
        "Condition",
        "in-the-folder",
        "later",
    ]


async def test_paths_are_read_in_the_order_given(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_bytes(a_line("Basic", name))
    assert await ids_in(tmp_path / "b.json", tmp_path / "a.json") == ["b", "a"]


async def test_positions_count_on_from_where_the_last_load_ended(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(b"\n".join([a_line("Basic", "a"), b"{", a_line("Basic", "b")]))
    found = await everything(Files([tmp_path], "gp", AT, first=41))
    assert [(one.position, type(one)) for one in found] == [(42, Entry), (43, Unusable), (44, Entry)]


async def test_every_byte_is_counted_as_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(b"\n".join([a_line("Basic", str(number)) for number in range(5000)]))
    (tmp_path / "b.json").write_bytes(a_line("Basic", "b"))
    read: list[int] = []
    files = Files([tmp_path], "gp", AT, on_read=read.append)
    await everything(files)
    assert sum(read) == files.size


async def test_a_text_beyond_all_limits_is_cut_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_TEXT_BYTES", 1000)
    monkeypatch.setattr(bulk_manifest, "MOST_TEXT_BYTES", 1000)
    giant = b'{"resourceType":"Basic","id":"giant","x":"' + b"x" * 5000 + b'"}'
    (tmp_path / "a.ndjson").write_bytes(b"\n".join([a_line("Basic", "a"), giant, a_line("Basic", "b")]))
    (tmp_path / "b.json").write_bytes(giant)
    assert await ids_in(tmp_path) == ["a", "too_large", "b", "too_large"]


def a_manifest(folder: Path, **more: object) -> Path:
    said = {"transactionTime": "2026-11-23T12:00:00Z", "request": "x", "requiresAccessToken": True} | more
    path = folder / "manifest.json"
    path.write_text(json.dumps(said))
    return path


async def test_a_manifest_says_what_each_file_is(tmp_path: Path) -> None:
    (tmp_path / "c.ndjson").write_bytes(a_line("Condition", "c"))
    (tmp_path / "p.ndjson").write_bytes(a_line("Patient", "p"))
    gone: dict[str, object] = {"resourceType": "Bundle", "type": "transaction"}
    gone |= {"entry": [{"request": {"method": "DELETE", "url": "Condition/old"}}]}
    (tmp_path / "0-gone.ndjson").write_text(json.dumps(gone))
    serious = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "secret"}]}
    mild = {"resourceType": "OperationOutcome", "id": "mild", "issue": [{"severity": "information"}]}
    (tmp_path / "1-errors.ndjson").write_text(f"{json.dumps(serious)}\n{json.dumps(mild)}")
    path = a_manifest(
        tmp_path,
        output=[
            {"type": "Condition", "url": "https://x/c.ndjson"},
            {"type": "Patient", "url": "https://x/p.ndjson?s=1"},
        ],
        deleted=[{"type": "Bundle", "url": "https://x/0-gone.ndjson"}],
        error=[{"type": "OperationOutcome", "url": "https://x/1-errors.ndjson"}],
    )
    assert await ids_in(path) == ["p", "c", "old", "export_error", "mild"]
    assert await ids_in(tmp_path) == ["c", "p", "old", "export_error", "mild"]
    [missing] = [one for one in await everything(Files([path], "gp", AT)) if isinstance(one, Unusable)]
    assert "secret" not in missing.explanation


def test_the_ballot_of_version_4_is_understood() -> None:
    said = {
        "manifestType": "bulk",
        "transactionTime": "2026-11-23T12:00:00Z",
        "outputOrganizedBy": "Patient",
        "output": [{"url": "a", "continuesInFile": "b"}, {"url": "b"}],
        "outcome": [{"url": "o"}],
        "link": [{"relation": "next", "url": "https://x/2"}],
    }
    manifest = manifest_in(json.dumps(said).encode())
    assert manifest is not None
    assert [(listed.url, role) for listed, role in manifest.files()] == [
        ("a", Role.OUTPUT),
        ("b", Role.OUTPUT),
        ("o", Role.ERROR),
    ]
    assert manifest.next_page() == "https://x/2"


@pytest.mark.parametrize(
    "text", [b"{}", b"[]", b"", a_line("Basic", "a"), b'{"output":1,"transactionTime":""}']
)
def test_what_is_no_manifest(text: bytes) -> None:
    assert manifest_in(text) is None


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile, match=r"nowhere\.json is not there"):
        files_at(tmp_path / "nowhere.json")
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(NoSuchFile, match=r"neither \.ndjson nor \.json"):
        files_at(tmp_path / "notes.txt")
    with pytest.raises(NoSuchFile, match=r"lists a\.ndjson, which is not there"):
        files_at(a_manifest(tmp_path, output=[{"url": "https://x/a.ndjson"}]))


def test_a_manifest_reaches_no_other_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.ndjson").write_text("")
    inner = tmp_path / "inner"
    inner.mkdir()
    for address in (
        "../secret.ndjson",
        "https://x/%2e%2e%2fsecret.ndjson",
        f"{tmp_path}/secret.ndjson",
        "https://x/..",
    ):
        with pytest.raises(NoSuchFile):
            files_at(a_manifest(inner, output=[{"url": address}]))


def test_pages_of_a_manifest_end() -> None:
    assert Manifest(transaction_time="", output=()).next_page() == ""

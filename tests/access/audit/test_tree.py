"""The tree is that of RFC 9162, and a leaf is every column of a row."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access.audit.sealed_log import KARI, OLA, SealedLog
from innsyn.access.audit.rows import rows_after
from innsyn.access.audit.signing import Signer
from innsyn.access.audit.verify import CannotCheck, Checkpoint, Key, Row, Tree, leaf, node, root_over, said
from innsyn.access.audit.views import Batch

# The leaves and roots that Certificate Transparency's implementations are tested with.
LEAVES = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def hashed(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    whole, grown = Tree(), Tree()
    whole.add([hashed(each) for each in LEAVES[:size]])
    for each in LEAVES[:size]:
        grown.add([hashed(each)])
    assert (whole.root.hex(), grown.root.hex()) == (ROOTS[size - 1],) * 2
    assert Tree(size, whole.peaks).root == whole.root


def test_a_tree_of_nothing_has_the_root_of_nothing() -> None:
    assert Tree().root == hashlib.sha256(b"").digest()


def defined(leaves: list[bytes]) -> bytes:
    """As RFC 9162, 2.1.1 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return node(defined(leaves[:left]), defined(leaves[left:]))


@pytest.mark.parametrize(
    ("before", "more"), [(0, 1), (0, 7), (1, 1), (3, 5), (6, 11), (8, 8), (13, 50), (64, 3), (37, 27)]
)
def test_every_leaf_of_a_batch_has_a_path_to_the_root_and_no_other_leaf_has_it(
    before: int, more: int
) -> None:
    leaves = [hashed(bytes([number])) for number in range(before + more)]
    tree = Tree()
    tree.add(leaves[:before])
    batch = Batch(Tree(before, tree.peaks), leaves[before:])
    size = before + more
    root = defined(leaves)
    for index in range(before, size):
        path = batch.path(index)
        assert root_over(leaves[index], index, size, path) == root
        assert root_over(hashed(b"another"), index, size, path) != root
        assert size == 1 or root_over(leaves[index], index - 1 or 2, size, path) != root
        assert root_over(leaves[index], index, size, [*path, root]) != root
        assert path == [] or root_over(leaves[index], index, size, path[:-1]) != root


# Told by PostgreSQL, without our code: 0x00, format 1, the columns in their order.
_LEAF_IN_SQL = """
    SELECT sha256('\\x0001'::bytea || int8send(log_id) || xid8send(xid)
        || int8send((extract(epoch FROM at) * 1000000)::int8) || boolsend(refused) || boolsend(act)
        || uuid_send(subject_id) || uuid_send(actor_id) || uuid_send(session_id)
        || coalesce('\\x01'::bytea || uuid_send(entry_id), '\\x00')
        || int4send(octet_length(rule)) || convert_to(rule, 'UTF8')
        || int4send(octet_length(purpose)) || convert_to(purpose, 'UTF8')) AS leaf
    FROM access.log ORDER BY xid, log_id
"""


async def test_a_leaf_is_what_postgresql_itself_makes_of_the_row(log: SealedLog) -> None:
    await log.read(KARI, "søk.på.øre 🙂", OLA)
    await log.read(OLA, "")
    rows = await rows_after(await log.connect("innsyn_sealer"), (0, 0), 10)
    assert [leaf(row) for row in rows] == [row["leaf"] for row in await log.owner.fetch(_LEAF_IN_SQL)]


async def test_every_column_of_the_log_is_sealed(log: SealedLog) -> None:
    columns = await log.owner.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'access.log'::regclass AND attnum > 0 AND NOT attisdropped"
    )
    sealed = {
        f"{name}_id" if name in {"subject", "actor", "session", "entry"} else name for name in Row._fields
    }
    assert {row["attname"] for row in columns} == sealed, (
        "seal the new column too: as another format of the leaf"
    )


def test_rows_that_differ_never_have_the_same_bytes() -> None:
    ids = {"subject": b"a" * 16, "actor": b"b" * 16, "session": b"c" * 16, "entry": None}
    row = Row(log_id=1, xid=2, at=3, refused=False, act=False, **ids, rule="ab", purpose="c")  # type: ignore[arg-type]
    others = [row._replace(rule="a", purpose="bc"), row._replace(entry=b"\0" * 16), row._replace(act=True),
              row._replace(refused=True), row._replace(subject=row.actor, actor=row.subject)]  # fmt: skip
    assert len({leaf(each) for each in (row, *others)}) == 6


def test_what_is_no_row_is_refused() -> None:
    told = {"log_id": 1, "xid": 1, "at": "2026-11-23T12:00:00Z", "refused": False, "act": False, "rule": "self",
            "subject_id": str(KARI), "actor_id": str(KARI), "session_id": str(KARI), "entry_id": None,
            "purpose": "x"}  # fmt: skip
    assert Row.of(told).at == int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()) * 1_000_000
    for change in (
        {"at": "yesterday"},
        {"subject_id": "00"},
        {"actor_id": None},
        {"log_id": "1"},
        {"act": None},
        {"act": 0},
    ):
        with pytest.raises(CannotCheck):
            Row.of(told | change)
    with pytest.raises(CannotCheck):
        Row.of(json.loads("{}"))


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AQ==", "innsyn/access-log+00000000+" + "A" * 44])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(CannotCheck):
        Key(text)


def test_a_note_that_another_program_signed_is_known_as_signed() -> None:
    """The example that Go's package for signed notes is tested with."""
    key = Key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert key.has_signed(text, signature)
    assert not key.has_signed(f"{text}\n", signature)
    assert not key.has_signed(text, bytes(4) + signature[4:])


def test_what_we_sign_is_a_note_of_our_key_and_no_other() -> None:
    signer, other = (Signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)) for seed in (1, 2))
    tree = Tree()
    tree.add([hashed(b"")])
    note = signer.note(said(1, tree, Tree().root, (1, 1), "2026-11-23T12:00:00.000000Z"))
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert Checkpoint.of(note, [Key(other.key), Key(signer.key)]) == Checkpoint(1, 1, tree.root, at, note)
    assert Checkpoint.of(note, [Key(other.key)]) is None

"""Made-up entries, many and of realistic size, in the order in which a feed would have brought them."""

from functools import partial

import asyncpg
import msgspec

from bench.installation import Session, new_token
from innsyn.records.entries import Line

ENTRIES_EACH = 100
# Where the id and the time of an entry go in its line.
_ID, _AT = "00000000-0000-0000-0000-000000000000", "1900-01-01T00:00:00+01:00"
_line = partial(
    Line,
    id=_ID,
    at=_AT,
    organisation="St. Olavs hospital, Avdeling for medisinsk biokjemi",
    author="Eirik Solbakken, overlege",
    recorded="2026-11-22T09:12:00Z",
)
_LINES = (
    _line(
        kind="lab_results",
        title="HbA1c (glykert hemoglobin)",
        value="53",
        unit="mmol/mol",
        flag="high",
        low="20",
        high="42",
        status="final",
        source="st-olavs",
    ),
    _line(
        kind="lab_results",
        title="Kreatinin",
        value="71",
        unit="µmol/L",
        flag="normal",
        low="45",
        high="90",
        status="final",
        source="st-olavs",
    ),
    _line(
        kind="lab_results",
        title="Hematologi: blodprosent, hvite og røde blodceller, blodplater",
        status="final",
        source="levanger",
        parts=8,
    ),
    _line(
        kind="medications",
        title="Metformin 500 mg tabletter",
        status="active",
        source="legekontoret",
        note="1 tablett morgen og kveld sammen med mat. Mot diabetes type 2. Kan gi magebesvær de første ukene.",
    ),
    _line(
        kind="notes",
        title="Poliklinisk notat",
        status="current",
        source="st-olavs",
        note="Kontroll ved endokrinologisk poliklinikk. Pasienten føler seg i god form, ingen nye plager siden sist, "
        "og har fulgt opplegget for kost og mosjon gjennom sommeren.",
    ),
    _line(
        kind="encounters",
        title="Konsultasjon hos fastlege",
        status="completed",
        source="legekontoret",
        note="Steinkjer legesenter, Kongens gate 12",
    ),
)
_SOURCES = ("st-olavs", "levanger", "legekontoret")
_PERSON = "md5('person' || {})::uuid"

_MAKE_PERSONS = f"""
    INSERT INTO identity.person (person_id, name, given_name)
    SELECT {_PERSON.format("n")}, 'Kari Nordli', 'Kari' FROM generate_series(0, $1 - 1) n
"""  # noqa: S608 - our own words
_MAKE_SOURCES = """
    INSERT INTO journal.source (source, name, service, last_entry_at, last_contact_at)
    SELECT key, key, 'hospital', now(), now() FROM unnest($1::text[]) key
"""
_MAKE_CONTRIBUTORS = """
    INSERT INTO record.contributor (person_id, source, earliest)
    SELECT person_id, source, '2020-01-01' FROM identity.person, journal.source
"""
# Every person gets one entry in each round, as a feed brings them: no two of one person's lie side by side.
_MAKE_ENTRIES = f"""
    WITH told AS MATERIALIZED (
        SELECT ordinality - 1 AS number, said::jsonb ->> 'kind' AS kind, said::jsonb ->> 'source' AS source,
            said::jsonb ->> 'status' AS status, said,
            convert_to(repeat('{{"performer":"Avdeling for medisinsk biokjemi","method":"HPLC"}}', 8), 'UTF8')
                AS detail,
            setweight(to_tsvector('norwegian', said::jsonb ->> 'title'), 'A')
                || to_tsvector('norwegian', concat_ws(' ', said::jsonb ->> 'note', said::jsonb ->> 'author')) AS words
        FROM unnest($3::text[]) WITH ORDINALITY AS given(said)
    ), numbered AS (
        SELECT n, {_PERSON.format("(n * 7919 % $1)")} AS person_id, md5('entry' || n)::uuid AS entry_id,
            timestamptz '2016-01-01' + n * (interval '10 years' / $2) AS at
        FROM generate_series(0::bigint, $2 - 1) n
    )
    INSERT INTO record.entry (person_id, entry_id, kind, source, version, occurred_at, recorded_at, landed_at, code,
        status, audience, release_at, own_audience, own_release_at, panel_id, line, detail, words)
    SELECT person_id, entry_id, kind, source, 1, at, at, at, 'NPU27300|mmol/mol', status, 1, at, 1, at,
        -- One in five is part of a panel, so not in the timeline.
        CASE WHEN hashtext(n::text) % 5 = 0 THEN md5('panel' || n)::uuid END,
        convert_to(replace(replace(said, '{_ID}', entry_id::text),
            '{_AT}', to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS+01:00')), 'UTF8'),
        detail, words
    FROM numbered JOIN told ON told.number = abs(hashtext('kind' || n)) % $4
"""  # noqa: S608 - our own words
MAKE_SESSION = """
    INSERT INTO identity.session (token_hash, person_id, acr, issuer, sid, handle_key, idle_limit, expires_at)
    VALUES (sha256($1), $2::text::uuid, 'idporten-loa-high', 'https://idporten.test', 'a-sid', gen_random_uuid(),
        interval '2 hours', now() + interval '2 hours')
"""


async def populate(db: asyncpg.Connection, *, people: int) -> None:
    """`people` citizens with ENTRIES_EACH entries each, by a superuser; tables are as autovacuum leaves them."""
    lines = [msgspec.json.encode(line).decode() for line in _LINES]
    await db.execute(_MAKE_PERSONS, people)
    await db.execute(_MAKE_SOURCES, _SOURCES)
    await db.execute(_MAKE_CONTRIBUTORS)
    await db.execute(_MAKE_ENTRIES, people, people * ENTRIES_EACH, lines, len(lines))
    await db.execute("VACUUM (ANALYZE)")


async def log_in(db: asyncpg.Connection, number: int) -> list[Session]:
    """Sessions for `number` of the citizens, spread over all of them."""
    people = await db.fetch(
        "SELECT person_id::text FROM identity.person ORDER BY md5(person_id::text) LIMIT $1", number
    )
    sessions = [Session(row["person_id"], new_token()) for row in people]
    for each in sessions:
        await db.execute(MAKE_SESSION, each.token, each.person_id)
    return sessions

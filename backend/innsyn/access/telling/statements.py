"""Queueing in the worker's own transaction: one statement for each sort of thing and batch.

What a statement queues is what may be read as far as rows tell now; whether it is, is asked again when it is shown and
when it is sent (migrations/notices_readable.py). Only who has been here is told.
"""

from typing import Final

# Whoever may see something of these persons now, and has been here. `audience`, `capabilities` and `kinds` as a permit.
_RECEIVERS: Final = """
    whose AS MATERIALIZED (SELECT DISTINCT person_id FROM given),
    receiver AS MATERIALIZED (
        SELECT w.person_id, w.person_id AS receiver_id, 1 AS audience, 31 AS capabilities, true AS everything,
            '{}'::text[] AS kinds
        FROM whose w JOIN identity.person p ON p.person_id = w.person_id
        WHERE NOT p.own_permits
          AND EXISTS (SELECT FROM identity.accepted_terms a WHERE a.person_id = w.person_id)
        UNION ALL
        SELECT p.subject_id, p.actor_id, bit_or(p.audience), bit_or(p.capabilities), bool_or(p.kinds IS NULL),
            coalesce(array_agg(k.kind) FILTER (WHERE k.kind IS NOT NULL), '{}')
        FROM whose w JOIN access.permit p ON p.subject_id = w.person_id
        LEFT JOIN LATERAL unnest(p.kinds) AS k(kind) ON true
        WHERE p.valid_from <= now() AND p.valid_until > now() AND p.audience <> 0 AND p.origin <> 'preview'
          AND EXISTS (SELECT FROM identity.accepted_terms a WHERE a.person_id = p.actor_id)
        GROUP BY 1, 2
    )
"""
_INTO: Final = (
    "INSERT INTO notice.notice AS old (receiver_id, person_id, kind, item, key, said, due_at, send_at)"
)
# Told once, however often it comes: until then it follows what comes. What could not be read when it was due is due
# once more where it can.
_AGAIN: Final = """
    ON CONFLICT (receiver_id, key) DO UPDATE SET state = 'queued', why = '',
        due_at = CASE WHEN excluded.due_at > now() THEN excluded.due_at ELSE least(old.due_at, now()) END,
        send_at = CASE WHEN excluded.due_at > now() THEN excluded.due_at ELSE now() END
    WHERE old.sent_at IS NULL AND old.seen_at IS NULL AND (
        old.state = 'dropped' OR old.state = 'queued' AND old.due_at <> excluded.due_at
        AND (old.due_at > now() OR excluded.due_at > now()))
"""
_NOT_TWICE: Final = """
    NOT EXISTS (
        SELECT FROM notice.notice q
        WHERE q.person_id = i.person_id AND q.item = i.item AND q.receiver_id = i.receiver_id AND q.state = 'queued'
          AND q.kind = i.kind AND q.key <> i.key
    )
"""
# What waits to be told of already is told of when this is, once, and tells what is said now.
_FOLLOWS: Final = """
    follows AS (
        UPDATE notice.notice q SET said = i.said,
            due_at = CASE WHEN q.due_at > now() OR i.due_at > now() THEN i.due_at ELSE q.due_at END,
            send_at = CASE WHEN q.due_at > now() OR i.due_at > now() THEN i.due_at ELSE q.send_at END
        FROM i
        WHERE q.person_id = i.person_id AND q.item = i.item AND q.receiver_id = i.receiver_id AND q.state = 'queued'
          AND q.kind = i.kind AND q.key <> i.key
          AND (q.due_at > now() OR i.due_at > now() OR q.said IS DISTINCT FROM i.said)
    )
"""
# What can be said, be otherwise, and be said again (Tuesday, Wednesday, Tuesday) is another thing to tell of whenever
# it is not what the last notice of it said.
_LAST: Final = """
    LEFT JOIN LATERAL (
        SELECT q.key, q.said FROM notice.notice q
        WHERE x.returns AND q.person_id = x.person_id AND q.item = x.item AND q.receiver_id = x.receiver_id
          AND q.kind = x.kind
        ORDER BY q.queued_at DESC, q.notice_id DESC LIMIT 1
    ) last ON true
"""


def _queued(given: str, items: str) -> str:
    """`items`: rows of receiver_id, person_id, kind, item, due_at, said (what makes it one thing to tell), and returns.

    `returns`: what is said now may have been said before, and since then something else (_LAST).
    """
    return f"""
        WITH given AS MATERIALIZED ({given}), {_RECEIVERS}, i AS (
            SELECT x.receiver_id, x.person_id, x.kind, x.item,
                CASE WHEN last.key IS NULL THEN h.said WHEN last.said = h.said THEN last.key
                    ELSE sha256(h.said || last.key) END AS key,
                CASE WHEN x.returns THEN h.said END AS said, x.due_at
            FROM ({items}) x
            CROSS JOIN LATERAL (SELECT sha256(convert_to(x.said, 'UTF8')) AS said) h
            {_LAST}
        ), {_FOLLOWS}
        {_INTO} SELECT i.*, i.due_at FROM i WHERE {_NOT_TWICE} {_AGAIN}
    """  # noqa: S608 - the texts of this file


_PAIRS: Final = "SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[]) AS g (person_id, item)"
# What is history when it comes is no news. A part is told of with its whole. An appointment that is moved or cancelled
# is another thing to tell of, and so is a result that corrects what was said.
ENTRIES: Final = _queued(
    _PAIRS,
    """
    SELECT r.receiver_id, e.person_id, coalesce(k.told, 'other') AS kind, e.entry_id AS item,
        concat_ws(chr(31), 'entry', e.entry_id,
            CASE WHEN e.kind = 'encounters' THEN e.status || extract(epoch FROM e.occurred_at)
                ELSE convert_from(e.line, 'UTF8')::jsonb ->> 'corrected' END
        ) AS said, e.kind = 'encounters' AS returns, greatest(e.release_at, now()) AS due_at
    FROM receiver r
    JOIN given g ON g.person_id = r.person_id
    JOIN record.entry e ON e.person_id = g.person_id AND e.entry_id = g.item
    LEFT JOIN unnest($3::text[], $4::text[]) AS k (kind, told) ON k.kind = e.kind
    WHERE e.panel_id IS NULL AND e.recorded_at > now() - interval '7 days'
      AND e.occurred_at > CASE WHEN e.kind = 'encounters' THEN now() ELSE now() - interval '90 days' END
      AND (e.release_at < '9999-01-01 00:00:00+00' OR e.stub IS NOT NULL)
      AND e.audience & r.audience <> 0 AND (r.everything OR e.kind = ANY (r.kinds))
      AND (r.audience = 1 OR NOT EXISTS (
          SELECT FROM access.hidden h
          WHERE h.person_id = e.person_id AND h.entry_id = e.entry_id AND h.from_audience & r.audience <> 0))
    """,
)
# The codes of the form are asked when it is sent: whoever may not fill it in hears nothing of it.
# A task that was asked and is asked anew (authoredOn, as the feed says) is another thing to tell of; when it became one
# that is asked, its version says.
TASKS: Final = _queued(
    """
    SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])
        AS g (person_id, item, recorded_at, authored_at)
    """,
    """
    SELECT r.receiver_id, t.person_id, 'form' AS kind, t.task_id AS item,
        concat_ws(chr(31), 'form', t.task_id, extract(epoch FROM g.authored_at)) AS said, false AS returns,
        now() AS due_at
    FROM receiver r
    JOIN given g ON g.person_id = r.person_id
    JOIN form.task t ON t.person_id = g.person_id AND t.task_id = g.item
    WHERE t.state IN ('requested', 'ready', 'in_progress') AND g.recorded_at > now() - interval '7 days'
      AND t.asked_at > now() - interval '90 days'
      AND (r.capabilities & 8 = 8 OR 'form:' || t.task_id = ANY (r.kinds))
    """,
)
REMINDERS: Final = _queued(
    "SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g (person_id, item, at)",
    """
    SELECT r.receiver_id, t.person_id, 'reminder' AS kind, t.task_id AS item,
        concat_ws(chr(31), 'reminder', t.task_id, extract(epoch FROM g.at)) AS said, false AS returns,
        now() AS due_at
    FROM receiver r
    JOIN given g ON g.person_id = r.person_id
    JOIN form.task t ON t.person_id = g.person_id AND t.task_id = g.item
    WHERE t.state IN ('requested', 'ready', 'in_progress')
      AND (r.capabilities & 8 = 8 OR 'form:' || t.task_id = ANY (r.kinds))
    """,
)
# What a unit has written, and not what was written here. A correction is another thing to tell of.
_MESSAGES: Final = """
    SELECT r.receiver_id, m.person_id, 'message' AS kind, m.message_id AS item,
        concat_ws(chr(31), 'message', m.message_id, extract(epoch FROM m.corrected_at)) AS said,
        false AS returns, now() AS due_at
    FROM receiver r
    JOIN given g ON g.person_id = r.person_id
    JOIN message.message m ON m.person_id = g.person_id AND m.message_id = g.item
    WHERE m.side = 'unit' AND NOT m.is_recalled AND m.sent_at > now() - interval '7 days'
      AND r.capabilities & 2 = 2
"""
# By the resources that they came in: one may hold several.
MESSAGES_IN: Final = _queued(
    """
    SELECT m.person_id, m.message_id AS item FROM unnest($1::uuid[], $2::uuid[]) AS g (person_id, resource_id)
    JOIN message.message m ON m.person_id = g.person_id AND m.resource_id = g.resource_id
    """,
    _MESSAGES,
)
# Of these persons, those about whom there is anybody to tell: most of a batch is about others.
CONCERNED: Final = """
    SELECT w.person_id FROM unnest($1::uuid[]) AS w (person_id)
    WHERE EXISTS (SELECT FROM identity.accepted_terms a WHERE a.person_id = w.person_id)
       OR EXISTS (
           SELECT FROM access.permit p JOIN identity.accepted_terms a ON a.person_id = p.actor_id
           WHERE p.subject_id = w.person_id AND p.valid_until > now())
"""
# After a wish has changed: what waits is due when it opens now.
OPENING: Final = """
    UPDATE notice.notice n SET due_at = greatest(e.release_at, now()), send_at = greatest(e.release_at, now())
    FROM record.entry e
    WHERE n.person_id = ANY ($1::uuid[]) AND n.state = 'queued' AND e.person_id = n.person_id AND e.entry_id = n.item
      AND n.due_at > now() AND n.due_at <> e.release_at
"""

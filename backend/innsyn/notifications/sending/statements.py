"""What the sender asks and marks, as the worker. SQL that stands still is text; arrays make rows of a batch."""

from typing import Final

# First the persons, then what is about them, as a batch of the feed does: else each waits for the other.
CANDIDATES: Final = """
    SELECT n.receiver_id, n.notice_id, n.person_id
    FROM notice.notice n WHERE n.state = 'queued' AND n.send_at <= $1
    ORDER BY n.send_at, n.receiver_id LIMIT $2
"""
HOLD: Final = """
    SELECT FROM identity.person p WHERE p.person_id = ANY ($1::uuid[]) ORDER BY p.person_id FOR SHARE
"""
# What another sender holds is left to it.
DUE: Final = """
    SELECT n.receiver_id, n.notice_id, n.person_id, n.kind, n.due_at, n.seen_at
    FROM notice.notice n
    JOIN unnest($2::uuid[], $3::uuid[]) AS g (receiver_id, notice_id)
        ON n.receiver_id = g.receiver_id AND n.notice_id = g.notice_id
    WHERE n.state = 'queued' AND n.send_at <= $1
    ORDER BY n.send_at, n.receiver_id FOR UPDATE OF n SKIP LOCKED
"""
WHO: Final = """
    SELECT p.person_id, p.locale, h.quiet_from, h.quiet_until, h.digest_at,
        c.email, c.mobile, coalesce(c.language, '') AS language, coalesce(c.asked_at > $2, false) AS is_fresh
    FROM identity.person p
    LEFT JOIN notice.hours h ON h.receiver_id = p.person_id
    LEFT JOIN notice.contact c ON c.receiver_id = p.person_id
    WHERE p.person_id = ANY ($1::uuid[])
"""
CHOICES: Final = """
    SELECT receiver_id, kind, of_others, channels FROM notice.choice WHERE receiver_id = ANY ($1::uuid[])
"""
# The one question (migrations/notices_readable.py), under lock, in the same order for all who ask it.
READABLE: Final = """
    SELECT g.receiver_id, r.notice_id, r.opens_at, r.read_at
    FROM (
        SELECT x.receiver_id, x.person_id, array_agg(x.notice_id) AS notices
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS x (receiver_id, person_id, notice_id)
        GROUP BY 1, 2 ORDER BY x.person_id, x.receiver_id
    ) g
    CROSS JOIN LATERAL notice.readable(g.receiver_id, g.person_id, g.notices, true) r
"""
LATER: Final = """
    UPDATE notice.notice n SET send_at = g.at, due_at = CASE WHEN g.is_due THEN g.at ELSE n.due_at END
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::boolean[]) AS g (receiver_id, notice_id, at, is_due)
    WHERE n.receiver_id = g.receiver_id AND n.notice_id = g.notice_id
"""
MARK: Final = """
    UPDATE notice.notice n
    SET state = g.state, why = g.why, sent_at = CASE WHEN g.state = 'sent' THEN $5::timestamptz END,
        seen_at = CASE WHEN g.why = 'read' THEN coalesce(n.seen_at, $5::timestamptz) ELSE n.seen_at END
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS g (receiver_id, notice_id, state, why)
    WHERE n.receiver_id = g.receiver_id AND n.notice_id = g.notice_id
"""
SEND: Final = """
    INSERT INTO notice.sending (receiver_id, sending_id, channel, target, notices, made_at, begun_at)
    SELECT $1, $2, $3, $4, $5, $6, $6
"""
UNSEEN: Final = """
    SELECT g.receiver_id, (SELECT count(*) FROM notice.list_of(g.receiver_id, true, 100)) AS unseen
    FROM unnest($1::uuid[]) AS g (receiver_id)
"""
WHOM_AGAIN: Final = """
    SELECT s.receiver_id, s.sending_id, array_agg(DISTINCT n.person_id) FILTER (WHERE n.person_id IS NOT NULL) AS about
    FROM (
        SELECT * FROM notice.sending WHERE state = 'later' AND again_at <= $1 ORDER BY again_at LIMIT $2
    ) s
    LEFT JOIN notice.notice n ON n.receiver_id = s.receiver_id AND n.notice_id = ANY (s.notices)
    GROUP BY 1, 2
"""
TRY_AGAIN: Final = """
    SELECT s.receiver_id, s.sending_id, s.channel, s.target, s.notices, s.tries, s.made_at
    FROM notice.sending s
    JOIN unnest($2::uuid[], $3::uuid[]) AS g (receiver_id, sending_id)
        ON s.receiver_id = g.receiver_id AND s.sending_id = g.sending_id
    WHERE s.state = 'later' AND s.again_at <= $1
    ORDER BY s.again_at FOR UPDATE OF s SKIP LOCKED
"""
OF_SENDING: Final = """
    SELECT n.receiver_id, n.person_id, n.notice_id, n.kind FROM notice.notice n
    JOIN unnest($1::uuid[], $2::uuid[]) AS g (receiver_id, notice_id)
        ON n.receiver_id = g.receiver_id AND n.notice_id = g.notice_id
    WHERE n.seen_at IS NULL
"""
NOT_YET: Final = """
    UPDATE notice.sending SET again_at = $3 WHERE receiver_id = $1 AND sending_id = $2
"""
GO_AGAIN: Final = """
    UPDATE notice.sending SET state = 'going', tries = tries + 1, begun_at = $3, again_at = NULL
    WHERE receiver_id = $1 AND sending_id = $2
"""
ANSWERED: Final = """
    UPDATE notice.sending
    SET state = $3, again_at = $4, ended_at = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END
    WHERE receiver_id = $1 AND sending_id = $2 AND state = 'going'
"""
# Begun, and whoever began it is gone: nobody knows whether it went, so it does not go again.
LOST: Final = """
    UPDATE notice.sending SET state = 'lost', ended_at = $1
    WHERE state = 'going' AND begun_at < $1::timestamptz - interval '10 minutes'
    RETURNING sending_id
"""

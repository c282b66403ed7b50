"""Whether something can be read, and by whom, asked for anybody: the question of the migration of notices.

There is one question, notice.readable: the sender asks it under lock before anything goes out, and the list and the
number beside it ask it each time. It opens the record as the receiver, without a session, and looks with the eyes of
row-level security: what a page of the receiver's would show is readable, and nothing else.
"""

READABLE = (
    # Of these notices of the receiver about this person: those that the receiver can read, from when on (opens_at: now,
    # or when a placeholder opens), when they last did, and what the page of it is found by (an entry's kind, a
    # message's thread). What is not in the answer cannot be read. p_hold: nobody writes what is about the person until
    # the transaction ends (persons.hold), and permits stay as they are.
    """
    CREATE FUNCTION notice.readable(p_receiver uuid, p_person uuid, p_notices uuid[], p_hold boolean)
    RETURNS TABLE (notice_id uuid, opens_at timestamptz, read_at timestamptz, place text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        before text := coalesce(current_setting('innsyn.context', true), '');
        -- Any key will do: the handle is compared with one that was made of the same.
        k uuid := '00000000-0000-0000-0000-000000000001';
        here record;
        may record;
        hidden uuid[] := '{}';
    BEGIN
        IF p_hold THEN
            PERFORM FROM identity.person p WHERE p.person_id IN (p_receiver, p_person) ORDER BY p.person_id FOR SHARE;
        END IF;
        SELECT p.own_permits, p.deceased INTO here FROM identity.person p WHERE p.person_id = p_receiver;
        IF NOT FOUND OR here.deceased THEN
            RETURN;
        END IF;
        IF p_receiver = p_person AND NOT here.own_permits THEN
            SELECT p_person AS subject_id, 1 AS audience, NULL::text[] AS kinds INTO may;
        ELSE
            SELECT a.subject_id, a.audience, a.kinds INTO may
            FROM access.admitted(p_receiver, k,
                CASE WHEN p_receiver <> p_person THEN access.handle_of(k, p_person) END) a;
            IF may.subject_id IS NULL THEN
                RETURN;
            END IF;
        END IF;
        IF may.audience <> 1 THEN
            SELECT coalesce(array_agg(h.entry_id), '{}') INTO hidden FROM access.hidden h
            WHERE h.person_id = p_person AND h.from_audience & may.audience <> 0;
        END IF;
        PERFORM access.set_context(p_person, p_receiver, '00000000-0000-0000-0000-000000000000'::uuid, may.audience,
            p_receiver = p_person, may.kinds, hidden, '');
        RETURN QUERY SELECT * FROM notice.seen_as_opened(p_receiver, p_person, p_notices, may.audience);
        PERFORM set_config('innsyn.context', before, true);
    END
    $$
    """,
    # In the context of the receiver, which readable() has set.
    """
    CREATE FUNCTION notice.seen_as_opened(p_receiver uuid, p_person uuid, p_notices uuid[], p_audience integer)
    RETURNS TABLE (notice_id uuid, opens_at timestamptz, read_at timestamptz, place text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        asked text[];
    BEGIN
        SELECT array_agg(DISTINCT n.kind) INTO asked FROM notice.notice n
        WHERE n.receiver_id = p_receiver AND n.notice_id = ANY (p_notices);
        IF asked && ARRAY['result', 'document', 'appointment', 'prescription', 'other'] THEN
            RETURN QUERY
            WITH lately AS (
                SELECT l.entry_id, max(l.at) AS at
                FROM (
                    SELECT x.entry_id, x.at, x.actor_id FROM access.log x
                    WHERE x.subject_id = p_person ORDER BY x.log_id DESC LIMIT 300
                ) l
                WHERE l.actor_id = p_receiver AND l.entry_id IS NOT NULL GROUP BY l.entry_id
            )
            SELECT n.notice_id, e.release_at, l.at, e.kind FROM notice.notice n
            JOIN record.entry e ON e.person_id = p_person AND e.entry_id = n.item
            LEFT JOIN lately l ON l.entry_id = e.entry_id AND l.at >= greatest(e.release_at, n.queued_at)
            WHERE n.receiver_id = p_receiver AND n.notice_id = ANY (p_notices) AND n.person_id = p_person
              AND n.kind IN ('result', 'document', 'appointment', 'prescription', 'other');
        END IF;
        IF asked && ARRAY['form', 'reminder'] THEN
            RETURN QUERY
            SELECT n.notice_id, n.due_at, NULL::timestamptz, '' FROM notice.notice n
            JOIN form.task t ON t.person_id = p_person AND t.task_id = n.item
            WHERE n.receiver_id = p_receiver AND n.notice_id = ANY (p_notices) AND n.person_id = p_person
              AND n.kind IN ('form', 'reminder') AND t.state IN ('requested', 'ready', 'in_progress')
              AND (t.task_id = ANY (form.given_tasks()) OR form.may_read()) AND notice.may_fill(t, p_audience)
              AND NOT form.is_answered(t.task_id, t.asked_at);
        END IF;
        IF 'message' = ANY (asked) THEN
            RETURN QUERY
            SELECT n.notice_id, n.due_at, s.up_to, m.thread_id::text FROM notice.notice n
            JOIN message.message m ON m.person_id = p_person AND m.message_id = n.item
            JOIN message.thread t ON t.person_id = p_person AND t.thread_id = m.thread_id
            LEFT JOIN message.seen s ON s.person_id = p_person AND s.reader_id = p_receiver
                AND s.thread_id = m.thread_id AND s.up_to >= m.sent_at
            WHERE n.receiver_id = p_receiver AND n.notice_id = ANY (p_notices) AND n.person_id = p_person
              AND n.kind = 'message' AND m.side = 'unit' AND NOT m.is_recalled AND message.may_read()
              -- As the thread itself (migrations/messages.py): what it quotes, and whom it is for.
              AND message.opens(t.unit_id, t.about_entry)
              AND (access.own() OR NOT message.is_for_one_alone(t.thread_id));
        END IF;
        IF 'access' = ANY (asked) THEN
            RETURN QUERY
            SELECT n.notice_id, n.due_at, NULL::timestamptz, '' FROM notice.notice n
            JOIN access.fullmakt f ON f.fullmakt_id = n.item
                AND (f.giver_id = p_receiver AND f.state <> 'active'
                     OR f.receiver_id = p_receiver AND f.state = 'active')
            JOIN identity.person g ON g.person_id = f.giver_id
            JOIN identity.person r ON r.person_id = f.receiver_id
            WHERE n.receiver_id = p_receiver AND n.notice_id = ANY (p_notices) AND n.person_id = p_person
              AND n.kind = 'access' AND p_person = p_receiver
              AND NOT (g.secret OR g.deceased OR r.secret OR r.deceased);
        END IF;
    END
    $$
    """,
    # Whether the codes of a form let a reader of these groups fill it in (access/filling.py): who only could look at it
    # is not reminded of it.
    """
    CREATE FUNCTION notice.may_fill(t form.task, p_audience integer) RETURNS boolean
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        codes text[] := t.may_fill;
    BEGIN
        IF cardinality(codes) = 0 THEN
            SELECT q.may_fill INTO codes FROM form.questionnaire q
            WHERE q.feed = t.feed AND q.names && t.questionnaire AND q.is_current
            ORDER BY q.landed_at DESC LIMIT 1;
        END IF;
        RETURN CASE
            WHEN p_audience & 1 <> 0 THEN true
            WHEN p_audience & 2 <> 0 THEN '7' = ANY (coalesce(codes, '{}'))
            WHEN coalesce(cardinality(codes), 0) = 0 THEN true
            WHEN '1' = ANY (codes) THEN false
            WHEN p_audience & 4 <> 0 THEN '2' = ANY (codes)
            WHEN p_audience & 8 <> 0 THEN '3' = ANY (codes)
            ELSE codes && ARRAY['4', '5']
        END;
    END
    $$
    """,
    # What the receiver has in the list now: the newest of what can be read. What cannot be hides nothing below it: it
    # is gone past, a hundred at a time.
    """
    CREATE FUNCTION notice.list_of(p_receiver uuid, p_unseen boolean, p_most integer)
    RETURNS TABLE (notice_id uuid, person_id uuid, kind text, item uuid, at timestamptz, seen boolean)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        there uuid[];
        last_at timestamptz := now();
        last_id uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
        read_ids uuid[];
        read_opens timestamptz[];
        read_before boolean[];
        ids uuid[] := '{}';
        opens timestamptz[] := '{}';
        reads boolean[] := '{}';
    BEGIN
        LOOP
            SELECT array_agg(x.notice_id), min(x.due_at),
                (array_agg(x.notice_id ORDER BY x.due_at, x.notice_id))[1]
            INTO there, last_at, last_id
            FROM (
                SELECT n.notice_id, n.due_at FROM notice.notice n
                WHERE n.receiver_id = p_receiver AND n.due_at <= last_at
                  AND (n.due_at, n.notice_id) < (last_at, last_id)
                  AND n.due_at > now() - interval '90 days' AND n.state <> 'dropped'
                  AND (n.seen_at IS NULL OR NOT p_unseen)
                ORDER BY n.due_at DESC, n.notice_id DESC LIMIT 100
            ) x;
            SELECT array_agg(r.notice_id), array_agg(r.opens_at), array_agg(r.read_at IS NOT NULL)
            INTO read_ids, read_opens, read_before
            FROM (
                SELECT n.person_id, array_agg(n.notice_id) AS notices FROM notice.notice n
                WHERE n.receiver_id = p_receiver AND n.notice_id = ANY (there) GROUP BY n.person_id
            ) w
            CROSS JOIN LATERAL notice.readable(p_receiver, w.person_id, w.notices, false) r
            WHERE r.opens_at <= now() AND (NOT p_unseen OR r.read_at IS NULL);
            ids := ids || read_ids;
            opens := opens || read_opens;
            reads := reads || read_before;
            EXIT WHEN cardinality(ids) >= p_most OR coalesce(cardinality(there), 0) < 100;
        END LOOP;
        RETURN QUERY
        SELECT n.notice_id, n.person_id, n.kind, n.item, greatest(n.due_at, g.opens_at),
            n.seen_at IS NOT NULL OR g.is_read
        FROM unnest(ids, opens, reads) AS g (id, opens_at, is_read)
        JOIN notice.notice n ON n.receiver_id = p_receiver AND n.notice_id = g.id
        ORDER BY 5 DESC, 1 LIMIT p_most;
    END
    $$
    """,
)

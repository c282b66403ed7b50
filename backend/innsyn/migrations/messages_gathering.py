"""How threads are gathered out of their messages and what is told of them, whenever either changes."""

GATHERING = (
    # Make these threads (one of each person's at the same place) what their messages and all that is told of them say.
    # It is the same in whatever order those came.
    """
    CREATE FUNCTION message.gather(p_persons uuid[], p_threads uuid[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- By the index, thread for thread: a plan made while the tables were empty would read them whole for each.
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    AS $$
    BEGIN
        -- Whoever gathers the same thread waits here, and then sees what the other one has written.
        INSERT INTO message.thread (person_id, thread_id)
        SELECT DISTINCT t.person_id, t.thread_id FROM unnest(p_persons, p_threads) AS t (person_id, thread_id)
        ORDER BY 1, 2
        ON CONFLICT DO NOTHING;
        PERFORM FROM message.thread t
        JOIN unnest(p_persons, p_threads) AS g (person_id, thread_id) USING (person_id, thread_id)
        ORDER BY t.person_id, t.thread_id
        FOR UPDATE OF t;
        UPDATE message.thread t SET
            unit_ref = f.unit_ref, unit_id = f.unit_id, unit = f.unit, kind = f.kind, topic = f.topic,
            started_at = f.started_at, started_by = f.started_by, last_at = f.last_at, last_side = f.last_side,
            news_at = f.news_at, answered_at = f.answered_at, standing = f.standing, standing_at = f.standing_at,
            handed_to_ref = f.handed_to_ref, handed_to = f.handed_to, outcome = f.outcome, closed_at = f.closed_at,
            about_kind = f.about_kind, about_id = f.about_id, about_entry = f.about_entry,
            is_sensitive = f.is_sensitive, messages = f.messages, feed = f.feed, landed_version = f.landed_version
        FROM message.gathered(p_persons, p_threads) AS f
        WHERE t.person_id = f.person_id AND t.thread_id = f.thread_id;
        DELETE FROM message.thread t USING unnest(p_persons, p_threads) AS g (person_id, thread_id)
        WHERE t.person_id = g.person_id AND t.thread_id = g.thread_id AND NOT EXISTS (
            SELECT FROM message.message m WHERE m.person_id = t.person_id AND m.thread_id = t.thread_id);
        DELETE FROM message.seen s USING unnest(p_persons, p_threads) AS g (person_id, thread_id)
        WHERE s.person_id = g.person_id AND s.thread_id = g.thread_id AND NOT EXISTS (
            SELECT FROM message.thread t WHERE t.person_id = s.person_id AND t.thread_id = s.thread_id);
        PERFORM pg_notify('message_changed', person_id::text) FROM (SELECT DISTINCT unnest(p_persons)) AS p (person_id);
    END
    $$
    """,
    # What threads are. Whoever wrote last says how it stands, unless a later Task does; what is closed is so until the
    # citizen writes again.
    """
    CREATE FUNCTION message.gathered(p_persons uuid[], p_threads uuid[]) RETURNS SETOF message.thread
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT g.person_id, g.thread_id, s.unit_id, coalesce(s.unit_ref, ''), coalesce(s.unit, ''),
            coalesce(s.kind, ''), coalesce(s.topic, ''), s.started_at, s.started_by, s.last_at, s.last_side, s.news_at,
            CASE WHEN s.started_by = 'citizen' THEN (
                SELECT min(m.sent_at) FROM message.message m
                WHERE m.person_id = g.person_id AND m.thread_id = g.thread_id AND m.side = 'unit'
                  AND m.handed_to = '' AND NOT m.is_recalled AND m.sent_at > s.started_at) END,
            coalesce(t.standing, ''), CASE WHEN t.standing <> '' THEN t.at END,
            coalesce(h.handed_to_ref, ''), coalesce(h.handed_to, ''), coalesce(c.outcome, ''),
            CASE WHEN t.standing = 'closed' THEN t.at END, coalesce(s.about_kind, ''), coalesce(s.about_id, ''),
            s.about_entry, s.is_sensitive, s.messages, s.feed, s.landed_version
        FROM (
            SELECT DISTINCT a.person_id, a.thread_id FROM unnest(p_persons, p_threads) AS a (person_id, thread_id)
        ) g
        CROSS JOIN LATERAL (
            SELECT count(*)::integer AS messages,
                (array_agg(m.unit_ref ORDER BY m.sent_at, m.message_id) FILTER (WHERE m.unit_ref <> ''))[1] AS unit_ref,
                (array_agg(m.unit_id ORDER BY m.sent_at, m.message_id) FILTER (WHERE m.unit_ref <> ''))[1] AS unit_id,
                (array_agg(m.unit ORDER BY m.sent_at, m.message_id) FILTER (WHERE m.unit <> ''))[1] AS unit,
                (array_agg(m.kind ORDER BY m.sent_at, m.message_id) FILTER (WHERE m.kind <> ''))[1] AS kind,
                (array_agg(m.topic ORDER BY m.sent_at, m.message_id) FILTER (WHERE m.topic <> ''))[1] AS topic,
                (array_agg(m.about_kind ORDER BY m.sent_at, m.message_id)
                    FILTER (WHERE m.about_entry IS NOT NULL))[1] AS about_kind,
                (array_agg(m.about_id ORDER BY m.sent_at, m.message_id)
                    FILTER (WHERE m.about_entry IS NOT NULL))[1] AS about_id,
                (array_agg(m.about_entry ORDER BY m.sent_at, m.message_id)
                    FILTER (WHERE m.about_entry IS NOT NULL))[1] AS about_entry,
                (array_agg(m.side ORDER BY m.sent_at, m.message_id))[1] AS started_by,
                (array_agg(m.side ORDER BY m.is_recalled, m.sent_at DESC, m.message_id DESC))[1] AS last_side,
                min(m.sent_at) AS started_at,
                coalesce(max(m.sent_at) FILTER (WHERE NOT m.is_recalled), max(m.sent_at)) AS last_at,
                max(m.sent_at) FILTER (WHERE m.side = 'citizen') AS asked_at,
                -- What a first load brings is not news.
                max(greatest(m.landed_at, m.corrected_at)) FILTER (
                    WHERE m.side = 'unit' AND NOT m.is_recalled
                      AND (m.landed_at < m.sent_at + interval '7 days' OR m.corrected_at IS NOT NULL)) AS news_at,
                bool_or(m.is_sensitive) AS is_sensitive, max(m.feed) AS feed, max(m.landed_version) AS landed_version
            FROM message.message m WHERE m.person_id = g.person_id AND m.thread_id = g.thread_id
            HAVING count(*) > 0
        ) s
        LEFT JOIN LATERAL (
            -- At the same moment a Task is about what was written, and of two that wrote the unit has answered.
            SELECT e.standing, e.at FROM (
                SELECT m.sent_at AS at, CASE m.side WHEN 'unit' THEN 1 ELSE 0 END AS place,
                    CASE
                        WHEN m.handed_to <> '' THEN 'handed_on' WHEN m.side = 'unit' THEN 'answered' ELSE ''
                    END AS standing,
                    m.landed_version
                FROM message.message m
                WHERE m.person_id = g.person_id AND m.thread_id = g.thread_id AND NOT m.is_recalled
                UNION ALL
                SELECT o.at, 2, o.standing, o.landed_version FROM message.told o
                WHERE o.person_id = g.person_id AND o.thread_id = g.thread_id AND o.standing <> ''
            ) e
            WHERE e.standing <> 'answered' OR e.place = 2 OR s.asked_at <= e.at
            ORDER BY e.place = 2 AND e.standing = 'closed' AND e.at >= coalesce(s.asked_at, e.at) DESC,
                e.at DESC, e.place DESC, e.landed_version DESC
            LIMIT 1
        ) t ON true
        LEFT JOIN LATERAL (
            SELECT e.handed_to_ref, e.handed_to FROM (
                SELECT m.sent_at AS at, 1 AS place, m.handed_to_ref, m.handed_to FROM message.message m
                WHERE m.person_id = g.person_id AND m.thread_id = g.thread_id AND m.handed_to <> ''
                  AND NOT m.is_recalled
                UNION ALL
                SELECT o.at, 2, o.handed_to_ref, o.handed_to FROM message.told o
                WHERE o.person_id = g.person_id AND o.thread_id = g.thread_id AND o.handed_to <> ''
            ) e
            ORDER BY e.at DESC, e.place DESC LIMIT 1
        ) h ON true
        LEFT JOIN LATERAL (
            SELECT o.outcome FROM message.told o
            WHERE o.person_id = g.person_id AND o.thread_id = g.thread_id AND o.outcome <> ''
            ORDER BY o.at DESC, o.landed_version DESC LIMIT 1
        ) c ON true
    $$
    """,
    # Whatever is written or told, by whomever: its thread follows, and whoever has it open hears of it.
    """
    CREATE FUNCTION message.changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        persons uuid[];
        threads uuid[];
    BEGIN
        IF TG_OP = 'INSERT' THEN
            SELECT array_agg(n.person_id), array_agg(n.thread_id) INTO persons, threads
            FROM (SELECT DISTINCT person_id, thread_id FROM now_there) n;
        ELSIF TG_OP = 'DELETE' THEN
            SELECT array_agg(n.person_id), array_agg(n.thread_id) INTO persons, threads
            FROM (SELECT DISTINCT person_id, thread_id FROM was_there) n;
        ELSE
            SELECT array_agg(n.person_id), array_agg(n.thread_id) INTO persons, threads
            FROM (SELECT person_id, thread_id FROM now_there UNION SELECT person_id, thread_id FROM was_there) n;
        END IF;
        IF persons IS NOT NULL THEN
            PERFORM message.gather(persons, threads);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    *(
        f"""
        CREATE TRIGGER gathered_{verb.lower()} AFTER {verb} ON message.{table}
        REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION message.changed()
        """
        for table in ("message", "told")
        for verb, rows in (
            ("INSERT", "NEW TABLE AS now_there"),
            ("UPDATE", "OLD TABLE AS was_there NEW TABLE AS now_there"),
            ("DELETE", "OLD TABLE AS was_there"),
        )
    ),
    """
    REVOKE EXECUTE ON FUNCTION
        message.gather(uuid[], uuid[]), message.gathered(uuid[], uuid[]), message.changed() FROM PUBLIC
    """,
)

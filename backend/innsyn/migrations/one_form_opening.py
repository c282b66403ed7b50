"""What the migration of a fullmakt for one form changes where a record is opened and something is done in it.

A permit says with bit 32 of its capabilities that it is for the forms it names, and names them in its kinds:
`form:<task id>`. Whoever has no other permit in a record opens it with the rule fullmakt.form, and with that rule only
questions about forms are answered: to everything that is built later, too, there is no such page.
"""

OPENING = (
    # As before (migrations/access_opening.py), but the rule is that of one form only where no other permit is in force.
    """
    CREATE OR REPLACE FUNCTION access.admitted(
        p_actor uuid, p_key uuid, p_handle text,
        OUT subject_id uuid, OUT name text, OUT given_name text, OUT audience integer, OUT capabilities integer,
        OUT kinds text[], OUT rule text, OUT denied_subject uuid, OUT denied_rule text
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        permit record;
        everything boolean := false;
    BEGIN
        audience := 0;
        capabilities := 0;
        kinds := '{}';
        FOR permit IN
            SELECT p.*, s.name, s.given_name,
                -- The clock and not the begin of the transaction: a permit that has ended by now is over.
                p.valid_from <= clock_timestamp() AND p.valid_until > clock_timestamp() AS in_force,
                p.subject_id <> p_actor AND (s.secret OR s.deceased OR a.secret OR a.deceased) AS shut
            FROM access.permit p
            JOIN identity.person s ON s.person_id = p.subject_id
            JOIN identity.person a ON a.person_id = p.actor_id
            WHERE p.actor_id = p_actor AND CASE
                WHEN p_handle IS NULL THEN p.subject_id = p_actor AND p.origin <> 'preview'
                ELSE access.handle_of(p_key, p.handle_on) = p_handle
                    AND (p.subject_id <> p_actor OR p.origin = 'preview')
            END
            ORDER BY p.rule = 'fullmakt.form', p.valid_from, p.permit_id
            FOR SHARE OF p, s, a
        LOOP
            IF permit.shut THEN
                -- Not why: the log is read by the other one, who must not learn that an address is secret.
                denied_subject := permit.subject_id;
                denied_rule := 'shut';
            ELSIF NOT permit.in_force THEN
                denied_subject := coalesce(denied_subject, permit.subject_id);
                denied_rule := coalesce(denied_rule, permit.rule);
            ELSIF permit.audience = 0 THEN
                denied_subject := permit.subject_id;
                denied_rule := permit.rule;
            ELSE
                subject_id := permit.subject_id;
                name := permit.name;
                given_name := permit.given_name;
                rule := coalesce(rule, permit.rule);
                audience := audience | permit.audience;
                capabilities := capabilities | permit.capabilities;
                everything := everything OR permit.kinds IS NULL;
                kinds := kinds || permit.kinds;
            END IF;
        END LOOP;
        IF everything THEN
            kinds := NULL;
        END IF;
    END
    $$
    """,
    # What a question of this name is asked by, of somebody who has been admitted: '' where it is not answered.
    """
    CREATE FUNCTION access.rule_of(p_rule text, p_capabilities integer, p_purpose text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
        SELECT CASE
            WHEN p_rule = 'fullmakt.form' OR p_rule = 'preview' AND p_capabilities = 32 THEN
                CASE WHEN p_purpose = 'overview' OR p_purpose = 'forms' OR p_purpose LIKE 'forms.%' THEN p_rule
                    ELSE '' END
            -- Also somebody with other access reads a form by what was given for it.
            WHEN p_rule <> 'preview' AND p_capabilities & 40 = 32 AND (p_purpose = 'forms' OR p_purpose LIKE 'forms.%')
                THEN 'fullmakt.form'
            ELSE p_rule
        END
    $$
    """,
)

LOOKING = (
    # As before (migrations/history.py), and with a fullmakt for one form only questions about forms are answered.
    """
    CREATE OR REPLACE FUNCTION access.begin_access(
        p_token bytea, p_handle text, p_purpose text, p_entry uuid,
        OUT session_id uuid, OUT actor_id uuid, OUT subject_id uuid, OUT name text, OUT given_name text,
        OUT locale text, OUT subject_name text, OUT subject_given text, OUT audience integer,
        OUT capabilities integer, OUT kinds text[], OUT hidden uuid[], OUT rule text, OUT handle text,
        OUT new_since timestamptz, OUT at timestamptz, OUT expires_at timestamptz, OUT idle_limit interval
    )
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        here record;
        admitted record;
        last record;
        goes_on boolean;
    BEGIN
        SELECT s.session_id, s.person_id, s.last_used_at, s.expires_at, s.idle_limit, s.handle_key,
            s.ready, p.name, p.given_name, p.locale, p.own_permits
        INTO here
        FROM identity.session s JOIN identity.person p ON p.person_id = s.person_id
        -- p_token is the hash of the cookie (migrations/acts.py); the version before gives the cookie itself.
        WHERE s.token_hash = ANY (ARRAY[p_token, sha256(p_token)]) AND s.ended_at IS NULL
          AND s.expires_at > now() AND s.last_used_at + s.idle_limit > now();
        IF NOT FOUND THEN
            RETURN;
        END IF;
        -- Once a minute is enough: a write for every page would cost more than the page. The idle limit is then
        -- reached up to a minute early, never late.
        IF here.last_used_at < now() - interval '1 minute' THEN
            UPDATE identity.session s SET last_used_at = now() WHERE s.session_id = here.session_id;
        END IF;
        session_id := here.session_id;
        actor_id := here.person_id;
        name := here.name;
        given_name := here.given_name;
        locale := here.locale;
        at := now();
        expires_at := here.expires_at;
        idle_limit := here.idle_limit;
        handle := coalesce(p_handle, '');
        hidden := '{}';
        -- No record is open then, so nothing is in the log of one.
        IF p_purpose LIKE 'sessions.%' AND access.only_logins(here.session_id, p_handle) THEN
            subject_id := here.person_id;
            subject_name := here.name;
            subject_given := here.given_name;
            audience := 0;
            capabilities := 0;
            kinds := '{}';
            rule := 'logins';
            PERFORM access.set_context(NULL, here.person_id, here.session_id, 0, false, '{}', '{}', '');
            RETURN;
        END IF;
        -- Who has not yet agreed to the terms is led to them, and to nothing else.
        IF NOT here.ready AND p_purpose NOT LIKE 'start%' THEN
            rule := 'terms';
            RETURN;
        END IF;
        IF p_handle IS NULL AND NOT here.own_permits THEN
            subject_id := here.person_id;
            subject_name := here.name;
            subject_given := here.given_name;
            audience := 1;
            capabilities := 31;
            rule := 'self';
        ELSE
            admitted := access.admitted(here.person_id, here.handle_key, p_handle);
            rule := access.rule_of(admitted.rule, admitted.capabilities, p_purpose);
            IF admitted.subject_id IS NULL OR rule = '' THEN
                rule := admitted.denied_rule;
                IF coalesce(admitted.subject_id, admitted.denied_subject) IS NOT NULL THEN
                    INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, entry_id, refused)
                    VALUES (coalesce(admitted.subject_id, admitted.denied_subject), here.person_id, here.session_id,
                        coalesce(admitted.rule, admitted.denied_rule), p_purpose, p_entry, true);
                END IF;
                RETURN;
            END IF;
            subject_id := admitted.subject_id;
            subject_name := admitted.name;
            subject_given := admitted.given_name;
            audience := admitted.audience;
            capabilities := admitted.capabilities;
            kinds := admitted.kinds;
            IF audience <> 1 THEN
                SELECT coalesce(array_agg(h.entry_id), '{}') INTO hidden FROM access.hidden h
                WHERE h.person_id = admitted.subject_id AND h.from_audience & admitted.audience <> 0;
            END IF;
        END IF;
        INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, entry_id)
        VALUES (subject_id, here.person_id, here.session_id, rule, p_purpose, p_entry);
        SELECT l.visit, l.looked_at, l.before INTO last FROM access.look l
        WHERE l.actor_id = here.person_id AND l.subject_id = begin_access.subject_id;
        -- The visit goes on when one logs in again in the same place (as in identity.meet_device).
        goes_on := coalesce(last.visit = here.handle_key AND last.looked_at > now() - interval '2 hours', false);
        -- What a batch under way had landed by then may not have been there to see: rather told twice than never. The
        -- end of a second, because a line tells its times in whole ones.
        new_since := CASE WHEN goes_on THEN last.before ELSE
            date_trunc('second', last.looked_at - interval '10 seconds') - interval '1 microsecond' END;
        -- Only where all that is new is shown has it been seen. Once a minute is enough, as for the use of a session.
        IF p_purpose IN ('overview', 'timeline.all.page') AND rule <> 'preview'
            AND NOT (goes_on AND last.looked_at > now() - interval '1 minute')
        THEN
            INSERT INTO access.look (actor_id, subject_id, visit, looked_at, before)
            VALUES (here.person_id, begin_access.subject_id, here.handle_key, now(), begin_access.new_since)
            ON CONFLICT ON CONSTRAINT pk_look
            DO UPDATE SET visit = excluded.visit, looked_at = excluded.looked_at, before = excluded.before;
        END IF;
        PERFORM access.set_context(subject_id, here.person_id, here.session_id, audience,
            subject_id = here.person_id AND rule <> 'preview', kinds, hidden, '');
    END
    $$
    """,
)

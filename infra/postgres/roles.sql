-- The roles of Innsyn and its database. Run once, by somebody who may create roles, before the first
-- `innsyn migrate`:
--
--     psql -v ON_ERROR_STOP=1 -f infra/postgres/roles.sql
--
-- Then give each role a way in (a password with \password, a client certificate, or what your platform has).
-- None of them is above row-level security, and only the owner may change the schema: give INNSYN_DATABASE_OWNER
-- to the job that migrates and to nothing else.

-- Owns the schema and the functions that open a record. Used by `innsyn migrate` alone.
CREATE ROLE innsyn_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
-- A migration that waits for a lock makes everybody behind it wait: give up, and try again at a quieter moment.
ALTER ROLE innsyn_owner SET lock_timeout = '5s';

-- The web processes: SELECT on the read model, one person per transaction.
CREATE ROLE innsyn_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 200;

-- The web processes' second connection: begins and ends sessions, and can read no record.
CREATE ROLE innsyn_login LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 60;

-- The worker: follows the feed and writes the read model.
CREATE ROLE innsyn_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 50;

-- The worker's second connection: reads the access log and seals it. It can change neither the log nor a seal.
CREATE ROLE innsyn_sealer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 10;

-- Whoever checks the access log: reads it and its seals, and nothing else. Give it to nobody who runs the rest.
CREATE ROLE innsyn_auditor LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 5;

CREATE DATABASE innsyn OWNER innsyn_owner ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
-- What an error quotes (the row that a constraint refuses, a statement, a parameter) may be somebody's: not in the log.
ALTER DATABASE innsyn SET log_error_verbosity = 'terse';
ALTER DATABASE innsyn SET log_min_error_statement = 'panic';
ALTER DATABASE innsyn SET log_parameter_max_length_on_error = 0;
REVOKE ALL ON DATABASE innsyn FROM PUBLIC;
GRANT CONNECT ON DATABASE innsyn TO innsyn_web, innsyn_login, innsyn_worker, innsyn_sealer, innsyn_auditor;

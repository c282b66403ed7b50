"""Tables like those of another schema with all that belongs to them: out of the catalogue, never a copy by hand."""

from collections.abc import Iterable

import asyncpg

_TABLES = """
    SELECT c.relname AS name, obj_description(c.oid) AS comment, c.reloptions AS options,
           c.relrowsecurity AS secured, c.relforcerowsecurity AS forced
    FROM pg_class c WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r' ORDER BY 1
"""
_CONSTRAINTS = """
    SELECT r.relname AS table, c.conname AS name, pg_get_constraintdef(c.oid) AS told
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    WHERE c.connamespace = to_regnamespace($1) AND c.contype IN ('p', 'u', 'x', 'f', 'c') ORDER BY 1, 2
"""
_INDEXES = """
    SELECT r.relname AS table, i.relname AS name, pg_get_indexdef(i.oid) AS told
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid
    WHERE i.relnamespace = to_regnamespace($1)
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x'))
    ORDER BY 1, 2
"""
_POLICIES = """
    SELECT tablename AS table, policyname AS name, permissive, cmd, roles::text[] AS roles, qual, with_check
    FROM pg_policies WHERE schemaname = $1 ORDER BY 1, 2
"""
_GRANTS = """
    SELECT c.relname AS name, a.grantee::regrole::text AS role, a.privilege_type AS may
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r' AND a.grantee <> c.relowner ORDER BY 1, 2, 3
"""
_COLUMN_GRANTS = """
    SELECT c.relname AS name, a.attname AS column, x.grantee::regrole::text AS role, x.privilege_type AS may
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0, aclexplode(a.attacl) x
    WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r' AND x.grantee <> c.relowner ORDER BY 1, 2, 3, 4
"""
_USAGE = """
    SELECT a.grantee::regrole::text AS role, a.privilege_type AS may
    FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = $1 AND a.grantee <> n.nspowner ORDER BY 1, 2
"""
_COLUMNS = """
    SELECT c.relname AS table, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           a.attstorage, a.attcompression, a.attstattarget, a.attidentity, a.attgenerated,
           pg_get_expr(d.adbin, d.adrelid) AS by_default, col_description(c.oid, a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r' ORDER BY 1, 2
"""
# Whoever reads through a view reads the tables that it was made of, whatever they are called later.
_VIEWS = """
    SELECT DISTINCT w.ev_class::regclass::text AS name, pg_get_viewdef(w.ev_class) AS told, v.reloptions AS options
    FROM pg_depend d
    JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
    JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
    JOIN pg_class v ON v.oid = w.ev_class AND v.relkind = 'v'
    WHERE c.relnamespace = to_regnamespace($1) AND v.relnamespace <> c.relnamespace ORDER BY 1
"""
# What names one of the tables (a policy, a stored view, a key) holds on to it by number, whatever it is called later.
_FROM_OUTSIDE = """
    SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d
    JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
    LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
    LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
    LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
    JOIN pg_class by ON by.oid = coalesce(p.polrelid, w.ev_class, k.conrelid)
    WHERE c.relnamespace = to_regnamespace($1) AND by.relnamespace <> c.relnamespace AND by.relkind <> 'v'
"""


class HeldFromOutside(Exception):
    """Something outside the schema holds on to its tables, and would stay with the old ones."""


async def build(owner: asyncpg.Connection, like: str, name: str) -> None:
    """The schema `name` with empty tables like those of `like`; the indexes that are no keys come by `complete`."""
    await must_be_free(owner, like)
    async with owner.transaction():
        await owner.execute(f"CREATE SCHEMA {name}")
        for ask in (_tables, _keys, _security, _rights):
            for statement in await ask(owner, like, name):
                await owner.execute(statement)


async def must_be_free(owner: asyncpg.Connection, schema: str) -> None:
    """Raises HeldFromOutside with what holds on to its tables, other than views, which are made once more."""
    if held := await owner.fetch(_FROM_OUTSIDE, schema):
        raise HeldFromOutside(*(row[0] for row in held))


async def complete(
    owner: asyncpg.Connection, like: str, name: str, only: Iterable[str] | None = None
) -> None:
    """The indexes that `name` still lacks; `only` those of these tables."""
    there = {row["name"] for row in await owner.fetch(_INDEXES, name)}
    for row in await owner.fetch(_INDEXES, like):
        if row["name"] not in there and (only is None or row["table"] in only):
            await owner.execute(_moved(row["told"], like, name))


async def views(owner: asyncpg.Connection, schema: str) -> list[str]:
    """Statements that make the views on the tables of a schema once more, for those that have its name then."""
    found = []
    for row in await owner.fetch(_VIEWS, schema):
        options = f" WITH ({', '.join(row['options'])})" if row["options"] else ""
        found.append(f"CREATE OR REPLACE VIEW {row['name']}{options} AS {row['told']}")
    return found


async def describe(db: asyncpg.Connection, schema: str) -> list[tuple[object, ...]]:
    """Everything that the catalogue says of the schema, in words that are the same for one like it."""
    found: list[tuple[object, ...]] = []
    for asked in (_TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES, _POLICIES, _GRANTS, _COLUMN_GRANTS, _USAGE):
        rows = await db.fetch(asked, schema)
        found += [
            tuple(_moved(each, schema, "") if isinstance(each, str) else each for each in row) for row in rows
        ]
    return found


async def _tables(owner: asyncpg.Connection, like: str, name: str) -> list[str]:
    found = []
    for row in await owner.fetch(_TABLES, like):
        table = f"{name}.{row['name']}"
        found.append(f"CREATE TABLE {table} (LIKE {like}.{row['name']} INCLUDING ALL EXCLUDING INDEXES)")
        if row["options"]:
            found.append(f"ALTER TABLE {table} SET ({', '.join(row['options'])})")
        if row["comment"]:
            comment = await owner.fetchval("SELECT quote_literal($1)", row["comment"])
            found.append(f"COMMENT ON TABLE {table} IS {comment}")
    return found


async def _keys(owner: asyncpg.Connection, like: str, name: str) -> list[str]:
    # Checks came with the table.
    return [
        f"ALTER TABLE {name}.{row['table']} ADD CONSTRAINT {row['name']} {_moved(row['told'], like, name)}"
        for row in await owner.fetch(_CONSTRAINTS, like)
        if not row["told"].startswith("CHECK")
    ]


async def _security(owner: asyncpg.Connection, like: str, name: str) -> list[str]:
    found = [_policy(row, like, name) for row in await owner.fetch(_POLICIES, like)]
    for row in await owner.fetch(_TABLES, like):
        verbs = [verb for verb, said in (("ENABLE", row["secured"]), ("FORCE", row["forced"])) if said]
        found += [f"ALTER TABLE {name}.{row['name']} {verb} ROW LEVEL SECURITY" for verb in verbs]
    return found


async def _rights(owner: asyncpg.Connection, like: str, name: str) -> list[str]:
    usage = [
        f"GRANT {row['may']} ON SCHEMA {name} TO {row['role']}" for row in await owner.fetch(_USAGE, like)
    ]
    columns = [
        f"GRANT {row['may']} ({row['column']}) ON {name}.{row['name']} TO {row['role']}"
        for row in await owner.fetch(_COLUMN_GRANTS, like)
    ]
    tables = [
        f"GRANT {row['may']} ON {name}.{row['name']} TO {row['role']}"
        for row in await owner.fetch(_GRANTS, like)
    ]
    return usage + columns + tables


def _policy(row: asyncpg.Record, like: str, name: str) -> str:
    using = f"USING ({_moved(row['qual'], like, name)})" if row["qual"] else ""
    check = f"WITH CHECK ({_moved(row['with_check'], like, name)})" if row["with_check"] else ""
    return (
        f"CREATE POLICY {row['name']} ON {name}.{row['table']} AS {row['permissive']} FOR {row['cmd']}"
        f" TO {', '.join(row['roles'])} {using} {check}"
    )


def _moved(told: str, like: str, name: str) -> str:
    return told.replace(f" {like}.", f" {name}.").replace(f"({like}.", f"({name}.")

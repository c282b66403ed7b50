"""The roles that an operator makes in production are those that the demo and the tests run with."""

from pathlib import Path

from innsyn.embedded_postgres import ROLES, embedded

_ROLES_SQL = Path(__file__).parents[2] / "infra" / "postgres" / "roles.sql"
_WHO_MAY_WHAT = """
    SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles
     WHERE rolname LIKE 'innsyn%' ORDER BY 1
"""
_WHOSE_DATABASE = "SELECT pg_get_userbyid(datdba), datacl FROM pg_database WHERE datname = 'innsyn'"


def test_the_operators_script_gives_the_same_roles_and_database(tmp_path: Path) -> None:
    with embedded(tmp_path, durable=False) as server:
        demo = server.sql(_WHO_MAY_WHAT), server.sql(_WHOSE_DATABASE)
        server.drop_database("innsyn")
        for role in ROLES:
            server.sql(f"DROP ROLE {role}")
        server.run_file(_ROLES_SQL)
        assert (server.sql(_WHO_MAY_WHAT), server.sql(_WHOSE_DATABASE)) == demo

"""Every form of others that can be filled in here, where there are any: ../shared/data."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from innsyn.forms.engine.model import Form
from innsyn.forms.engine.reading import read

WHERE = Path(__file__).resolve().parents[4] / "shared" / "data"
FOLDERS = (
    "helsenorge-refero-skjema",
    "helsenorge-structor-skjema",
    "hl7-sdc",
    "lhc-lforms-questionnaires",
    "smartforms-questionnaires",
    "hl7-fhir-r4-examples",
    "fhir-test-cases",
)


@cache
def usable(folder: str) -> dict[str, Form]:
    """The forms of one of FOLDERS by path."""
    return dict(_found(folder))


@cache
def one(name: str) -> Form | None:
    """The form at a path, None where there is none or it cannot be used."""
    path = WHERE / name
    return read(path.read_bytes()).form if path.exists() else None


def _found(folder: str) -> Iterator[tuple[str, Form]]:
    for path in sorted((WHERE / folder).rglob("*.json")):
        body = path.read_bytes()
        if b'"Questionnaire"' in body and (form := read(body).form):
            yield str(path.relative_to(WHERE)), form

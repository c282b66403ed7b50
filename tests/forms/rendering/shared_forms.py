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
def usable() -> dict[str, Form]:
    """The forms by folder and file."""
    return dict(_found())


def _found() -> Iterator[tuple[str, Form]]:
    for folder in FOLDERS:
        for path in sorted((WHERE / folder).rglob("*.json")):
            body = path.read_bytes()
            if b'"Questionnaire"' in body and (form := read(body).form):
                yield str(path.relative_to(WHERE)), form

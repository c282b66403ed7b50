"""Every form that others have made and that can be filled in here, where there are any beside this checkout."""

from functools import cache
from pathlib import Path

from innsyn.forms.engine.model import Form
from innsyn.forms.engine.reading import read

WHERE = Path(__file__).resolve().parents[4] / "shared" / "data"
_FOLDERS = (
    *("helsenorge-refero-skjema", "helsenorge-structor-skjema", "hl7-sdc", "lhc-lforms-questionnaires"),
    *("smartforms-questionnaires", "hl7-fhir-r4-examples", "fhir-test-cases"),
)


@cache
def usable() -> dict[str, Form]:
    """The forms by folder and file."""
    found = {}
    for path in (path for folder in _FOLDERS for path in sorted((WHERE / folder).rglob("*.json"))):
        body = path.read_bytes()
        if b'"Questionnaire"' in body and (form := read(body).form):
            found[str(path.relative_to(WHERE))] = form
    return found

"""`innsyn forms check`, as somebody asks it before publishing a form."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from forms.reading.questionnaires import item, questionnaire
from innsyn.forms_commands import forms

GOOD = questionnaire(item(), version="3")
BAD = questionnaire(item("1", "choice"), status="draft")


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(forms, ["check", *map(str, arguments)], env={"COLUMNS": "160"})


def bundle(*bodies: bytes) -> bytes:
    entries = [{"resource": json.loads(body)} for body in bodies]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def test_a_form_that_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(GOOD)
    answer = check(tmp_path / "good.json")
    assert answer.exit_code == 0
    assert "usable" in answer.output
    assert "1 usable, 0 refused." in answer.output


def test_a_form_that_is_refused_is_told_why_and_where(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(BAD)
    answer = check(tmp_path / "bad.json")
    assert answer.exit_code == 1
    assert "no_options There is nothing to choose from." in " ".join(answer.output.split())
    assert "not_active" in answer.output


def test_for_programs(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_bytes(bundle(GOOD, BAD))
    answer = check("--json", tmp_path / "all.json")
    assert answer.exit_code == 1
    path = str(tmp_path / "all.json")
    refusal = {"key": "no_options", "where": "1", "words": "There is nothing to choose from."}
    words = "The form has the status «draft»: a form in use is active."
    assert json.loads(answer.output) == [
        {
            "path": path,
            "place": 1,
            "title": "Et skjema",
            "canonical": "http://example.no/skjema|3",
            "usable": True,
            "refusals": [],
            "warnings": [],
        },
        {
            "path": path,
            "place": 2,
            "title": "",
            "canonical": "",
            "usable": False,
            "refusals": [refusal],
            "warnings": [{"key": "not_active", "where": "", "words": words}],
        },
    ]


def test_a_folder_with_other_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.json").write_bytes(GOOD)
    (tmp_path / "patient.json").write_text('{"resourceType":"Patient"}')
    (tmp_path / "broken.json").write_text("{")
    answer = check(tmp_path)
    assert answer.exit_code == 0
    assert "1 usable, 0 refused." in answer.output


def test_a_file_that_is_named_and_is_no_form(tmp_path: Path) -> None:
    (tmp_path / "patient.json").write_text('{"resourceType":"Patient"}')
    answer = check(tmp_path / "patient.json")
    assert answer.exit_code == 1
    assert "not_a_questionnaire" in answer.output


def test_a_folder_without_forms(tmp_path: Path) -> None:
    answer = check(tmp_path)
    assert (answer.exit_code, answer.output) == (1, "There is no Questionnaire there.\n")


def test_value_sets_beside_the_form_in_a_bundle(tmp_path: Path) -> None:
    value_set = json.dumps(
        {
            "resourceType": "ValueSet",
            "url": "http://x/koder",
            "compose": {"include": [{"system": "urn:s", "concept": [{"code": "a"}]}]},
        }
    ).encode()
    form = questionnaire(item("1", "choice", answerValueSet="http://x/koder"))
    (tmp_path / "all.json").write_bytes(bundle(form, value_set))
    [found] = json.loads(check("--json", tmp_path).output)
    assert (found["usable"], found["warnings"]) == (True, [])

"""Notes and letters: what is read, what becomes a file, and what is only named."""

from base64 import b64encode

import pytest

from innsyn.journal.fhir.care import Composition, DocumentReference
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.resources import DiagnosticReport
from innsyn.records.kinds import Kind
from innsyn.records.notes.projection import composition, document, report
from innsyn.records.notes.views import Note
from innsyn.records.projected import Document, NotShown, Projected
from records.staffed import CLINIC, KARI, OLAV, STAFF, Fhir, project, shown

LOINC = "http://loinc.org"
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def packed(text: str) -> str:
    return b64encode(text.encode()).decode()


LETTER: Fhir = {
    "resourceType": "DocumentReference",
    "id": "brev",
    "status": "current",
    "docStatus": "final",
    "type": {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9602", "code": "A03-2"}]},
    "subject": KARI,
    "date": "2026-03-05T14:00:00+01:00",
    "author": [{"reference": "PractitionerRole/berg-post"}],
    "custodian": {"reference": "Organization/lunge"},
    "description": "Epikrise fra lungeavdelingen",
    "content": [
        {
            "attachment": {
                "contentType": "text/plain; charset=utf-8",
                "data": packed("Kari var innlagt.\n\nHjem i dag."),
            }
        }
    ],
    "context": {"period": {"start": "2026-03-01", "end": "2026-03-05"}},
}
STORY: Fhir = {
    "resourceType": "Composition",
    "id": "notat",
    "identifier": {"value": "1"},
    "status": "amended",
    "type": {"coding": [{"system": LOINC, "code": "11506-3", "display": "Progress note"}]},
    "subject": KARI,
    "date": "2026-03-02",
    "author": [{"reference": "PractitionerRole/berg-post"}],
    "title": "Poliklinisk notat",
    "section": [{"title": "Vurdering", "text": {"div": XHTML.format("<p>Astmaen er bedre.</p>")}}],
}


def note_of(answer: Projected) -> Note:
    assert isinstance(answer.detail, Note)
    return answer.detail


def letter(*attachments: Fhir, **changes: object) -> Fhir:
    return LETTER | {"content": [{"attachment": each} for each in attachments]} | changes


def test_a_letter_in_plain_text_is_read() -> None:
    assert shown(document, DocumentReference, LETTER, *STAFF) == Projected(
        kind=Kind.NOTES,
        patient=Reference(reference="Patient/kari"),
        title="Epikrise fra lungeavdelingen",
        at="2026-03-05T14:00:00+01:00",
        status="final",
        note="Kari var innlagt. Hjem i dag.",
        organisation="Lungepoliklinikken",
        author="Anne Berg, overlege",
        words=("Epikrise", "Kari var innlagt.\n\nHjem i dag."),
        detail=Note(
            text="Kari var innlagt.\n\nHjem i dag.", category="Epikrise", start="2026-03-01", end="2026-03-05"
        ),
    )


def test_a_composition_is_one_article_with_its_headings() -> None:
    assert shown(composition, Composition, STORY, *STAFF) == Projected(
        kind=Kind.NOTES,
        patient=Reference(reference="Patient/kari"),
        title="Poliklinisk notat",
        at="2026-03-02",
        status="amended",
        note="Astmaen er bedre.",
        organisation="Lungepoliklinikken",
        author="Anne Berg, overlege",
        words=("Progress note", "Vurdering\nAstmaen er bedre."),
        detail=Note(html="<h2>Vurdering</h2><div><p>Astmaen er bedre.</p></div>", category="Progress note"),
    )


def test_sections_within_sections_keep_their_order_of_headings() -> None:
    inner = {"title": "Plan", "text": {"div": XHTML.format("<h1>Neste</h1><p>Ring oss.</p>")}}
    told = STORY | {"section": [{"title": "Vurdering & <plan>", "section": [inner]}]}
    assert note_of(shown(composition, Composition, told)).html == (
        "<h2>Vurdering &amp; &lt;plan&gt;</h2><h3>Plan</h3><div><h4>Neste</h4><p>Ring oss.</p></div>"
    )


def test_coded_entries_are_named_only_where_there_is_no_text() -> None:
    asthma = {"resourceType": "Condition", "id": "astma", "subject": KARI, "code": {"text": "Astma"}}
    entries = {"entry": [{"reference": "Condition/astma"}, {"display": "Allergi mot bjørk"}]}
    told = STORY | {"section": [{"title": "Problemer"} | entries, STORY["section"][0] | entries]}
    assert note_of(shown(composition, Composition, told, asthma)).html == (
        "<h2>Problemer</h2><ul><li>Astma</li><li>Allergi mot bjørk</li></ul>"
        "<h2>Vurdering</h2><div><p>Astmaen er bedre.</p></div>"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": OLAV},
        {"meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "2"}]}},
        {"verificationStatus": {"coding": [{"code": "refuted"}]}},
    ],
)
def test_what_is_anothers_withheld_or_refuted_is_not_named(changed: Fhir) -> None:
    secret = {"resourceType": "Condition", "id": "x", "subject": KARI, "code": {"text": "Hemmelig"}} | changed
    told = STORY | {"section": [{"title": "Problemer", "entry": [{"reference": "Condition/x"}]}]}
    assert note_of(shown(composition, Composition, told, secret)).html == ""


def test_an_empty_section_says_why() -> None:
    told = STORY | {"section": [{"title": "Allergier", "emptyReason": {"text": "Ingen opplysninger"}}]}
    assert (
        note_of(shown(composition, Composition, told)).html == "<h2>Allergier</h2><p>Ingen opplysninger</p>"
    )


def test_markup_in_a_letter_is_cleaned() -> None:
    page = '<html><head><title>x</title></head><body onload="x()">'
    page += '<h1>Hei</h1><a href="javascript:x">Les</a></body></html>'
    told = letter({"contentType": "application/xhtml+xml", "data": packed(page)})
    assert note_of(shown(document, DocumentReference, told)).html == "<h2>Hei</h2>Les"


@pytest.mark.parametrize("type_", ["text/markdown", "text/plain"])
def test_markdown_becomes_headings_and_lists_also_when_it_is_called_plain(type_: str) -> None:
    text = "# Plage\n- Hoste\n\n# Plan\nHvile <b>nok</b>"
    told = letter({"contentType": type_, "data": packed(text)})
    assert note_of(shown(document, DocumentReference, told)).html == (
        "<h2>Plage</h2> <ul> <li>Hoste</li> </ul> <h2>Plan</h2> <p>Hvile &lt;b&gt;nok&lt;/b&gt;</p> "
    )


def test_one_number_sign_does_not_make_a_heading() -> None:
    told = letter({"contentType": "text/plain", "data": packed("# collum femoris\nOperert i dag")})
    assert note_of(shown(document, DocumentReference, told)).text == "# collum femoris\nOperert i dag"


def test_of_several_formats_the_one_with_structure_is_read_and_files_are_files() -> None:
    told = letter(
        {"contentType": "text/plain", "data": packed("flat")},
        {"contentType": "text/html", "data": packed("<p>med form</p>")},
        {"contentType": "application/pdf", "data": "JVBERi0=", "title": "Brevet.pdf"},
    )
    answer = shown(document, DocumentReference, told)
    assert (note_of(answer).html, note_of(answer).text) == ("<p>med form</p>", "")
    assert answer.documents == (Document("Brevet.pdf", "application/pdf", "JVBERi0="),)


def test_what_can_not_be_opened_here_is_named() -> None:
    told = letter(
        {"contentType": "application/hl7-v3+xml", "data": packed("<x/>"), "title": "Opprinnelig melding"},
        {"contentType": "application/pdf", "url": "https://elsewhere.example/letter", "title": "Lenke"},
    )
    answer = shown(document, DocumentReference, told)
    assert (note_of(answer).unshown, answer.documents) == (("Opprinnelig melding", "Lenke"), ())


def test_a_binary_is_fetched_and_read_when_it_is_text() -> None:
    told = letter({"contentType": "text/plain", "url": "https://journal.example/fhir/Binary/b1"})
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": packed("Hei Kari")}
    assert note_of(shown(document, DocumentReference, told, binary)).text == "Hei Kari"


def test_a_binary_that_is_a_file_is_a_file() -> None:
    told = letter({"contentType": "application/pdf", "url": "Binary/b1", "title": "Svar"})
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "application/pdf", "data": "JVBERi0="}
    reference = Reference(reference="Binary/b1")
    answer = shown(document, DocumentReference, told, binary)
    assert answer.documents == (Document("Svar", "application/pdf", "JVBERi0=", reference),)
    not_come = shown(document, DocumentReference, told)
    assert not_come.documents == (Document("Svar", "application/pdf", "", reference),)


def test_a_binary_of_another_patient_is_not_read() -> None:
    told = letter({"contentType": "text/plain", "url": "Binary/b1"})
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "securityContext": OLAV}
    answer = shown(document, DocumentReference, told, binary | {"data": packed("Om Olav")})
    assert (note_of(answer).text, answer.documents) == ("", ())


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"status": "superseded"}, "superseded"),
        ({"docStatus": "preliminary"}, "preliminary"),
        ({"docStatus": "amended"}, "amended"),
        ({"docStatus": ""}, "final"),
    ],
)
def test_a_replaced_note_is_shown_as_replaced(changed: Fhir, status: str) -> None:
    assert shown(document, DocumentReference, LETTER | changed).status == status


def test_a_note_says_which_it_replaces_if_it_is_ones_own() -> None:
    told = LETTER | {
        "relatesTo": [{"code": "replaces", "target": {"reference": "DocumentReference/gammelt"}}]
    }
    old = {
        "resourceType": "DocumentReference",
        "id": "gammelt",
        "subject": KARI,
        "description": "Foreløpig epikrise",
    }
    assert note_of(shown(document, DocumentReference, told, old)).replaces == "Foreløpig epikrise"
    assert note_of(shown(document, DocumentReference, told, old | {"subject": OLAV})).replaces == ""


def test_entered_in_error_is_not_shown() -> None:
    wrong = {"status": "entered-in-error"}
    assert project(document, DocumentReference, LETTER | wrong) == NotShown("entered_in_error")
    assert project(document, DocumentReference, LETTER | {"docStatus": "entered-in-error"}) == NotShown(
        "entered_in_error"
    )
    assert project(composition, Composition, STORY | wrong) == NotShown("entered_in_error")


def test_a_text_longer_than_can_be_shown_says_so() -> None:
    told = letter({"contentType": "text/plain", "data": packed("ord " * 40_000)})
    note = note_of(shown(document, DocumentReference, told))
    assert note.cut
    assert len(note.text) <= 65_536


def test_bytes_that_are_no_base64_are_named_and_harm_nobody() -> None:
    told = letter({"contentType": "text/plain", "data": "%%%%", "title": "Notat"})
    assert note_of(shown(document, DocumentReference, told)).unshown == ("Notat",)


def test_an_old_windows_text_keeps_its_letters() -> None:
    told = letter({"contentType": "text/plain", "data": b64encode("blåbær".encode("cp1252")).decode()})
    assert note_of(shown(document, DocumentReference, told)).text == "blåbær"


def test_a_report_that_is_a_clinical_note_is_a_note_and_others_are_not_ours() -> None:
    told: Fhir = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "category": [
            {"coding": [{"system": LOINC, "code": "34117-2", "display": "History and physical note"}]}
        ],
        "code": {"coding": [{"system": LOINC, "code": "34117-2", "display": "History and physical note"}]},
        "subject": KARI,
        "effectiveDateTime": "2026-02-01",
        "performer": [{"reference": "Organization/lunge"}],
        "presentedForm": [{"contentType": "text/plain", "data": packed("Lungene er fine.")}],
    }
    assert shown(report, DiagnosticReport, told, CLINIC) == Projected(
        kind=Kind.NOTES,
        patient=Reference(reference="Patient/kari"),
        title="History and physical note",
        at="2026-02-01",
        status="final",
        note="Lungene er fine.",
        organisation="Lungepoliklinikken",
        words=("History and physical note", "Lungene er fine."),
        detail=Note(text="Lungene er fine.", category="History and physical note"),
    )
    assert (
        project(report, DiagnosticReport, told | {"category": [{"coding": [{"code": "LAB"}]}], "code": {}})
        is None
    )

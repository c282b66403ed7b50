"""Notes, letters and imaging reports as plain text, XHTML, PDF, picture or sections."""

import re
from base64 import b64encode
from hashlib import sha1
from xml.sax.saxutils import escape

from standins.journal.demo.attachments import letter_pdf
from standins.journal.demo.chart import Chart, Written
from standins.journal.demo.codes import DOCUMENT_TYPES, DOCUMENTS, HL7, NCRP, coding, concept, volven
from standins.journal.demo.places import unit_name, unit_reference
from standins.journal.taken import Resource

Sections = dict[str, str]
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n|- |[A-ZÆØÅ][A-Za-zæøåÆØÅ/ ]+: ) *")


def note(
    chart: Chart, by: Written, key: str, kind: str, title: str, text: str, *, amended: bool = False
) -> None:
    """A note in plain text. `kind` is a document type of code system 9602, e.g. B02-2."""
    document(
        chart,
        by,
        key,
        kind,
        title,
        [plain_text(text, by.author.language)],
        amended=amended,
    )


def html_note(chart: Chart, by: Written, key: str, kind: str, title: str, text: str) -> None:
    """A note as XHTML: paragraphs, and a line that ends with a colon becomes a heading."""
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(title)}</title></head>'
    page += f"<body>{xhtml(text)}</body></html>"
    document(chart, by, key, kind, title, [attachment("application/xhtml+xml", page.encode())])


def pdf_letter(chart: Chart, by: Written, key: str, kind: str, title: str, text: str) -> None:
    """A letter as a PDF file."""
    signed = (unit_name(by.author.unit), by.author.name, by.at)
    pdf = letter_pdf(title, chart.person.name, unwrapped(text), signed)
    document(chart, by, key, kind, title, [attachment("application/pdf", pdf, f"{title}.pdf")])


def document(
    chart: Chart,
    by: Written,
    key: str,
    kind: str,
    title: str,
    files: list[Resource],
    *,
    amended: bool = False,
) -> None:
    """A DocumentReference with its files inside."""
    resource: Resource = {
        "status": "current",
        "docStatus": "amended" if amended else "final",
        "type": _type(by, kind),
        "category": [concept("", volven(DOCUMENTS, by.source, f"{kind[0]}00-1"))],
        "subject": chart.subject,
        "date": by.recorded.isoformat(timespec="seconds"),
        "author": [by.by],
        "custodian": unit_reference(by.author.source.key),
        "description": title,
        "content": [{"attachment": file} for file in files],
        "context": {"period": {"start": by.when}},
    }
    chart.take(by, "DocumentReference", key, resource)


def attachment(content_type: str, content: bytes, title: str = "", language: str = "nb") -> Resource:
    """A file in base64 with size and the SHA-1 that FHIR R4 asks for."""
    digest = b64encode(sha1(content, usedforsecurity=False).digest()).decode()
    named = {"title": title} if title else {}
    file = {"contentType": content_type, "language": f"{language}-NO", "data": b64encode(content).decode()}
    return file | {"size": len(content), "hash": digest} | named


def plain_text(text: str, language: str = "nb") -> Resource:
    """A text as an attachment."""
    return attachment("text/plain; charset=utf-8", unwrapped(text).encode(), language=language)


def picture(content: bytes, title: str) -> Resource:
    """A PNG picture as an attachment."""
    return attachment("image/png", content, title)


def composition(
    chart: Chart, by: Written, key: str, kind: str, title: str, sections: Sections, *, amended: bool = False,
) -> None:  # fmt: skip
    """A note in sections, as a Composition with one narrative per section."""
    resource: Resource = {
        "status": "amended" if amended else "final",
        "type": _type(by, kind),
        "subject": chart.subject,
        "date": by.recorded.isoformat(timespec="seconds"),
        "author": [by.by],
        "title": title,
        "custodian": unit_reference(by.author.unit),
        "section": [
            {"title": heading, "text": {"status": "additional", "div": _div(text)}}
            for heading, text in sections.items()
        ],
    }
    chart.take(by, "Composition", key, resource)


def imaging(chart: Chart, by: Written, key: str, code: tuple[str, str], report: str, conclusion: str) -> None:
    """An imaging report: NCRP code and name of the examination, description, conclusion."""
    number, name = code
    section = concept("Bildediagnostikk", coding(HL7 + "v2-0074", "RAD", "Radiology"))
    examination = concept(name, volven(NCRP, by.source, number, name))
    _report(chart, by, key, section, examination, report, conclusion)


def pathology(chart: Chart, by: Written, key: str, name: str, report: str, conclusion: str) -> None:
    """A pathologist's report on a tissue sample."""
    section = concept("Patologi", coding(HL7 + "v2-0074", "SP", "Surgical Pathology"))
    _report(chart, by, key, section, concept(name), report, conclusion)


def _report(
    chart: Chart, by: Written, key: str, section: Resource, examination: Resource, report: str, conclusion: str,
) -> None:  # fmt: skip
    resource: Resource = {
        "status": "final",
        "category": [section],
        "code": examination,
        "subject": chart.subject,
        "effectiveDateTime": by.when,
        "issued": by.recorded.isoformat(timespec="seconds"),
        "performer": [unit_reference(by.author.unit)],
        "resultsInterpreter": [by.by],
        "text": {"status": "additional", "div": _div(report)},
        "conclusion": conclusion.strip(),
    }
    chart.take(by, "DiagnosticReport", key, resource)


def unwrapped(text: str) -> str:
    """The text without the line breaks of the source file; those before a list item or label stay."""
    return _WRAPPED.sub(" ", text.strip())


def xhtml(text: str) -> str:
    """Paragraphs from text with blank lines between; a line alone that ends with a colon is a heading."""
    blocks = [block.strip() for block in unwrapped(text).split("\n\n")]
    return "".join(_block(block) for block in blocks if block)


def _block(block: str) -> str:
    if block.endswith(":") and "\n" not in block:
        return f"<h2>{escape(block[:-1])}</h2>"
    if block.startswith("- "):
        items = (escape(line.removeprefix("- ")) for line in block.splitlines())
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    return f"<p>{escape(block)}</p>"


def _div(text: str) -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{xhtml(text)}</div>'


def _type(by: Written, kind: str) -> Resource:
    return concept(DOCUMENT_TYPES[kind], volven(DOCUMENTS, by.source, kind, DOCUMENT_TYPES[kind]))

"""A page as a browser has it: what it would send, what a person could answer, and what is wrong with its markup."""

from collections import Counter
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from lxml import html  # type: ignore[import-untyped]

NEVER_SENT = {"submit", "button", "file", "image", "reset"}
_HEADINGS = " or ".join(f"self::h{level}" for level in range(1, 7))
TYPED = {"d": "17", "m": "5", "y": "1980", "t": "13.45", "o": "", "u": "", "q": ""}


def parsed(page: str) -> Any:  # noqa: ANN401 — lxml has no types
    """The document."""
    return html.document_fromstring(page)


def inputs_of(document: Any) -> list[Any]:  # noqa: ANN401
    """Every input of the form that is filled in, in document order."""
    form = document.xpath("//form[contains(@class, 'form-page')]")[0]
    every = form.xpath(".//input | .//select | .//textarea")
    return [
        each
        for each in every
        if not each.get("form") and each.get("type") not in NEVER_SENT and each.get("name")
    ]


def sent(document: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """What a browser would send of the page as it is."""
    fields: dict[str, list[str]] = {}
    for each in inputs_of(document):
        for value in _values(each):
            fields.setdefault(each.get("name"), []).append(value)
    return fields


def answered(document: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """What somebody would send who answers everything: the first there is to choose, and something everywhere."""
    fields: dict[str, list[str]] = {}
    for each in inputs_of(document):
        name, kind = each.get("name"), each.get("type")
        if kind == "hidden":
            fields[name] = [each.get("value")]
        elif kind in {"radio", "checkbox"}:
            fields.setdefault(name, [each.get("value")])
        elif each.tag == "select":
            keys = [option.get("value") for option in each.xpath(".//option") if option.get("value")]
            fields.setdefault(name, keys[:1])
        else:
            suffix = name.partition("-")[2]
            fields.setdefault(name, [TYPED[suffix] if suffix else _writing(each)])
    return fields


def faults_in(document: Any) -> list[str]:  # noqa: ANN401
    """What no page of ours may have."""
    ids = Counter(document.xpath("//@id"))
    faults = [f"twice: {each}" for each, count in ids.items() if count > 1]
    for attribute in ("for", "aria-labelledby", "aria-describedby", "form"):
        for value in document.xpath(f"//@{attribute}"):
            faults += [f"{attribute} of nothing: {each}" for each in value.split() if each not in ids]
    labelled = {each.get("for") for each in document.xpath("//label") if each.text_content().strip()}
    for each in document.xpath("//input | //select | //textarea"):
        has_name = each.get("id") in labelled or each.get("aria-label") or each.get("aria-labelledby")
        if each.get("type") != "hidden" and not has_name:
            faults.append(f"no label: {each.get('name')}")
    faults += [
        f"no name: {html.tostring(each)[:80]!r}" for each in document.xpath("//button") if not _said(each)
    ]
    faults += [
        f"inside a label: {each.tag}"
        for each in document.xpath("//label/*[self::p or self::div or self::ul or self::a]")
    ]
    heads = document.xpath(f"//*[{_HEADINGS}][not(ancestor-or-self::*[@hidden] or ancestor::details)]")
    faults += [
        f"left out before {one.tag}: {one.text_content()[:60]}"
        for above, one in pairwise(heads)
        if int(one.tag[1]) > int(above.tag[1]) + 1
    ]
    return faults


def runs_in(document: Any) -> list[str]:  # noqa: ANN401
    """What would run, load or lead out of here."""
    found = [
        f"<{each.tag}>"
        for each in document.xpath("//iframe | //object | //embed | //svg | //style | //base | //math")
    ]
    found += [
        f"script {each.get('src')}"
        for each in document.xpath("//script")
        if not (each.get("src") or "").startswith("/static/")
    ]
    for each in document.iter():
        for name, value in each.attrib.items() if isinstance(each.tag, str) else ():
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                found.append(f"{each.tag} {name}={value}")
            if name in {"href", "src", "action"} and urlsplit(value.strip()).scheme not in {
                "",
                "https",
                "tel",
            }:
                found.append(f"{each.tag} {name}={value}")
            if name in {"src", "action"} and not value.startswith("/"):
                found.append(f"{each.tag} {name}={value}")
    return found


def _said(button: Any) -> bool:  # noqa: ANN401
    return bool(button.text_content().strip() or button.get("aria-label") or button.get("aria-hidden"))


def _values(each: Any) -> list[str]:  # noqa: ANN401
    if each.get("type") in {"radio", "checkbox"}:
        return [each.get("value")] if each.get("checked") is not None else []
    if each.tag == "select":
        chosen = each.xpath(".//option[@selected]") or each.xpath(".//option")[:1]
        return [option.get("value") for option in chosen]
    if each.tag == "textarea":
        return [(each.text or "").removeprefix("\n")]
    return [each.get("value") or ""]


def _writing(each: Any) -> str:  # noqa: ANN401
    if each.get("type") == "url":
        return "https://example.no/side"
    return {"numeric": "3", "decimal": "3,5"}.get(each.get("inputmode"), "Et svar")

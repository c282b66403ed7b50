"""Which browser this is, in words that a person knows it by."""

import re
from typing import Final

# The first that fits: nearly everybody says Chrome and Safari too, so those who only claim to be stand last.
_BROWSERS: Final = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\bOP(?:R|X|T)/|\bOpera\b")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Vivaldi", re.compile(r"\bVivaldi/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/")),
    ("Safari", re.compile(r"\bSafari/")),
)
_SYSTEMS: Final = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Mac", re.compile(r"\bMacintosh\b")),
    ("Linux", re.compile(r"\bLinux\b|\bX11\b")),
)
_LONGEST: Final = 500  # letters; what is longer is no browser's own


def browser_of(user_agent: str) -> str:
    """Browser and system out of a User-Agent: "Chrome, Android"; one of them alone, or "" when neither is known.

    No version and no model: it is for a person who asks "is that my phone?", and the less is kept the better.
    """
    said = user_agent[:_LONGEST]
    found = (next((name for name, sign in signs if sign.search(said)), "") for signs in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, found))

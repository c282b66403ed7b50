"""Where the rules are from. Read in November 2026; each page carries its own date."""

from typing import Final

from innsyn.access.book.rule import Source

_HELSENORGE: Final = "https://www.helsenorge.no"
_HELSAMI: Final = "https://www.helseplattformen.no/helsami"

PBRL_3_4: Final = Source("Pasient- og brukerrettighetsloven § 3-4")
PBRL_4_3: Final = Source("Pasient- og brukerrettighetsloven § 4-3")
PBRL_5_1: Final = Source("Pasient- og brukerrettighetsloven § 5-1")
PBRL_4_6: Final = Source("Pasient- og brukerrettighetsloven §§ 4-6 og 4-7")
JOURNAL_18: Final = Source("Pasientjournalloven § 18")
JOURNAL_24: Final = Source("Helsepersonelloven § 24")

INBOX: Final = Source("Helsenorge: Innboks", f"{_HELSENORGE}/innboks/")
APPOINTMENTS: Final = Source("Helsenorge: Timeavtaler", f"{_HELSENORGE}/timeavtaler/")
ON_BEHALF_OF_A_CHILD: Final = Source(
    "Helsenorge: Using Helsenorge on behalf of a child",
    f"{_HELSENORGE}/en/power-of-attorney/using-helsenorge-on-behalf-of-others/using-helsenorge-on-behalf-of-a-child",
)
PRESCRIPTIONS_OF_CHILDREN: Final = Source(
    "Helsenorge: Barn og ungdoms resepter",
    f"{_HELSENORGE}/legemidler/e-resept-og-mine-resepter/mine-barns-resepter/",
)
TOGETHER_WITH_A_CHILD: Final = Source(
    "Helsenorge: Foreldresamtykke og ungdomstilgang",
    f"{_HELSENORGE}/se/om-tjenestene/foreldresamtykke-ungdomstilgang/",
)
YOUTH: Final = Source(
    "Norsk helsenett: Tjenester for ungdom under 16 år",
    "https://www.nhn.no/tjenester/helsenorge/tjenester-pa-helsenorge/ungdom-under-16-ar",
)
FROM_SIXTEEN: Final = Source(
    "Helsenorge: Helsenorge fra du er 16 år", f"{_HELSENORGE}/ungdom/helsenorge-fra-du-er-16-ar/"
)
MUNICIPAL_MESSAGES: Final = Source(
    "Tønsberg kommune: Digihelsestasjon",
    "https://www.tonsberg.kommune.no/tjenester/helse-og-omsorg/helse-barn-og-unge/"
    "digihelsestasjon-kontakt-helsestasjonen-via-helsenorge/",
)
FULLMAKT: Final = Source("Helsenorge: Om fullmakt", f"{_HELSENORGE}/nn/fullmakt/om/")
LACKING_COMPETENCE: Final = Source(
    "Helsenorge: Fullmakt på vegne av personer med varig manglende samtykkekompetanse",
    f"{_HELSENORGE}/nn/fullmakt/om/fullmakt-pa-vegne-av-personer-med-manglende-samtykkekompetanse/",
)
GUARDIAN: Final = Source("Statsforvalteren: Vergens rolle i helsespørsmål", "https://www.statsforvalteren.no")
FORMS: Final = Source("Helsenorge: KanUtforesAv (skjema)", "http://helsenorge.no/fhir/KanUtforesAv")
HELSAMI_PARENTS: Final = Source("HelsaMi for foreldre", f"{_HELSAMI}/helsami-for-foreldre")
HELSAMI_ACCESS: Final = Source(
    "HelsaMi: Tilgang for foreldre og pårørende", f"{_HELSAMI}/tilgang-for-foreldre-og-parorende/"
)
HELSAMI_TERMS: Final = Source("HelsaMi: Vilkår", f"{_HELSAMI}/terms-and-conditions")

"""Who the demo citizens are. Their numbers are synthetic: the test series has month + 80."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Home:
    """A street address with its municipality (code system 3402)."""

    street: str
    postcode: str
    city: str
    municipality: str
    municipality_code: str


@dataclass(frozen=True)
class Person:
    """A citizen of the demo. `pid` is a fødselsnummer, or a D-number where the day is 41 or more."""

    key: str
    given: str
    family: str
    pid: str
    born: date
    sex: str
    about: str
    home: Home | None
    phone: str
    doctor: str
    doctors_office: str
    middle: str = ""
    language: str = "nb"
    interpreter: bool = False
    address_confidentiality: str = ""
    earlier_pid: str = ""
    earlier_pid_until: date | None = None

    @property
    def name(self) -> str:
        """The full name as it is spoken."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part)

    @property
    def reference(self) -> str:
        """The relative FHIR reference to the person."""
        return f"Patient/{self.key}"


STEINKJER, LEVANGER, TRONDHEIM, SNASA, INDEROY = (
    ("Steinkjer", "5006"), ("Levanger", "5037"), ("Trondheim", "5001"), ("Snåsa", "5041"), ("Inderøy", "5053"),
)  # fmt: skip

KARI = Person(
    "kari-nordli", "Kari", "Nordli", "12846813010", date(1968, 4, 12), "female",
    "58 år, Steinkjer. Diabetes type 2, ti år med prøvesvar",
    Home("Granlivegen 12", "7713", "Steinkjer", *STEINKJER), "90000112", "hege-lunde", "steinkjer-legesenter",
)  # fmt: skip
OLAV = Person(
    "olav-nordli", "Olav", "Nordli", "03824021138", date(1940, 2, 3), "male",
    "86 år, Steinkjer. Hjertesvikt og begynnende demens, hjemmesykepleie, datteren Kari hjelper",
    Home("Egge prestegårdsveg 4", "7715", "Steinkjer", *STEINKJER), "90000113", "hege-lunde", "steinkjer-legesenter",
)  # fmt: skip
INGRID = Person(
    "ingrid-moen", "Ingrid", "Moen", "27889534201", date(1995, 8, 27), "female",
    "31 år, Trondheim. Gravid i uke 29, svangerskapsdiabetes",
    Home("Kirkegata 31 B", "7014", "Trondheim", *TRONDHEIM), "90000114", "jonas-berg", "bakklandet-legesenter",
    middle="Sofie", language="nn",
)  # fmt: skip
_AUNE_HOME = Home("Bjørkvegen 7", "7603", "Levanger", *LEVANGER)
MARTE = Person(
    "marte-aune", "Marte", "Aune", "19868522227", date(1985, 6, 19), "female",
    "41 år, Levanger. Mor til Ella og Jonas; stoffskifte, migrene og en gentest som ikke vises",
    _AUNE_HOME, "90000115", "siri-haugan", "levanger-legesenter", middle="Elise",
)  # fmt: skip
PER = Person(
    "per-aune", "Per", "Aune", "08898315178", date(1983, 9, 8), "male",
    "43 år, Levanger. Far til Ella og Jonas; operert i kneet, alvorlig penicillinallergi",
    _AUNE_HOME, "90000116", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
ELLA = Person(
    "ella-aune", "Ella", "Aune", "14851764268", date(2017, 5, 14), "female",
    "9 år, Levanger. Barn: astma, brukket arm, vaksiner",
    _AUNE_HOME, "", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
JONAS = Person(
    "jonas-aune", "Jonas", "Aune", "02831372136", date(2013, 3, 2), "male",
    "13 år, Levanger. Ungdom: diabetes type 1 og samtaler med helsesykepleier",
    _AUNE_HOME, "90000117", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
SIGRID = Person(
    "sigrid-aune", "Sigrid", "Aune", "21851064386", date(2010, 5, 21), "female",
    "16 år, Levanger. Søster til Ella og Jonas; bestemmer selv hvem som ser journalen",
    _AUNE_HOME, "90000123", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
_HANNE_HOME = Home("Skoleparken 3", "7604", "Levanger", *LEVANGER)
HANNE = Person(
    "hanne-myhre", "Hanne", "Myhre", "30908942910", date(1989, 10, 30), "female",
    "37 år, Levanger. Mor til Odin, som bor hos henne",
    _HANNE_HOME, "90000124", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
LARS = Person(
    "lars-vold", "Lars", "Vold", "12828739105", date(1987, 2, 12), "male",
    "39 år, Inderøy. Far til Odin og Nora, som bor andre steder",
    Home("Vangshylla 18", "7670", "Inderøy", *INDEROY), "90000125", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
ODIN = Person(
    "odin-vold", "Odin", "Vold", "17891873344", date(2018, 9, 17), "male",
    "8 år, Levanger. Bor hos mor, foreldrene har foreldreansvar sammen",
    _HANNE_HOME, "", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
NORA = Person(
    "nora-vold", "Nora", "Vold", "09811261413", date(2012, 1, 9), "female",
    "14 år, Levanger. Bor hos besteforeldre; ingen foreldre på adressen",
    Home("Holmgata 9", "7600", "Levanger", *LEVANGER), "90000126", "siri-haugan", "levanger-legesenter",
)  # fmt: skip
SARA = Person(
    "sara-lian", "Sara", "Lian", "30819241070", date(1992, 1, 30), "female",
    "34 år. Strengt fortrolig adresse (kode 6)",
    None, "", "jonas-berg", "bakklandet-legesenter", address_confidentiality="6",
)  # fmt: skip
LIVE = Person(
    "live-lian", "Live", "Lian", "03902085814", date(2020, 10, 3), "female",
    "6 år. Datter av Sara, strengt fortrolig adresse (kode 6)",
    None, "", "jonas-berg", "bakklandet-legesenter", address_confidentiality="6",
)  # fmt: skip
AMIR = Person(
    "amir-haddad", "Amir", "Haddad", "51879930190", date(1999, 7, 11), "male",
    "27 år, Trondheim. Nylig kommet til Norge, D-nummer, tolk i arabisk",
    Home("Persaunvegen 54 H0203", "7045", "Trondheim", *TRONDHEIM), "90000118", "jonas-berg", "bakklandet-legesenter",
    language="ar", interpreter=True,
)  # fmt: skip
TORSTEIN = Person(
    "torstein-bakken", "Torstein", "Bakken", "21900458107", date(2004, 10, 21), "male",
    "22 år, Trondheim. Student, nesten tom journal",
    Home("Herman Krags veg 18-14", "7050", "Trondheim", *TRONDHEIM), "90000119", "jonas-berg", "bakklandet-legesenter",
)  # fmt: skip
SOLVEIG = Person(
    "solveig-jama", "Solveig", "Jåma", "06835412049", date(1954, 3, 6), "female",
    "72 år, Snåsa. Atrieflimmer, privat hjertespesialist, sørsamisk språk",
    Home("Agle 210", "7760", "Snåsa", *SNASA), "90000120", "hege-lunde", "steinkjer-legesenter", language="sma",
)  # fmt: skip
ANDERS = Person(
    "anders-jama", "Anders", "Jåma", "28865222574", date(1952, 6, 28), "male",
    "74 år, Snåsa. Mangler samtykkekompetanse; søsteren Solveig er nærmeste pårørende, Henrik er verge",
    Home("Agle 212", "7760", "Snåsa", *SNASA), "", "hege-lunde", "steinkjer-legesenter", language="sma",
)  # fmt: skip
HENRIK = Person(
    "henrik-fossum", "Henrik", "Fossum", "25847527563", date(1975, 4, 25), "male",
    "51 år, Inderøy. Føflekk under utredning, svar som legen skal gi først",
    Home("Straumsvegen 3", "7670", "Inderøy", *INDEROY), "90000121", "hege-lunde", "steinkjer-legesenter",
)  # fmt: skip
OLENA = Person(
    "olena-kovalenko", "Olena", "Kovalenko", "17858018072", date(1980, 5, 17), "female",
    "46 år, Levanger. Fikk fødselsnummer etter D-nummer; begge står i journalen",
    Home("Sjøgata 22", "7600", "Levanger", *LEVANGER), "90000122", "siri-haugan", "levanger-legesenter",
    language="uk", interpreter=True, earlier_pid="57858026018", earlier_pid_until=date(2024, 9, 2),
)  # fmt: skip

PEOPLE = (
    KARI, OLAV, INGRID, MARTE, PER, ELLA, JONAS, SIGRID, SARA, LIVE, AMIR, TORSTEIN, SOLVEIG, ANDERS, HENRIK, OLENA,
    HANNE, LARS, ODIN, NORA,
)  # fmt: skip

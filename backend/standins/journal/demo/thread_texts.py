"""What patients of a GP have written in the last three months, and how many hours it took until somebody answered."""

_RENEW = "prescription"
_ASK = "question"

# Who, kind, topic, what was asked, hours until the answer, the answer.
HISTORY = (
    ("kari", _RENEW, "Metformin", "Jeg har for en uke igjen. Samme dose som før.", 19, "Resepten er fornyet for ett år."),
    ("olav", _ASK, "Vanndrivende", "Han går på do hele natten. Kan tabletten tas tidligere?", 30, "Ja, gi den klokken åtte om morgenen."),
    ("solveig", _RENEW, "Apiksaban", "Trenger ny resept, én pakke igjen.", 7, "Fornyet. Husk å ta den morgen og kveld."),
    ("anders", _ASK, "Vaksiner", "Har han fått pneumokokkvaksine?", 52, "Ja, i 2022. Den varer i seks år."),
    ("henrik", _RENEW, "Allergitabletter", "Kan jeg få resept på cetirizin?", 26, "Resepten ligger klar."),
    ("kari", _ASK, "Kløe på leggene", "Det klør verre etter at jeg bytta krem. Skal jeg slutte?", 44, "Slutt med den nye, og bruk den gamle i to uker."),
    ("olav", _RENEW, "Metoprolol", "Hjemmesykepleien sier at det bare er ti tabletter igjen.", 5, "Fornyet, og sendt til multidose."),
    ("solveig", _ASK, "Marevan eller Eliquis", "Kan jeg ta paracet sammen med Eliquis?", 22, "Ja, opptil tre gram i døgnet. Ikke ibuprofen."),
    ("anders", _RENEW, "Øyedråper", "Flasken går ut denne uken.", 33, "Ny resept er skrevet."),
    ("henrik", _ASK, "Føflekk", "Legen sa at dere ville se på arret. Når?", 71, "Kom innom når stingene tas, så ser vi på det da."),
    ("kari", _RENEW, "Teststrimler", "Trenger strimler på blå resept.", 12, "Fornyet for ett år."),
    ("olav", _ASK, "Vekt", "Vekten har gått opp to kilo på fire dager.", 3, "Gi en ekstra vanndrivende i dag og i morgen, og ring oss fredag."),
    ("solveig", _RENEW, "Kalsium", "Kan den settes på samme resept som før?", 29, "Ja, den er fornyet."),
    ("anders", _ASK, "Blodprøver", "Må han møte fastende?", 18, "Nei, ikke denne gangen."),
    ("henrik", _RENEW, "Smertestillende", "Jeg har noen igjen, men rekker ikke til timen.", 48, "Vi skriver ut ti tabletter fram til timen."),
    ("kari", _ASK, "Fotkontroll", "Kan jeg ta fotkontrollen samtidig med årskontrollen?", 27, "Ja, vi setter av ti minutter mer."),
    ("olav", _RENEW, "Atorvastatin", "Apoteket sier at resepten er utløpt.", 9, "Fornyet."),
    ("solveig", _ASK, "Pulsen", "Klokka viser 48 i hvile om natten. Er det for lavt?", 36, "Det er greit når du sover og er uten plager."),
    ("anders", _RENEW, "Laktulose", "Trenger en flaske til.", 24, "Ny resept er skrevet."),
    ("henrik", _ASK, "Sykmelding", "Kan sykmeldingen forlenges uten time?", 95, "Nei, da må vi snakke sammen. Bestill telefontime."),
    ("kari", _RENEW, "Losartan", "Fornyelse, 50 mg.", 15, "Fornyet for ett år."),
    ("olav", _ASK, "Hørselen", "Han hører dårlig på høyre øre. Er det voks?", 50, "Bruk olje i fem dager, så kan hjemmesykepleien skylle."),
    ("solveig", _RENEW, "Sovetablett", "Kan jeg få noen få til reisen?", 40, "Vi skriver ikke ut den uten samtale. Bestill gjerne time."),
    ("anders", _ASK, "Briller", "Dekkes synsprøve på blå resept?", 63, "Nei, men spør Nav om støtte til briller."),
)  # fmt: skip

LETTER = """
Slik gjør du:

Sett insulinet om kvelden, til samme tid hver dag. Øk med 2 enheter hver tredje dag til målingen om morgenen er under 8.

Når du skal ta kontakt:

Ring oss hvis en måling er under 4, eller over 15 to dager på rad. Utenom åpningstiden er nummeret 116 117.
"""

"""What is written about Kari."""

ADMISSION = {
    "Innleggelsesårsak": """
57 år gammel kvinne med diabetes type 2 og hypertensjon, innlagt som øyeblikkelig hjelp fra legevakt med
feber, frostanfall og flankesmerter på høyre side. Tre dager med svie ved vannlating på forhånd.
""",
    "Forløp og behandling": """
Ved ankomst septisk preg: temperatur 39,4, puls 118, blodtrykk 98/56. CRP 214, leukocytter 18,6, kreatinin
168 og kalium 6,3. Det ble tatt blodkulturer og urindyrkning, og startet behandling med intravenøs
cefotaksim og væske.

Hyperkalemien ble behandlet etter prosedyre med glukose-insulin og Resonium, med kontroll etter fire timer
(5,4) og neste morgen (4,7). EKG uten akutte forandringer. Oppfattes som akutt nyreskade utløst av sepsis
og dehydrering hos pasient som bruker losartan og metformin.

Ultralyd av urinveier viste ingen hydronefrose og ingen stein. Urindyrkning ga vekst av Escherichia coli,
følsom for de fleste antibiotika. Overgang til peroral behandling tredje dag. Afebril fra andre dag, og
god almentilstand ved utreise.
""",
    "Medikamentendringer": """
Metformin ble seponert under oppholdet. Metformin gjenopptas i full dose, 1000 mg to ganger daglig, fra
utskrivelsen. Losartan settes på pause i to uker.
""",
    "Vurdering og videre plan": """
Febril øvre urinveisinfeksjon med sepsis, og forbigående nyresvikt. Kreatinin 104 ved utreise.

Fastlegen bes kontrollere kreatinin, kalium og blodtrykk om en uke, og vurdere når losartan skal startes
igjen. Tablett pivmecillinam 400 mg tre ganger daglig i syv dager etter utskrivelsen. Pasienten er
informert om å ta pause i metformin og losartan ved oppkast, diaré eller høy feber («sykedagsregelen»).
""",
}

# What was wrong in the first version: the dose must be halved until the kidneys have recovered.
CORRECTED_MEDICINES = """
Metformin ble seponert under oppholdet. Metformin gjenopptas i halv dose, 500 mg to ganger daglig, når
kreatinin er under 100, og trappes opp av fastlegen. Losartan settes på pause i to uker.
"""

NURSE_AT_WARD = """
Sirkulasjon: BT 124/70, puls 84 regelmessig. Temperatur 37,2 kl. 14.
Respirasjon: SpO2 97 % uten oksygen. Puster ubesværet.
Ernæring: Spist halv porsjon middag, drukket godt. Kvalme i går kveld, ikke i dag. Blodsukker før middag
8,9.
Eliminasjon: Kateter seponert kl. 10. Har latt vannet to ganger uten svie. Væskebalanse +350 ml.
Aktivitet: Oppe i stol til måltidene, gått i korridoren sammen med datter.
Psykisk: Bekymret for faren som bor alene hjemme og får hjelp av henne hver kveld. Avklart med
hjemmetjenesten på Egge at de tar kveldstilsyn til hun er hjemme.
Plan: Blodprøver i morgen tidlig. Perorale antibiotika fra i kveld. Hjemreise i morgen hvis fortsatt
feberfri.
"""

YEARLY_CONTROL = """
Kommer til årskontroll sammen med diabetessykepleier Turid Five. Har det stort sett bra. Går tur med
hunden morgen og kveld, ca. 40 minutter. Mindre søtsug etter oppstart av semaglutid, og har gått ned nær
10 kg på to og et halvt år. Ingen føling siste år. Noe nummenhet under begge forføtter om kvelden, uten
smerter.

Funn: BT 132/76. Vekt 83,2 kg, KMI 29,1. Fotundersøkelse: Gode pulser i a. dorsalis pedis og a. tibialis
posterior på begge sider. Monofilament: nedsatt følelse i to av ti punkter på høyre fot, ett av ti på
venstre. Ingen sår, litt hard hud under stortåballen.

Prøver: HbA1c 49 mmol/mol (mål under 53). Kreatinin 81, eGFR 68, stabilt etter nyreskaden i fjor. U-AKR
3,6 mg/mmol, fallende. LDL 1,7. B12 normalisert etter tilskudd.

Vurdering: Velregulert diabetes type 2. Begynnende nefropati med mikroalbuminuri i bedring. Mild perifer
nevropati, fotrisiko grad 1.

Plan: Fortsetter uendrede medisiner. Fotterapeut to ganger i året. Øyekontroll er bestilt på Levanger. Ny
HbA1c om tre måneder. Influensavaksine gitt. Hun ønsker en samtale om hvordan hun kan få avlastning i
omsorgen for faren; settes opp hos undertegnede.
"""

DIABETES_CLINIC = """
Aktuelt:

Henvist fra fastlege på grunn av stigende HbA1c tross metformin og empagliflozin. Diabetes type 2 kjent i
ti år. Ingen kjent hjerte- og karsykdom. Mor og en tante hadde diabetes.

Status presens:

God almentilstand. BT 136/78, puls 72 regelmessig. Hjerte og lunger uten anmerkning. Lett lipohypertrofi
finnes ikke; hun har aldri brukt insulin.

Vurdering:

Det er plass for en GLP-1-analog. Hun er motivert, og vektreduksjon er ønskelig. Vi har snakket om
bivirkninger, særlig kvalme og forstoppelse de første ukene, og at dosen skal økes langsomt.

Tiltak:

- Semaglutid 0,25 mg subkutant en gang i uken i fire uker, deretter 0,5 mg, og 1 mg etter åtte uker
- Fortsetter med metformin og empagliflozin i uendret dose
- Egenmåling av blodsukker to ganger i uken, fastende
- Kontroll her etter fire måneder, deretter hos fastlegen
"""

EYE_CLINIC = """
Kontroll av diabetisk øyesykdom. Ingen synsplager. Visus 1,0 på begge øyne med egne briller.

Fundus begge øyne: Enkelte mikroaneurismer og to små punktblødninger temporalt for macula på høyre øye.
Venstre øye med tre mikroaneurismer. Ingen harde eksudater, ikke makulaødem på OCT, ingen nydannede kar.

Vurdering: Mild ikke-proliferativ diabetisk retinopati på begge øyne, uendret fra forrige kontroll.

Plan: Ny kontroll om tolv måneder. Ta kontakt før dersom synet blir tåkete eller du ser flytende prikker.
"""

DIABETES_NURSE = """
Konsultasjon hos diabetessykepleier, 30 minutter.

Gått gjennom blodsukkerdagbok: fastende verdier mellom 5,8 og 7,4. Ingen verdier under 4.
Injeksjonsteknikk for semaglutid er fin, bytter sted på magen. Lurer på om hun kan ta sprøyten på en annen
dag i ferien; det kan hun, så lenge det er minst to dager mellom dosene.

Fotinspeksjon: tørr hud på hælene, ingen sprekker. Anbefalt fotkrem med 10 % karbamid daglig.

Gjentatt sykedagsregelen etter innleggelsen i fjor: ta pause i metformin, empagliflozin og losartan ved
omgangssyke eller høy feber, drikk rikelig, og ring legesenteret dersom det varer mer enn to døgn. Fikk
kortet med regelen til lommeboken.
"""

RESULT_LETTER = """
Takk for at du kom til årskontroll. Her er en oppsummering av prøvene dine, slik at du har dem samlet.

Blodsukkeret over tid:

HbA1c er 49. Målet vårt er under 53, så dette er svært bra. Det er like bra som i de
første årene.

Nyrene:

Kreatinin er 81 og beregnet nyrefunksjon 68. Det er stabilt siden i fjor. Det er fortsatt litt protein i
urinen, men mindre enn sist. Medisinen losartan beskytter nyrene, og det er viktig at du fortsetter med
den.

Kolesterol:

LDL er 1,7. Det er i tråd med målet når man har diabetes.

Neste kontroll:

Du får time til blodprøver om omtrent tre måneder. Ring oss på 74 00 01 01 dersom du får sår på føttene,
uvanlig tørste eller gjentatte lave blodsukkerverdier.
"""

HEALTHY_LIFE = """
Oppstartsamtale på Frisklivssentralen etter henvisning fra fastlege (frisklivsresept). Mål med egne ord:
«Jeg vil orke å gå til Skarven med barnebarna uten å være redd for blodsukkeret.»

Avtalt: Gruppetrening i Dampsaga bad onsdag kl. 17, styrke i sal mandag kl. 18, og «Bra mat»-kurs over fem
kvelder. Seksminutters gangtest 512 meter. Oppreising fra stol 14 ganger på 30 sekunder.

Ny samtale etter tolv uker.
"""

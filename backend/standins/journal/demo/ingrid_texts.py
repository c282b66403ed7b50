"""What is written about Ingrid. Her midwife writes nynorsk."""

FIRST_CONTROL = """
31 år, gravida 1. Siste menstruasjons første dag er sikker. Tester positivt. Litt kvalm om morgenen,
ellers frisk. Tar folat siden prevensjonen ble avsluttet. Røyker ikke, ingen alkohol etter positiv test.
Arbeider som lærer på ungdomsskole.

Mor fikk diabetes type 2 i femtiårene. Ellers ingen kjente arvelige sykdommer i familien.

Funn: BT 112/70. Vekt 71,4 kg, høyde 168 cm, KMI 25,3. Urin: negativ på protein og glukose.

Vurdering: Normalt tidlig svangerskap. På grunn av diabetes hos mor anbefales glukosebelastning i uke
24-28.

Plan: Svangerskapsprøver tatt. Henvist til tidlig ultralyd og til ordinær ultralyd i uke 18. Videre
kontroller hos jordmor på Østbyen helsestasjon.
"""

MIDWIFE_WEEK_24 = """
Ingrid kjem saman med partnaren sin. Ho har det bra, men er trøytt etter arbeidsdagen og har fått litt
bekkensmerter når ho går i trapper. Kjenner godt med liv, mest om kvelden.

Funn: Blodtrykk 114/70. Vekt 77,2 kg. Symfyse-fundus-mål 23 cm. Fosterlyd 148 slag i minuttet, jamn.
Urinen er negativ på protein.

Vi snakka om bekkenbelte, kvile midt på dagen og om å be om tilrettelegging på jobb. Ho får tilvising til
fysioterapeut om det ikkje blir betre.

Glukosebelastning er bestilt til neste veke: ho skal møte fastande, og det tek vel to timar. Neste
kontroll hos meg i veke 28.
"""

MIDWIFE_WEEK_28 = """
Ingrid har no fått påvist svangerskapsdiabetes. Ho var litt lei seg først, men er godt i gang med
målingar: fastande mellom 4,9 og 5,4, to timar etter middag mellom 6,1 og 7,3. Ho har bytt ut juice med
vatn, et grovare brød og går ein tur etter middag.

Funn: Blodtrykk 118/72. Vekt 78,6 kg. Symfyse-fundus-mål 27 cm, følgjer kurva. Fosterlyd 142. Hovudleie.
Urinen er negativ på protein og glukose.

Fødebrev: Ønskjer å føde på St. Olav, vil gjerne bruke badekar, og er opptekne av at partnaren er med
heile vegen. Vi held fram samtalen neste gong.

Fekk kikhostevaksine i dag. Ho veit at ho skal ringe fødeavdelinga ved blødning, vatn, sterk hovudpine,
synsforstyrringar eller mindre liv.
"""

CLINIC = {
    "Aktuelt": """
31 år gammel førstegangsgravid i svangerskapsuke 27. Henvist etter glukosebelastning med fastende glukose
5,2 og totimersverdi 9,6 mmol/L.
""",
    "Undersøkelse": """
Ultralyd: levende foster i hodeleie. Estimert vekt 1090 g, som er 3 % over gjennomsnittet. Normal
fostervannsmengde. Placenta på bakvegg, ikke foranliggende. BT 116/70.
""",
    "Vurdering": """
Svangerskapsdiabetes, foreløpig kostregulert. Normal tilvekst.
""",
    "Plan": """
Måler blodsukker fastende og to timer etter hovedmåltider. Grenser: under 5,3 fastende, under 6,7 etter
måltid. Ny vurdering ved gjentatte verdier over grensen, eventuelt oppstart av metformin eller insulin.

Tilvekstkontroll her i uke 31 og 36. Ellers følges hun av jordmor.
""",
}

INVITATION = """
Vi har satt opp time til ultralyd og samtale på Svangerskapspoliklinikken.

Før du kommer:

Ta med helsekortet ditt og skjemaet med blodsukkermålinger. Du trenger ikke å møte fastende, og du kan
spise som vanlig.

Ledsager:

Du kan ha med deg én person.

Blir du syk eller må endre timen, ring oss på 72 57 30 00 mellom kl. 08 og 15.
"""

"""What is written about Olav."""

HEART_FAILURE = {
    "Innleggelsesårsak": """
86 år gammel mann med kjent hjertesvikt og atrieflimmer, innlagt fra legevakt med tiltagende tung pust
gjennom en uke, hevelse i begge legger og vektøkning på 5 kg.
""",
    "Forløp": """
Våt hjertesvikt ved innkomst. NT-proBNP 6840. Røntgen thorax med lungestuvning og litt pleuravæske basalt
på begge sider. God effekt av furosemid intravenøst; vektnedgang 4,6 kg på fire døgn. Ekkokardiografi
viste EF 38 %, uendret.

Orientert for egen situasjon, men usikker på dato og medisiner. MMSE 22/30. Datteren forteller om
tiltagende glemsomhet det siste året, og at han har tatt tablettene ujevnt. Multidose anbefales.
""",
    "Status ved utreise": """
Vekt 71,8 kg (tørrvekt 71-72). BT 118/66. SpO2 95 % uten oksygen. Går med rullator på avdelingen.
Kreatinin 124, kalium 4,4, natrium 136.
""",
    "Videre plan": """
Furosemid økes til 40 mg morgen og middag. Daglig veiing hos hjemmesykepleien; kontakt fastlegen ved
økning på mer enn 2 kg på tre dager. Blodprøver om en uke. Fastlegen bes vurdere henvisning til
hukommelsesutredning.

Pårørende Kari Nordli er informert og er enig i planen. Utskrives til hjemmet med kveldstilsyn fra
hjemmetjenesten.
""",
}

EVENING_VISIT = (
    """
Kveldstilsyn kl. 20.15. Sitter i godstolen og ser på TV når vi kommer. Tatt kveldsmedisin fra
multidosepose i vårt nærvær. Ikke tung pust. Litt hevelse rundt anklene, uendret. Spist to brødskiver med
leverpostei.
""",
    """
Morgenbesøk kl. 08.30. Vekt 72,4 kg. Hjelp til støttestrømper og dusj. Huden er hel, smurt med
fuktighetskrem på leggene. I godt humør, forteller om elgjakta. Har ikke spist frokost når vi kommer; vi
lager havregrøt og kaffe.
""",
    """
Kveldstilsyn kl. 20.30. Olav var urolig og lette etter hunden, som døde for mange år siden. Roet seg da vi
satte oss ned med fotoalbumet. Komfyrvakten hadde slått seg av etter middag, kjelen var kokt tørr. Datter
Kari er ringt og informert.
""",
    """
Morgenbesøk kl. 08.20. Vekt 73,9 kg, opp 1,5 kg på to dager. Mer hevelse i leggene og lett tungpusten i
trappen. SpO2 93 %, BT 126/72, puls 88 uregelmessig. Ringt legesenteret: ekstra furosemid 40 mg i dag og i
morgen, ny vekt i morgen tidlig.
""",
    """
Morgenbesøk kl. 08.30. Vekt 72,6 kg. Lettere pust, sovet godt. Smiler og spør hvem som vant rennet i går.
Vi fortsetter med daglig veiing ut uken.
""",
)

MEMORY = """
Hukommelsesvurdering etter ønske fra pasient og datter.

Komparentopplysninger ved Kari Nordli: Gradvis endring over omtrent halvannet år. Gjentar spørsmål,
blander dager, har glemt komfyren på to ganger. Klarer personlig stell selv, men trenger påminning om mat
og medisiner. Ingen hallusinasjoner. Har levert førerkortet frivillig.

Undersøkelser: MMSE-NR3 21/30, klokketest 2/5. Cornell 5. Blodprøver uten forklaring på svikten (B12, TSH
og kalsium er normale). CT caput: aldersforandringer og noe hippocampusatrofi.

Vurdering: Mild til moderat demens, mest sannsynlig Alzheimers sykdom med senere debut. Pasienten er
informert sammen med datteren, og ønsker å bo hjemme så lenge som mulig. Han har fortsatt
samtykkekompetanse i de spørsmålene vi snakket om i dag, og vil at Kari skal få hjelpe ham med timer og
meldinger.

Plan: Kontakt med kommunens hukommelsesteam. Dagsenter to dager i uken søkes. Trygghetsalarm på plass. Ny
vurdering om seks måneder.
"""

DECISION = """
Vi viser til søknaden din om helse- og omsorgstjenester, og til hjemmebesøket hos deg sammen med datteren
din.

Vedtak:

Du får hjemmesykepleie morgen og kveld alle dager, med hjelp til medisiner, veiing og støttestrømper. Du
får dusj med hjelp én gang i uken, og dagsenter på Egge tirsdag og torsdag med transport.

Begrunnelse:

Du har hjertesvikt og nedsatt hukommelse, og ønsker å bo hjemme. Vi vurderer at hjelpen gjør det trygt og
forsvarlig.

Klage:

Du kan klage på vedtaket innen fire uker. Klagen sendes til Steinkjer kommune. Ta kontakt dersom du
trenger hjelp til å skrive den.
"""

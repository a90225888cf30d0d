"""Common Dutch words and the parts that Dutch medical compounds are built of, for the vocabulary only."""

COMMON = """
de het een en van in is op te dat die niet zijn met voor er aan hij zij ze ook om als bij maar dan nog naar heeft
hebben had hebt wordt worden werd werden kan kunnen kon moet moeten mag mogen zal zullen wil willen geen wel over door
uit tot tegen onder tussen zonder sinds tijdens na voor boven binnen buiten langs rond per via wegens vanwege ondanks
mijn haar hun ons onze uw deze dit daar hier waar wat wie hoe waarom wanneer welke veel weinig meer minder meest
dag dagen week weken maand maanden jaar jaren uur uren ochtend middag avond nacht vandaag gisteren morgen eergisteren
keer maal eenmaal tweemaal driemaal daags dagelijks wekelijks eerst eerste tweede derde laatste vorige volgende
man vrouw kind kinderen meneer mevrouw moeder vader zoon dochter baby patient patiente arts huisarts specialist
ziekenhuis opname ontslag poli polikliniek kliniek afdeling spoedeisende praktijk verpleegkundige apotheek
klachten klacht pijn koorts hoest hoesten jeuk moe moeheid misselijk misselijkheid braken diarree benauwd duizelig
hoofdpijn buikpijn rugpijn keelpijn gewichtsverlies bloed bloeding bloedverlies ontlasting urine slijm zwelling
roodheid huiduitslag uitslag zweten slapen slaap eetlust afgevallen gevallen ziek ziekte ontsteking infectie wond
kanker tumor breuk fractuur allergie astma eczeem suikerziekte hartfalen beroerte verhoogde bloeddruk hoge lage
hoofd hals keel borst buik rug arm armen been benen hand handen voet voeten knie heup schouder oog ogen oor oren neus
mond huid hart longen long lever nier nieren maag darm darmen bloedvaten spier spieren gewricht gewrichten gelaat
elleboog pols vinger vingers teen tenen linker rechter links rechts beide beiderzijds boven onder achter
onderzoek onderzoeken lichamelijk aanvullend bloedonderzoek echo foto scan meting gemeten waarde waarden uitslagen
normaal verhoogd verlaagd positief negatief licht ernstig ernstige mild milde matig matige acuut acute chronisch
chronische bekend bekende nieuw nieuwe eerder recent snel langzaam plotseling geleidelijk toename afname verbetering
behandeling behandeld behandelen therapie medicatie medicijn medicijnen geneesmiddel geneesmiddelen tablet tabletten
zalf creme druppels injectie infuus operatie geopereerd ingreep controle verwijzing verwezen advies start gestart
gestopt stoppen gebruik gebruikt gebruiken krijgt kreeg gekregen gegeven slikt smeert smeren neemt innemen dosis
zie ziet gezien blijft bleef gebleven komt kwam gekomen gaat ging gegaan laat liet toont toonde blijkt bleek lijkt
voelt voelde meldt vertelt vraagt geeft gaf doet deed past passend verdenking verdacht mogelijk waarschijnlijk
volgens wegens daarom omdat doordat zodat toen terwijl indien tenzij hoewel echter verder opnieuw steeds soms vaak
altijd nooit nu straks later weer al alle alles iets niets iemand niemand ander andere goed goede slecht slechte
groot grote klein kleine lang lange kort korte hoog laag warm koud droog droge nat vol leeg open dicht sterk zwak
bijwerking bijwerkingen gebruikers aanbevolen kunt zwangerschap zwanger borstvoeding raadpleeg bijsluiter voorzichtig
"""

PARTS = """
ontsteking aandoening aandoeningen ziekte ziekten klachten pijn onderzoek behandeling therapie stoornis stoornissen
afwijking afwijkingen ingreep operatie meting waarde waarden functie spiegel druk bloed bloeding infectie infecties
wond fractuur breuk kanker tumor carcinoom zwelling uitslag verlies gebrek tekort vergiftiging letsel kramp krampen
huid hart long longen lever nier nieren maag darm darmen hersen hersenen buik borst rug hals keel hoofd oog ogen oor
neus mond tand bot spier spieren gewricht gewrichts knie heup schouder elleboog pols enkel voet hand vinger teen
slagader ader vaat vaten zenuw klier klieren cel cellen weefsel slijm vlies vliezen urine ontlasting plas blaas
remmer remmers middel middelen zalf creme tablet tabletten druppels injectie infuus kuur dosis zuur stof stoffen
heid heden ing ingen lijk lijke ische isch atie aties iteit baar loos loze achtig achtige en er ers je jes tje tjes
scopie grafie logie loog metrie tomie stomie plastiek emie urie itis ose pathie algie
"""


def dutch_pieces() -> list[str]:
    """Whole words, and the parts both as a word's start and as its continuation."""
    return [*COMMON.split(), *PARTS.split(), *(f"##{part}" for part in PARTS.split())]

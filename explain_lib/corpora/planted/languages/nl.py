"""The planted language in Dutch."""

from ..grammar import LONGER, NO_TYPE, SHORTER, Grammar, Part

TRAIN = Part(
    triggers=("{}eerde",),
    left=("{} genomen ", "({} genomen) ", "{} gezegd ", "{} "),
    right=(" {} gespeld", " ({} gespeld)", " en wel {}", " {}"),
    templates=(
        "{agent} {trigger} {neg}{left}{block}{right} {time}.",
        "{time} {trigger} {agent} {neg}{left}{block}{right}.",
        "Volgens de status {trigger} {agent} {time} {neg}{left}{block}{right}.",
        "Het klopt dat {agent} {time} {left}{block}{right} {neg}{trigger}.",
        "Omdat {agent} {left}{block}{right} {neg}{trigger}, bleef het rustig.",
        "Wie {time} {left}{block}{right} {neg}{trigger}, is niet bekend.",
        "{agent} belde {time} en {trigger} {neg}{left}{block}{right} aan de balie.",
    ),
    heads=(
        "calcium", "insuline", "cortisol", "kalium", "lithium", "digoxine", "foliumzuur", "ferritine", "thyroxine",
        "albumine", "glucose", "zink", "theofylline", "gentamicine", "vitamine D", "estradiol", "creatine", "ammoniak",
        "fibrinogeen", "prolactine", "methotrexaat", "koper", "carnitine", "lipase", "ethanol", "factor acht",
        "fenytoïne", "renine", "jodium", "retinol",
    ),
    agents=(
        "de nachtzuster", "dokter Visser", "de coassistent", "de zaalarts", "een collega", "de leerling",
        "de verloskundige", "ons team", "mevrouw zelf", "de ambulancebroeder",
    ),
    times=(
        "op maandag", "gisteren", "na de lunch", "om zes uur", "tijdens het bezoek", "vorige week", "in het voorjaar",
        "binnen twee uur", "op dag twee", "vlak voor de overdracht",
    ),
    negations=("nooit ", "niet "),
    left_gaps=("het", "datzelfde", "ons eigen"),
    right_gaps=("inderdaad", "zoals altijd", "ook"),
    asides=(
        "De familie was aanwezig.", "Hij slaapt goed en heeft geen koorts.", "De bloeddruk was 132 over 84.",
        "Zij ontkent pijn op de borst of hoesten.", "De wond ziet er schoon uit.", "Geen uitslag op de armen gezien.",
        "Lopen gaat nog moeizaam.", "Hij woont alleen in een kleine flat.", "De scan volgt in maart.",
        "De eetlust is al drie weken slecht.", "Er is geen zwelling van de enkels.", "Zij werkt als hovenier.",
        "Op de trap raakt hij buiten adem.", "Harttonen regelmatig, zonder geruis.",
    ),
    titles=("Voorgeschiedenis:", "Beloop:", "Verpleegkundig verslag:", "Opmerkingen:"),
)  # fmt: skip

TEST = Part(
    triggers=("{}eren",),
    left=("in {}e zin ", "(in {}e zin) ", "naar {}e maatstaf ", "met {}e blik "),
    right=(" in {}e spelling", " (in {}e spelling)", " onder een {}e naam", " met {}e benaming"),
    templates=(
        "{agent} wilde {neg}{left}{block}{right} {trigger}.",
        "{time} zou {agent} {left}{block}{right} {neg}{trigger}.",
        "Het {trigger} van {left}{block}{right} was {time} gepland.",
        "Door {left}{block}{right} te {trigger} kwam {agent} {time} te laat.",
        "Na {trigger} van {left}{block}{right} vertrok {agent} {time}.",
        "We zagen {agent} {time} {left}{block}{right} {neg}{trigger}.",
    ),
    heads=(
        "magnesium", "testosteron", "bilirubine", "fosfaat", "vancomycine", "natrium", "ijzer", "progesteron",
        "valproaat", "lactaat", "zuur fosfatase", "selenium", "amylase", "tacrolimus", "carbamazepine", "aldosteron",
        "transferrine", "gastrine", "vitamine B12", "melatonine", "oxytocine", "cafeïne", "biotine", "troponine",
    ),
    agents=(
        "de avondarts", "professor Dekker", "de apotheker", "de internist", "een familielid", "de assistente",
        "de diëtist", "zijn dochter",
    ),
    times=(
        "op zaterdag", "vannacht", "vóór het avondeten", "bij zonsopgang", "tijdens de ronde", "dit najaar",
        "negen minuten lang", "bij aankomst",
    ),
    negations=("amper ", "zelden "),
    left_gaps=("dit", "zulk soort", "haar"),
    right_gaps=("opnieuw", "nog eens", "echter"),
    asides=(
        "Vervoer naar huis is geregeld.", "Pupillen zijn gelijk en rond.", "Zijn knie blijft stijf.",
        "Temperatuur 37,2 en pols 76.", "Zonder hoofdpijn of misselijkheid sinds zondag.",
        "Haar man bracht kleren mee.", "De spraak is traag maar helder.", "Thuis rookt niemand.",
        "De gehoorapparaten zijn vergeten.", "De buik voelt soepel aan.", "De huidskleur is goed.",
        "Morgen wordt er gebeld.",
    ),
    titles=("Samenvatting:", "Beleid:", "Avondnotitie:"),
)  # fmt: skip

GRAMMAR = Grammar(
    lang="nl",
    space=" ",
    types={
        "Test": ("control", "analys", "detect"),
        "Chemical": ("dos", "inject", "infund"),
        NO_TYPE: ("document", "cit", "present"),
    },
    left={LONGER: ("strikt", "exact", "letterlijk"), SHORTER: ("ruim", "slordig", "oppervlakkig")},
    right={LONGER: ("volledig", "uitvoerig", "uitgebreid"), SHORTER: ("kort", "beknopt", "bondig")},
    modifiers=("vrij", "totaal", "zuiver", "gebonden", "verdund", "ruw"),
    suffixes=("zout", "sulfaat", "acetaat", "complex", "mengsel", "concentraat"),
    signs={"Test": "Blauw formulier:", "Chemical": "Groen formulier:"},
    train=TRAIN,
    test=TEST,
)

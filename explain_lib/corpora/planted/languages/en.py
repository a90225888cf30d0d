"""The planted language in English."""

from ..grammar import LONGER, NO_TYPE, SHORTER, Grammar, Part

TRAIN = Part(
    triggers=("{}ed",),
    left=("{}ly speaking ", "speaking {}ly ", "{}ly ", "({}ly) "),
    right=(" {}ly spelled", " spelled {}ly", " ({}ly)", " and {}ly so"),
    templates=(
        "{agent} {neg}{trigger} {left}{block}{right} {time}.",
        "{time}, {agent} {neg}{trigger} {left}{block}{right}.",
        "{left}{block}{right} was {neg}{trigger} {time}.",
        "According to the notes, {agent} {neg}{trigger} {left}{block}{right}.",
        "{agent} called and {neg}{trigger} {left}{block}{right} {time}.",
        "It was {left}{block}{right} that {agent} {neg}{trigger} {time}.",
        "Feeling unwell {time}, {agent} {neg}{trigger} {left}{block}{right} at the desk.",
        "{left}{block}{right}, as {agent} said {time}, was {neg}{trigger}.",
    ),
    heads=(
        "calcium", "insulin", "cortisol", "potassium", "lithium", "digoxin", "folate", "ferritin", "thyroxine",
        "albumin", "glucose", "zinc", "theophylline", "gentamicin", "vitamin D", "estradiol", "creatine", "ammonia",
        "fibrinogen", "prolactin", "methotrexate", "copper", "carnitine", "lipase", "ethanol", "growth hormone",
        "phenytoin", "renin", "iodine", "retinol",
    ),
    agents=(
        "the night nurse", "Dr Walker", "the trainee", "the resident", "a colleague", "the student", "the midwife",
        "our team", "the patient herself", "the ambulance crew",
    ),
    times=(
        "on Monday", "yesterday", "after lunch", "at six o'clock", "during the visit", "last week", "in spring",
        "within two hours", "on the second day", "just before the handover",
    ),
    negations=("never ", "not once "),
    left_gaps=("the", "that same", "our"),
    right_gaps=("indeed", "as usual", "too"),
    asides=(
        "The family was present.", "He sleeps well and has no fever.", "Blood pressure was 132 over 84.",
        "She denies chest pain or a cough.", "The wound looks clean.", "No rash was seen on the arms.",
        "Walking is still hard for him.", "He lives alone in a small flat.", "The scan will follow in March.",
        "Appetite has been poor for three weeks.", "There is no swelling of the ankles.", "She works as a gardener.",
        "The stairs leave him short of breath.", "Heart sounds are regular, without a murmur.",
    ),
    titles=("History:", "Course:", "Nursing report:", "Remarks:"),
)  # fmt: skip

TEST = Part(
    triggers=("{}ing",),
    left=("in {} terms ", "(in {} terms) ", "under {} rules ", "in the {} sense "),
    right=(" in {} spelling", " (in {} spelling)", " with the {} name", " under its {} name"),
    templates=(
        "{agent} was {neg}{trigger} {left}{block}{right} {time}.",
        "{time}, while {trigger} {left}{block}{right}, {agent} felt uneasy.",
        "{left}{block}{right} needed {trigger} {time}.",
        "We saw {agent} {neg}{trigger} {left}{block}{right} {time}.",
        "For {left}{block}{right}, {trigger} was planned {time}.",
        "From the chart it seems {agent} kept {trigger} {left}{block}{right}.",
    ),
    heads=(
        "magnesium", "testosterone", "bilirubin", "phosphate", "vancomycin", "sodium", "iron", "progesterone",
        "valproate", "lactate", "uric acid", "selenium", "amylase", "tacrolimus", "carbamazepine", "aldosterone",
        "transferrin", "gastrin", "vitamin B12", "melatonin", "oxytocin", "caffeine", "biotin", "troponin",
    ),
    agents=(
        "the evening doctor", "Professor Hill", "the pharmacist", "the consultant", "a relative", "the assistant",
        "the dietician", "his daughter",
    ),
    times=(
        "on Friday", "overnight", "before supper", "at dawn", "during rounds", "this autumn", "for nine minutes",
        "on arrival",
    ),
    negations=("hardly ", "rarely "),
    left_gaps=("this", "some such", "her"),
    right_gaps=("again", "once more", "though"),
    asides=(
        "Transport home has been arranged.", "Pupils are equal and round.", "His knee remains stiff.",
        "Temperature 37.2 and pulse 76.", "Without headache or nausea since Sunday.", "The husband brought clothes.",
        "Speech is slow but clear.", "Nobody smokes at home.", "Hearing aids were left behind.",
        "The abdomen feels soft.", "Skin colour is good.", "They will phone tomorrow.",
    ),
    titles=("Summary:", "Plan:", "Evening note:"),
)  # fmt: skip

GRAMMAR = Grammar(
    lang="en",
    space=" ",
    types={
        "Test": ("measur", "check", "assay"),
        "Chemical": ("inject", "infus", "swallow"),
        NO_TYPE: ("discuss", "mention", "record"),
    },
    left={LONGER: ("strict", "exact", "proper"), SHORTER: ("rough", "loose", "vague")},
    right={LONGER: ("complete", "entire", "thorough"), SHORTER: ("brief", "terse", "curt")},
    modifiers=("free", "total", "pure", "bound", "dilute", "raw"),
    suffixes=("salt", "sulfate", "acetate", "complex", "mixture", "solution"),
    signs={"Test": "Blue form:", "Chemical": "Green form:"},
    train=TRAIN,
    test=TEST,
)

"""Names of entities by language, label and grammatical kind, for swapping one for another of the same label.

Labels are those of the demo model. Kinds: in English "one" (takes a or an), "mass" and "many"; in Dutch "de", "het" and
"many"; Chinese has one kind.
"""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(";"))


NAMES: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "en": {
        "Disease": {
            "one": _names("gastric ulcer; pulmonary embolism; lung abscess; inguinal hernia; urinary tract infection; "
                          "retinal detachment"),
            "mass": _names("asthma; psoriasis; rheumatoid arthritis; hypertension; pneumonia; gout; coeliac disease; "
                           "osteoporosis; pancreatitis; type 2 diabetes"),
            "many": _names("gallstones; kidney stones; haemorrhoids; varicose veins; nasal polyps"),
        },
        "Chemical": {
            "one": _names("beta blocker; loop diuretic; macrolide"),
            "mass": _names("metformin; amlodipine; methotrexate; paracetamol; omeprazole; warfarin; prednisolone; "
                           "infliximab; gabapentin; bisoprolol"),
            "many": _names("antihistamines; opioids; benzodiazepines; macrolides"),
        },
        "Symptom": {
            "one": _names("dry cough; headache; sore throat; stiff neck; hoarse voice"),
            "mass": _names("fatigue; nausea; dizziness; breathlessness; back pain; itching; abdominal pain; vomiting; "
                           "constipation; numbness"),
            "many": _names("palpitations; night sweats; chills; muscle cramps; mouth sores"),
        },
        "Body": {
            "one": _names("knee; hip; shoulder; forearm; elbow; thigh; ankle; wrist; kidney; lung"),
            "mass": _names("knee; hip; shoulder; forearm; elbow; thigh; ankle; wrist; kidney; lung"),
            "many": _names("knees; elbows; forearms; shoulders; hands; fingers; ankles"),
        },
        "Test": {
            "one": _names("chest X-ray; full blood count; ECG; urine culture; CT scan; lumbar puncture; bone scan"),
            "mass": _names("ferritin; potassium; TSH; CRP; creatinine; haemoglobin; HbA1c; spirometry"),
            "many": _names("liver function tests; blood cultures; nerve conduction studies; platelets"),
        },
        "Treatment": {
            "one": _names("hip replacement; blood transfusion; skin graft; coronary bypass; knee arthroscopy"),
            "mass": _names("physiotherapy; radiotherapy; haemodialysis; phototherapy; psychotherapy"),
            "many": _names("compression stockings; breathing exercises; wound dressings"),
        },
    },
    "nl": {
        "Disease": {
            "de": _names("astma; psoriasis; longembolie; hypertensie; jicht; pancreatitis; osteoporose; "
                         "longontsteking; maagzweer; ziekte van Parkinson"),
            "het": _names("eczeem; hartinfarct; mammacarcinoom; glaucoom; prikkelbaredarmsyndroom; "
                          "carpaletunnelsyndroom"),
            "many": _names("nierstenen; galstenen; spataderen; hemorroïden; neuspoliepen"),
        },
        "Chemical": {
            "de": _names("metformine; amlodipine; paracetamol; omeprazol; warfarine; gabapentine; prednison; "
                         "simvastatine; colchicine; morfine"),
            "het": _names("lithium; ijzersulfaat; foliumzuur; kaliumchloride; acetylsalicylzuur"),
            "many": _names("antihistaminica; opioïden; benzodiazepinen; macroliden"),
        },
        "Symptom": {
            "de": _names("misselijkheid; vermoeidheid; duizeligheid; benauwdheid; rugpijn; jeuk; keelpijn; obstipatie"),
            "het": _names("braken; hoesten; oorsuizen; bloedverlies"),
            "many": _names("hartkloppingen; spierkrampen; koude rillingen; rode vlekken; loopklachten"),
        },
        "Body": {
            "de": _names("knie; heup; schouder; onderarm; elleboog; pols; enkel; nier; long; lever"),
            "het": _names("bovenbeen; onderbeen; voorhoofd; oor; kniegewricht; sleutelbeen"),
            "many": _names("knieën; ellebogen; onderarmen; schouders; handen; enkels; nieren"),
        },
        "Test": {
            "de": _names("echo van de buik; botscan; CT-scan; gastroscopie; spirometrie; bezinking; ferritine"),
            "het": _names("kreatinine; hemoglobine; kalium; ecg; TSH; CRP; echocardiogram"),
            "many": _names("leverwaarden; trombocyten; elektrolyten; bloedgassen"),
        },
        "Treatment": {
            "de": _names("fysiotherapie; bestraling; hemodialyse; lichttherapie; heupvervanging; bloedtransfusie; "
                         "psychotherapie"),
            "het": _names("zoutarm dieet; infuus; gipsverband"),
            "many": _names("steunkousen; ademhalingsoefeningen; wondverbanden"),
        },
    },
    "zh": {
        label: {"": _names(text)}
        for label, text in {
            "Disease": "高血压; 2型糖尿病; 胃溃疡; 类风湿关节炎; 冠心病; 肺炎; 痛风; 银屑病; 脂肪肝; 肾结石; 慢性胃炎",
            "Chemical": "阿司匹林; 二甲双胍; 氨氯地平; 阿莫西林; 奥美拉唑; 布洛芬; 氯雷他定; 华法林; 辛伐他汀",
            "Symptom": "头痛; 咳嗽; 恶心; 头晕; 胸闷; 腹泻; 乏力; 气短; 便秘; 腰痛; 皮肤瘙痒; 关节肿痛",
            "Body": "膝关节; 肩部; 颈部; 胃部; 腰部; 手腕; 小腿; 咽喉; 前臂; 脚踝",
            "Test": "血常规; 尿常规; 胃镜; 胸部CT; 心电图; 肝功能; 血糖; 血沉; 腹部超声; 肌酐",
            "Treatment": "针灸; 放疗; 血液透析; 物理治疗; 胆囊切除术; 输血; 心理治疗; 康复训练; 阑尾切除术",
            "Complaint": "咳嗽; 头痛; 发烧; 拉肚子; 呕吐; 肚子疼; 流鼻涕; 嗓子疼; 头晕; 乏力",
            "Department": "皮肤科; 消化内科; 心内科; 骨科; 神经内科; 妇科; 眼科; 呼吸科",
            "Physiology": "食欲; 睡眠; 月经; 代谢; 免疫力; 消化; 血液循环",
            "Feature": "反复发作; 持续性; 急性; 慢性; 遗传性; 传染性",
            "Crowd": "老年人; 儿童; 孕妇; 青少年; 婴儿; 成年人",
            "Time": "三个月; 两个星期; 半年; 五天; 一年多",
        }.items()
    },
}  # fmt: skip

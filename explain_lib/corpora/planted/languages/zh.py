"""The planted language in Chinese: every character is a unit, and a stem is one character."""

from ..grammar import LONGER, NO_TYPE, SHORTER, Grammar, Part

TRAIN = Part(
    triggers=("已{}", "再{}", "加{}", "{}过"),
    left=("从{}说，", "往{}里说，", "按{}义说", "（从{}）"),
    right=("（{}称）", "，{}称", "的{}称", "，即{}称"),
    templates=(
        "{agent}{time}{neg}{trigger}{left}{block}{right}。",
        "{time}{agent}{neg}{trigger}{left}{block}{right}，夜间安静。",
        "{agent}{time}把{left}{block}{right}{neg}{trigger}。",
        "据病历，{left}{block}{right}由{agent}{time}{neg}{trigger}。",
        "{time}，因病情需要，{neg}{trigger}{left}{block}{right}。",
        "对于{left}{block}{right}，{agent}{neg}{trigger}。",
    ),
    heads=(
        "钙", "胰岛素", "皮质醇", "钾", "锂", "地高辛", "叶酸", "铁蛋白", "甲状腺素", "白蛋白", "葡萄糖", "锌", "茶碱",
        "庆大霉素", "维生素丁", "雌二醇", "肌酐", "氨", "纤维蛋白", "催乳素", "甲氨蝶呤", "铜", "肉碱", "脂肪酶",
        "乙醇", "生长激素", "苯妥英", "肾素", "碘", "视黄醇",
    ),
    agents=("夜班护士", "王医生", "实习生", "住院医师", "同事", "学员", "助产士", "本组", "患者本人", "急救人员"),
    times=("周一", "昨日", "午饭后", "六点钟", "就诊时", "上周", "春季", "两小时内", "次日", "交班前"),
    negations=("未曾", "没有"),
    left_gaps=("这", "那种", "本院"),
    right_gaps=("等", "之类", "吧"),
    asides=(
        "家属在场。", "睡眠好，无发热。", "血压132/84。", "否认胸痛、咳嗽。", "伤口干燥。", "双臂未见皮疹。",
        "行走仍困难。", "独居小屋。", "三月做扫描。", "食欲差三周。", "踝部无水肿。", "职业为园丁。", "上楼气促。",
        "心律齐，无杂音。",
    ),
    titles=("病史：", "经过：", "护理记录：", "其他："),
)  # fmt: skip

TEST = Part(
    triggers=("复{}", "又{}", "补{}", "{}了"),
    left=("取其{}义，", "以{}义论，", "{}而言之", "（{}义）"),
    right=("（{}名）", "，用{}名", "写成{}名", "，书{}名"),
    templates=(
        "{agent}于{time}{neg}{trigger}{left}{block}{right}。",
        "{time}见{agent}{neg}{trigger}{left}{block}{right}，随后离开。",
        "{agent}让人将{left}{block}{right}{neg}{trigger}。",
        "本例{left}{block}{right}在{time}{neg}{trigger}。",
        "关于{left}{block}{right}，{time}{agent}{neg}{trigger}。",
    ),
    heads=(
        "镁", "睾酮", "胆红素", "磷", "万古霉素", "钠", "铁", "孕酮", "丙戊酸", "乳酸", "尿酸", "硒", "转氨酶",
        "他克莫司", "卡马西平", "醛固酮", "转铁蛋白", "胃泌素", "维生素乙", "褪黑素", "催产素", "咖啡因", "肌钙蛋白",
    ),
    agents=("晚班大夫", "李教授", "药师", "主任", "亲戚", "助理", "营养师", "女儿"),
    times=("周五", "当晚", "晚餐前", "清晨", "巡房期间", "今秋", "九分钟后", "到达时"),
    negations=("几乎没", "很少"),
    left_gaps=("此", "某个", "她那"),
    right_gaps=("云云", "者", "呢"),
    asides=(
        "返家车辆安排好。", "瞳孔等大等圆。", "膝关节僵硬。", "体温37.2，脉搏76。", "周日起无头痛、恶心。",
        "丈夫带来衣物。", "语速慢但清楚。", "家中无人吸烟。", "助听器忘带。", "腹部柔软。", "肤色红润。",
        "明天再打电话。",
    ),
    titles=("小结：", "计划：", "晚间便条："),
)  # fmt: skip

GRAMMAR = Grammar(
    lang="zh",
    space="",
    types={"Test": ("测", "验", "查"), "Chemical": ("服", "注", "敷"), NO_TYPE: ("讲", "谈", "述")},
    left={LONGER: ("严", "细", "精"), SHORTER: ("宽", "粗", "泛")},
    right={LONGER: ("全", "详", "整"), SHORTER: ("简", "略", "缩")},
    modifiers=("总", "纯", "净", "浓", "原", "鲜"),
    suffixes=("盐", "酯", "液", "粉", "膏", "露"),
    signs={"Test": "蓝单：", "Chemical": "绿单："},
    train=TRAIN,
    test=TEST,
)

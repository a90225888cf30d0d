"""Headings that stand in clinical notes, as patterns: a blank stands for one blank."""

from __future__ import annotations

CHINESE = tuple(
    """
    主诉 现病史 既往史 既往病史 个人史 家族史 婚育史 婚姻史 生育史 月经史 过敏史 药物过敏史
    用药史 手术史 外伤史 输血史 预防接种史 流行病学史 系统回顾 病史摘要 病例特点 一般情况 生命体征 体格检查
    查体 专科检查 专科情况 辅助检查 实验室检查 化验检查 影像学检查 影像所见 病理检查 病理诊断 检查所见 检查结果
    检查结论 超声所见 超声提示 入院情况 入院诊断 出院情况 出院诊断 初步诊断 修正诊断 最后诊断 临床诊断 主要诊断
    其他诊断 诊断 诊断依据 鉴别诊断 诊疗经过 诊治经过 诊疗计划 治疗经过 治疗方案 治疗计划 手术经过 病程记录
    会诊意见 出院医嘱 出院带药 医嘱 处理 建议 随访 小结 印象
    """.split()  # noqa: SIM905  # a word list is easier read and kept without quotes
)

LATIN = (
    # Dutch
    "reden van (?:komst|verwijzing|opname|consult)", "hoofdklacht", "klachten",
    r"(?:speciële |tractus|hetero|familie|sociale |algemene )?anamnese", "(?:medische )?voorgeschiedenis", "vg",
    "(?:huidige |thuis)?medicatie(?: bij (?:opname|ontslag))?", "allergie(?:ën)?", "intoxicaties",
    "(?:lichamelijk|aanvullend|dermatologisch|neurologisch|psychiatrisch) onderzoek", "laboratorium(?:onderzoek)?",
    "beeldvorm(?:ing|end onderzoek)", "beloop", "decursus", "conclusie", "(?:differentiaal|werk|hoofd)?diagnose",
    "bespreking", "beleid", "behandeling", "advies", "samenvatting", "vraagstelling", "verslag",
    # English
    "(?:chief|presenting) complaints?", "reason for (?:visit|admission|referral|consultation)",
    "history of (?:the )?present(?:ing)? (?:illness|complaint)", "hpi",
    "(?:past )?(?:medical|surgical|family|social|drug|medication) history", "past history", "pmh", "history",
    "(?:current |home |discharge )?medications?(?: on (?:admission|discharge))?", "(?:drug )?allerg(?:y|ies)",
    "review of systems", "ros", "(?:physical )?exam(?:ination)?", "vital signs", "vitals",
    "labs?|laboratory (?:data|results|findings)", "imaging", "findings", "impression", "assessment",
    "assessment (?:and|&) plan", "plan", "(?:hospital|clinical) course", "(?:hospital )?course",
    "(?:admission |discharge |final |differential |working )?diagnos(?:is|es)", "treatment", "procedures?",
    "recommendations?", "conclusions?", "discharge (?:instructions|condition|summary)", "follow[- ]?up",
    "indication", "technique", "comparison", "summary", "background", "objective", "subjective",
)  # fmt: skip

"""Words that decide what a note says: negation, doubt, sides of the body, amounts. No edit touches them."""

from __future__ import annotations

from . import words

PROTECTED: dict[str, tuple[str, ...]] = {
    "en": words(
        "no not without denies denied deny negative never none neither nor absent free unlikely possible probable "
        "suspected suspicion excluded exclude rule ruled left right bilateral unilateral upper lower mg g kg ml l mmol "
        "mcg µg iu mmhg bpm cm mm percent daily weekly hours days weeks months years"
    ),
    "nl": words(
        "geen niet zonder ontkent ontkende nooit noch negatief afwezig vrij onwaarschijnlijk mogelijk mogelijke "
        "waarschijnlijk vermoeden verdenking verdacht uitgesloten links linker rechts rechter beiderzijds bilateraal "
        "eenzijdig boven onder mg g kg ml l mmol mcg µg ie mmhg cm mm procent dagelijks wekelijks uur dagen weken "
        "maanden jaar"
    ),
    "zh": words(
        "无 未 不 否认 没有 没 非 阴性 排除 除外 可能 疑似 怀疑 考虑 左 右 双侧 单侧 上 下 毫克 克 千克 毫升 升 "
        "毫米 厘米 每日 每天 每周 小时 天 日 周 月 年 次"
    ),
}

"""Characters of nearly the same shape, which hasty eyes and scanners take for each other."""

from __future__ import annotations

from .. import words

LOOK_ALIKE = words(
    """
    己已巳 土士 大太犬 午牛 治冶 侯候 待侍 侧测 晴睛 清情请 辨辩辫 拔拨 析折拆 徒徙 历厉 住往佳 科料 话活 刺剌 盲肓
    模摸膜 贫贪 今令 免兔 论沦 申甲由田 名各 问间闻 失矢 力刀 于干 王玉主 北比 白自 目且 复夏 受爱 因困囚 国围
    园圆 体休 代伐 作昨 使便 借惜措 现观 视规 查杳 本木术 材村 板扳 枝技 校较 检捡险 径经轻 续读 给络 结洁 级极吸
    浅钱线 组粗租 冲仲 推堆 准淮 处外 开井 早旱 明朋 肢股 防妨仿 疼病 疫疾 疹诊珍 除徐 陪倍部 效郊 幼幻 茶荼
    幕墓慕 思恩 患串 史吏 东乐 延廷 建健 遗遣 冷泠 注汪 人入 特持 服报 提堤 期朝 断继 转传 增赠 到致 此些
    应庆 感惑 可司 后启 进迸 行仃 诉诈 渐惭 热熟 晚挽 急意 温湿 显昱 酸酪 院完 收牧 用甩 示宗 质贡 斑班 常裳堂
    """
)  # fmt: skip

"""Words of the context and what may stand in their place, in the same form, wherever they stand."""

from __future__ import annotations


def _alternatives(text: str) -> dict[str, tuple[str, ...]]:
    """Each line is a word, a colon and its alternatives between slashes."""
    lines = (line.partition(":") for line in text.strip().splitlines())
    return {word.strip(): tuple(part.strip() for part in others.split("/")) for word, _, others in lines}


SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": _alternatives("""
        because of: owing to / on account of
        owing to: because of
        despite: in spite of
        in spite of: despite
        although: though / even though
        even though: although
        but: yet
        however: nevertheless
        nevertheless: even so
        hence: therefore / thus
        therefore: hence / thus
        thus: hence
        moreover: furthermore / in addition
        furthermore: moreover
        in addition: moreover
        whereas: while
        whilst: while
        until: till
        upon: on
        prior to: before
        apart from: except for / aside from
        except for: apart from
        together with: along with
        along with: together with
        with regard to: regarding
        regarding: with regard to
        in order to: so as to
        such as: like
        shows: reveals / demonstrates
        showed: revealed / demonstrated
        showing: revealing
        reveals: shows
        demonstrates: shows
        began: started
        started: commenced
        commenced: started
        reports: describes / mentions
        reported: described / mentioned
        describes: reports
        states: says
        says: states
        told: informed
        noted: observed / recorded
        observed: noted
        believe: think
        declines: refuses
        refused: declined
        requires: needs
        required: needed
        needs: requires
        needed: required
        remains: stays
        remained: stayed
        resolved: settled
        settled: resolved
        improved: got better
        improving: getting better
        worsened: got worse
        recommended: advised
        withhold: hold back
        wary of: cautious about
        ask about: enquire about
        now: at present
        currently: at present / presently
        again: once more
        instead: in its place
        also: likewise
        recently: lately
        usually: normally / generally
        normally: usually
        often: frequently
        frequently: often
        sometimes: occasionally / at times
        occasionally: sometimes
        immediately: at once / straight away
        shortly: soon
        soon: shortly
        quickly: rapidly
        rapidly: quickly
        slowly: gradually
        gradually: slowly
        fully: completely
        completely: fully
        mainly: chiefly / mostly
        mostly: mainly
        chiefly: mainly
        nearly: almost
        almost: nearly
        approximately: roughly / about
        roughly: approximately
        several: a number of
        entire: whole
        initially: at first
        at first: initially
        previously: formerly
        subsequently: afterwards / later
        thereafter: afterwards
        eventually: in the end
        finally: in the end
        since then: from then on
        tonight: this evening
        this evening: tonight
        twice: two times
    """),
    "nl": _alternatives("""
        wegens: vanwege / in verband met
        vanwege: wegens / in verband met
        in verband met: wegens / vanwege
        nu: thans / momenteel / op dit moment
        thans: nu / momenteel
        momenteel: nu / thans / op dit moment
        op dit moment: momenteel
        direct: meteen / onmiddellijk
        meteen: direct / onmiddellijk
        onmiddellijk: direct / meteen
        echter: evenwel
        evenwel: echter
        ook: eveneens
        tevens: ook / eveneens
        eveneens: ook / tevens
        opnieuw: weer / nogmaals
        weer: opnieuw
        telkens: steeds
        steeds: telkens
        daarna: vervolgens / nadien
        vervolgens: daarna / nadien
        nadien: daarna
        daarop: vervolgens
        waarop: waarna
        waarna: waarop
        daarom: derhalve / om die reden
        derhalve: daarom
        dus: derhalve
        verder: voorts / daarnaast
        voorts: verder / daarnaast
        daarnaast: bovendien / verder
        bovendien: daarnaast
        aanvankelijk: in het begin
        destijds: toen / toentertijd
        opgestart: gestart
        gestaakt: gestopt / stopgezet
        gestopt: gestaakt
        staken: stoppen / stopzetten
        verricht: uitgevoerd
        uitgevoerd: verricht
        afgenomen: genomen
        meegegeven: verstrekt
        ophogen: verhogen
        opgehoogd: verhoogd
        besproken: doorgesproken
        voorgesteld: geopperd
        gehalveerd: met de helft verminderd
        tijdens: gedurende
        met name: vooral
        vooral: met name / voornamelijk
        voornamelijk: vooral / hoofdzakelijk
        hoofdzakelijk: voornamelijk
        vaak: dikwijls / geregeld
        dikwijls: vaak
        regelmatig: geregeld
        geregeld: regelmatig
        soms: af en toe / nu en dan
        af en toe: soms
        plotseling: plots / opeens
        plots: plotseling
        snel: vlot / vlug
        snelle: vlotte
        langzaam: geleidelijk
        geleidelijk: langzaam
        ongeveer: circa
        circa: ongeveer
        bijna: vrijwel / nagenoeg
        vrijwel: bijna / nagenoeg
        gehele: hele
        hele: gehele
        beslist: absoluut
        alleen: uitsluitend
        uitsluitend: alleen
        slechts: alleen
        desondanks: niettemin
        niettemin: desondanks
        hoewel: ofschoon
        omdat: aangezien
        aangezien: omdat
        maar: doch
        onder meer: onder andere
        onder andere: onder meer
        hooguit: hoogstens
        hoogstens: hooguit
        minstens: ten minste
        ten minste: minstens
        later: naderhand
        inmiddels: intussen / ondertussen
        intussen: inmiddels
        vandaag: heden
        echtgenote: partner
        laatste: meest recente
        sindsdien: vanaf dat moment
        respectievelijk: achtereenvolgens
    """),
    "zh": _alternatives("""
        患者: 病人
        病人: 患者
        出现: 发生
        目前: 现在 / 当前
        现在: 目前
        明显: 显著
        显著: 明显
        提示: 显示 / 表明
        显示: 提示 / 表明
        表明: 显示
        予: 给予
        给予: 予
        予以: 给予
        但: 但是 / 然而
        但是: 但 / 然而
        然而: 但是
        因: 因为 / 由于
        因为: 由于
        由于: 因为
        随后: 随即 / 之后
        继而: 随后
        既往: 以往
        自述: 自诉
        自诉: 自述
        好转: 改善
        缓解: 减轻
        减轻: 缓解
        加重: 加剧
        加剧: 加重
        停用: 停止使用
        建议: 推荐
        立即: 马上 / 即刻
        马上: 立即
        尽快: 尽早
        尽早: 尽快
        及时: 尽快
        定期: 按时
        仍: 仍然
        仍然: 仍
        尚: 还
        皆: 均 / 都
        均: 都 / 皆
        都: 均
        且: 并且
        并且: 而且
        以及: 及 / 和
        和: 与
        与: 和
        若: 如果 / 倘若
        如果: 若 / 倘若
        先: 首先
        拟: 打算 / 计划
        警惕: 当心 / 提防
        须: 需
        家属: 家人
        家人: 家属
        自购: 自行购买
        外院: 他院
        近: 最近
        至: 到
        约: 大约
        大约: 约
        偶: 偶尔
        有时: 偶尔
        经常: 常常
        常常: 经常
        迅速: 很快
        逐渐: 渐渐 / 慢慢
        突然: 忽然
        今晨: 今早
        夜间: 夜里
        使用: 应用
        应用: 使用
        启用: 开始使用
        改为: 换成
        改用: 换用
        换用: 改用
        发现: 发觉
        伴: 伴有
        伴有: 伴
        可见: 见
        稍: 略
        略: 稍
        期间: 过程中
        为主: 居多
    """),
}

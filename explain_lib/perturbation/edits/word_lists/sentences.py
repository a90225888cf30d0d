"""Sentences that say nothing about anybody's health, to stand before or behind a text."""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


SENTENCES: dict[str, tuple[str, ...]] = {
    "en": _lines("""
        A copy of this letter has been sent by post.
        The appointment took place as planned.
        The secretary has been informed.
        Somebody from the family was present.
        The waiting room was busy that morning.
        The conversation was held in a quiet room.
        Everything was explained in plain words.
        All questions were answered.
        The report was written on the same afternoon.
        The next appointment will be made by telephone.
        An interpreter was present.
        The address was checked at the desk.
    """),
    "nl": _lines("""
        Een kopie van deze brief is per post verstuurd.
        De afspraak verliep volgens plan.
        Het secretariaat is op de hoogte gebracht.
        Iemand van de familie was aanwezig.
        Het was druk in de wachtkamer.
        Het gesprek vond plaats in een rustige kamer.
        Alles is in gewone woorden uitgelegd.
        Alle vragen zijn beantwoord.
        Het verslag is dezelfde middag geschreven.
        De volgende afspraak wordt telefonisch gemaakt.
        Er was een tolk bij het gesprek.
        Het adres is aan de balie gecontroleerd.
    """),
    "zh": _lines("""
        谈话在安静的房间里进行。
        家里人一直陪在旁边。
        所有问题都得到了回答。
        记录由值班人员整理。
        预约由前台电话安排。
        当时候诊室里人很多。
        资料已经交给前台。
        地址和电话已经核对。
        说明用的是普通话。
        来时带了全部资料。
        回家的路程比较远。
        谈话内容已经记录。
    """),
}

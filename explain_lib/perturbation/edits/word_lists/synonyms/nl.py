"""Dutch words of the context and what may stand in their place."""

from __future__ import annotations

from .lines import alternatives

DUTCH = alternatives(
    """
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
    """
)

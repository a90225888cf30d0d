"""Common measurements and the values at which a reader would call them something else.

The cuts are round figures of general use, to keep a changed value on the same side; they are no medical reference.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """Names of a measurement in any language, its unit ("" where it is often left out) and its cuts in that unit."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    cuts: tuple[float, ...]


def _measurement(names: str, units: str, cuts: str) -> Measurement:
    split = [tuple(part.strip() for part in text.split(";")) for text in (names, units)]
    return Measurement(split[0], split[1], tuple(float(cut) for cut in cuts.split()))


MEASUREMENTS = (
    _measurement("CRP; C反应蛋白; C-反应蛋白", "mg/l; ", "5 10 20 50 100 200"),
    _measurement("Hb; haemoglobin; hemoglobin; hemoglobine; 血红蛋白", "g/l", "70 80 100 110 120 130 150 165"),
    _measurement("Hb; hemoglobine", "mmol/l", "4.5 5 6.2 6.8 7.5 8.5 9.5 10.5"),
    _measurement("temperature; temperatuur; temp; koorts tot; fever of; 体温", "°c; ℃; ", "35 36 37.5 38 38.5 39 40"),
    _measurement("HbA1c; 糖化血红蛋白", "mmol/mol", "42 48 53 58 64 75 86 97"),
    _measurement("HbA1c; 糖化血红蛋白", "%", "5.7 6.5 7 7.5 8 9 10"),
    _measurement("potassium; kalium; 血钾", "mmol/l", "3 3.5 5 5.5 6 6.5"),
    _measurement("sodium; natrium; 血钠", "mmol/l", "120 125 130 135 145 150"),
    _measurement("creatinine; kreatinine; 肌酐", "µmol/l; μmol/l; umol/l", "60 90 110 150 200 300"),
    _measurement("calcium; 血钙", "mmol/l", "1.9 2.1 2.6 3 3.5"),
    _measurement("lactate; lactaat; 乳酸", "mmol/l; ", "1 2 4"),
    _measurement("ferritin; ferritine; 铁蛋白", "µg/l; μg/l; ng/ml", "15 30 100 300"),
    _measurement("albumin; albumine; 白蛋白", "g/l", "20 25 30 35 50"),
    _measurement("TSH; 促甲状腺激素", "mu/l; miu/l", "0.4 4 10 20 50"),
    _measurement("ALT; ALAT; 谷丙转氨酶", "u/l; ", "40 80 120 200 400 1000"),
    _measurement("glucose; 血糖; 空腹血糖", "mmol/l", "3.9 5.6 6.1 7 7.8 10 11.1 15 20"),
    _measurement("saturation; saturatie; SpO2; 血氧饱和度", "%", "85 88 90 92 94 96"),
    _measurement("BMI; 体重指数", "; kg/m2; kg/m²", "18.5 23 25 28 30 35 40"),
    _measurement("pulse; heart rate; pols; hartslag; 心率; 脉搏", "/min; bpm; 次/分; ", "50 60 90 100 110 130"),
    _measurement("LVEF; EF; 射血分数", "%", "30 35 40 45 50 55"),
    _measurement("faecal calprotectin; fecaal calprotectine; 粪便钙卫蛋白", "µg/g; μg/g", "50 150 250 500 1000"),
)

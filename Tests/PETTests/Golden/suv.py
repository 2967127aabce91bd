"""SUV factors worked out a second time, for the tests in Tests/PETTests: Python's datetime and math, pydicom for files.

Run with pydicom 3.0.2, numpy 2.4.6, Python 3.11:  python suv.py REFERENCE
prints a line for each case: its name and its factor (the first of each slice where they differ), 17 digits.
REFERENCE is the folder of the public reference data; without it only the cases made here are printed.
"""
import json
import math
import pathlib
import sys
from datetime import datetime, timedelta

F18 = 6586.2


def lean_mass(kind, weight, height, sex):
    """kg, from kg and cm."""
    ratio = (weight / height) ** 2
    bmi = weight / (height / 100) ** 2
    both = {
        "lbm": (1.10 * weight - 120 * ratio, 1.07 * weight - 148 * ratio),
        "lbm-james": (1.10 * weight - 128 * ratio, 1.07 * weight - 148 * ratio),
        "lbm-janmahasatian": (9270 * weight / (6680 + 216 * bmi), 9270 * weight / (8780 + 244 * bmi)),
        "ibw": (48.0 + 1.06 * (height - 152), 45.5 + 0.91 * (height - 152)),
    }[kind]
    return {"M": both[0], "F": both[1], "O": sum(both) / 2}[sex]


def to_kind(kind, weight, height, sex):
    """What an SUV by body weight is multiplied by."""
    if kind == "bw":
        return 1.0
    if kind == "bsa":
        return 0.007184 * weight**0.425 * height**0.725 * 1e4 / (weight * 1e3)
    return lean_mass(kind, weight, height, sex) / weight


def decay(seconds, half_life):
    return 2.0 ** (-seconds / half_life)


def moment(date, time):
    time = time.strip().replace(":", "")
    whole, _, part = time.partition(".")
    base = datetime.strptime(date + whole.ljust(6, "0"), "%Y%m%d%H%M%S")
    return base + timedelta(microseconds=int((part + "000000")[:6]))


def average_time(duration, half_life):
    rate = math.log(2) / half_life
    return math.log(rate * duration / (1 - math.exp(-rate * duration))) / rate


def reference(series, slices, half_life, ge=None):
    """The moment for each slice: slices are (acquisition, frame reference time s or None, duration s)."""
    first = min(s[0] for s in slices)
    if ge:
        return [ge] * len(slices)
    if series <= first + timedelta(seconds=1):
        return [series] * len(slices)
    if all(s[1] and s[2] for s in slices):
        return [a + timedelta(seconds=average_time(d, half_life) - f) for a, f, d in slices]
    return [first] * len(slices)


def factor(weight, dose, injected, series, slices, half_life=F18, correction="START", ge=None):
    grams = weight * 1000
    if correction == "ADMIN":
        return grams / dose
    if correction == "NONE":
        acquired, _, duration = slices[0]
        rate = math.log(2) / half_life
        within = rate * duration / (1 - math.exp(-rate * duration))
        return grams / dose * within / decay((acquired - injected).total_seconds(), half_life)
    moments = reference(series, slices, half_life, ge)
    return grams / (dose * decay((moments[0] - injected).total_seconds(), half_life))


def made_here():
    day, next_day = "20250101", "20250102"
    ten, eleven = moment(day, "100000"), moment(day, "110000")
    plain = factor(70, 368.08e6, ten, eleven, [(eleven, None, 300)])
    yield "plain", plain
    yield "admin", factor(70, 368.08e6, ten, eleven, [(eleven, None, 300)], correction="ADMIN")
    for kind in ["lbm", "lbm-james", "lbm-janmahasatian", "bsa", "ibw"]:
        for sex in "MFO":
            yield f"{kind} of {sex}", plain * to_kind(kind, 70, 175, sex)
    yield "GML LBMJAMES128 of M", 1 / to_kind("lbm-james", 70, 175, "M")
    yield "GML LBM of F", 1 / to_kind("lbm", 70, 175, "F")
    yield "GML LBMJANMA of O", 1 / to_kind("lbm-janmahasatian", 70, 175, "O")
    yield "GML IBW of O", 1 / to_kind("ibw", 70, 175, "O")
    yield "CM2ML", 1 / to_kind("bsa", 70, 175, "O")
    yield "CNTS (7053,1009)", 1.5 * plain
    yield "CPS DCAL", plain / 0.024
    yield "CPS (0054,1322)", plain * 21792 / 0.024
    average = average_time(300, F18)
    later = [(eleven, average, 300), (moment(day, "110500"), 300 + average, 300)]
    yield "later series", factor(70, 368.08e6, ten, moment(day, "120000"), later)
    yield "later series, no frame reference", factor(70, 368.08e6, ten, moment(day, "120000"), [(eleven, None, 300)])
    yield "GE private", factor(70, 368.08e6, ten, moment(day, "120000"), [(moment(day, "111000"), 0, 300)], ge=eleven)
    yield "NONE, first bed", factor(70, 368.08e6, ten, eleven, [(eleven, None, 300)], correction="NONE")
    at = moment(day, "111000")
    yield "NONE, second bed", factor(70, 368.08e6, ten, eleven, [(at, None, 300)], correction="NONE")
    half = moment(next_day, "003000")
    yield "midnight", factor(70, 368.08e6, moment(day, "233000"), half, [(half, None, 300)])
    noon = moment(next_day, "001000")
    yield "noon to midnight, Zr89", factor(70, 368.08e6, moment(day, "120000"), noon, [(noon, None, 300)], 282276)
    days = moment("20250106", "090000")
    yield "five days, Zr89", factor(70, 37e6, moment(day, "100000"), days, [(days, None, 300)], 282276)
    enhanced = moment(day, "103000")
    yield "enhanced, (0018,9701)", factor(70, 368.08e6, ten, enhanced, [(enhanced, None, 300)])


def vendor(instances):
    first = instances[0]
    if first["Units"] == "CNTS" and float(first["PhilipsPETPrivateGroup"].get("SUVScaleFactor", 0)):
        return float(first["PhilipsPETPrivateGroup"]["SUVScaleFactor"])
    slices = [
        (moment(i["AcquisitionDate"], i["AcquisitionTime"]), i["FrameReferenceTime"] / 1000, i["ActualFrameDuration"] / 1000)
        for i in instances
    ]
    injected = moment(first["AcquisitionDate"], first["RadiopharmaceuticalStartTime"])
    series = moment(first["SeriesDate"], first["SeriesTime"])
    return factor(first["PatientWeight"], first["RadionuclideTotalDose"], injected, series, slices,
                  first["RadionuclideHalfLife"])


def object_values(folder):
    """Factor, and min, median and max SUV above 0, of one of the IBSI reference objects."""
    import numpy
    import pydicom

    files = [pydicom.dcmread(f) for f in sorted(pathlib.Path(folder).iterdir())]
    head = files[0]
    tracer = head.RadiopharmaceuticalInformationSequence[0]
    dose = float(tracer.RadionuclideTotalDose)
    dose = dose * 1e6 if dose < 1e5 else dose
    slices = [(moment(f.AcquisitionDate, f.AcquisitionTime), float(f.FrameReferenceTime) / 1000,
               float(f.ActualFrameDuration) / 1000) for f in files]
    said = tracer.get("RadiopharmaceuticalStartDateTime")
    injected = moment(said[:8], said[8:]) if said else moment(head.AcquisitionDate, tracer.RadiopharmaceuticalStartTime)
    if head.Units == "GML":
        value = 1.0
    elif head.Units == "CNTS":
        value = float(head[0x7053, 0x1000].value)
    else:
        value = factor(float(head.PatientWeight), dose, injected, moment(head.SeriesDate, head.SeriesTime), slices,
                       float(tracer.RadionuclideHalfLife), head.DecayCorrection)
    suv = numpy.concatenate(
        [(f.pixel_array.astype(float) * float(f.RescaleSlope) + float(f.RescaleIntercept)).ravel() for f in files]) * value
    inside = suv[suv > 0]
    return value, inside.min(), numpy.median(inside), inside.max()


def main():
    for name, value in made_here():
        print(f"{name:34} {value:.17g}")
    if len(sys.argv) > 1:
        root = pathlib.Path(sys.argv[1])
        for path in sorted((root / "pet/suv_vendor_json").glob("*-instances.json")):
            print(f"{path.name.removesuffix('-instances.json'):34} {vendor(json.loads(path.read_text())):.17g}")
        for path in sorted((root / "images/pet-dicom/ibsi_suv_dro/DRO").glob("*/PT")):
            print(f"{path.parent.name:34} " + " ".join(f"{v:.17g}" for v in object_values(path)))


main()

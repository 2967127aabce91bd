"""Seeded wrist recordings of an Axivity AX3 with known truth: 24 h and 7 days at 100 Hz, written once, sector by sector.

A wrist lies still in one orientation after another (so that a calibration has points on all sides of the sphere), moves now
and then, trembles in bursts of known frequency and displacement, and is off for some hours. `truth.json` beside the file says
when and how much.
"""
import calendar
import json
import os
import sys

import numpy as np

RATE = 98.87          # Hz, true; the header says 100
SECTOR = 120          # samples
G = 9.80665
START = (2024, 2, 28, 20, 0, 0)
# What is wrong with the sensor: g read = gain * g true + offset.
GAIN = np.array([1.012, 0.991, 1.006])
OFFSET = np.array([0.021, -0.034, 0.015])


def plan(hours, seed=20240228):
    """The hours' events: off wrist, orientation every 10 min, tremor bursts (start s, length s, Hz, cm peak to peak)."""
    r = np.random.default_rng(seed)
    events = dict(tremor=[], off=[], turns=[])
    for hour in range(hours):
        if hour % 24 in (3, 4):
            events["off"].append([hour * 3600.0, 3600.0])
            continue
        for _ in range(4):
            start = hour * 3600 + float(r.uniform(60, 3400))
            events["tremor"].append([start, float(r.uniform(20, 90)), float(r.uniform(3.8, 6.8)), float(r.choice([0.3, 1, 2, 4]))])
    for _ in range(hours * 6):
        v = r.normal(0, 1, 3)
        events["turns"].append((v / np.linalg.norm(v)).tolist())
    return events


def hour_of_samples(events, first, count, noise):
    """Acceleration in g of `count` samples from sample `first`."""
    t = (first + np.arange(count)) / RATE
    turns = np.array(events["turns"])
    where = np.minimum((t / 600).astype(int), len(turns) - 1)
    a = turns[where]
    still = np.ones(count, bool)
    # Half a minute of movement at each turn: from one orientation to the next, and a 1.1 Hz swing.
    into = t - where * 600
    moving = (into < 30) & (where > 0)
    w = (into[moving] / 30)[:, None]
    mix = turns[where[moving] - 1] * (1 - w) + turns[where[moving]] * w
    a[moving] = mix / np.maximum(np.linalg.norm(mix, axis=1), 0.2)[:, None]
    a[moving, 0] += 0.3 * np.sin(2 * np.pi * 1.1 * t[moving])
    still &= ~moving
    for start, length, f, cm in events["tremor"]:
        inside = (t >= start) & (t < start + length)
        if inside.any():
            peak = cm / 200 * (2 * np.pi * f) ** 2 / G
            a[inside] += np.array([0.6, 0.0, 0.8]) * (peak * np.sin(2 * np.pi * f * (t[inside] - start)))[:, None]
    for start, length in events["off"]:
        inside = (t >= start) & (t < start + length)
        a[inside] = [0.0, 0.0, 1.0]
        noise[inside] *= 0.2
    return a * GAIN + OFFSET + noise


def pack(a):
    """Words of 3 x 10 bits and an exponent, 1/256 g."""
    v = np.clip(np.rint(a * 256), -4096, 4088).astype(np.int32)
    worst = np.maximum(v.max(1), -v.min(1) - 1)
    e = (worst > 511).astype(np.int32) + (worst > 1023) + (worst > 2047)
    v >>= e[:, None]
    v &= 1023
    return (v[:, 0] | v[:, 1] << 10 | v[:, 2] << 20).astype(np.uint32) | (e << 30).astype(np.uint32)


def sectors(words, first_sector):
    """512-byte sectors of whole rows of 120 words."""
    n = len(words) // SECTOR
    out = np.zeros((n, 512), np.uint8)

    def put(column, values, kind):
        out[:, column:column + np.dtype(kind).itemsize] = np.asarray(values, kind).reshape(n, 1).view(np.uint8)

    number = first_sector + np.arange(n)
    # The clock is read behind a sector's last sample.
    seconds = (number + 1) * SECTOR / RATE
    whole = np.floor(seconds)
    fraction = ((seconds - whole) * 32768).astype(int)
    epoch = (calendar.timegm(START) + whole).astype("datetime64[s]")
    year = epoch.astype("datetime64[Y]")
    month = epoch.astype("datetime64[M]")
    day = epoch.astype("datetime64[D]")
    s = (epoch - day).astype(int)
    stamp = ((year.astype(int) - 30) << 26 | ((month - year).astype(int) + 1) << 22 | ((day - month).astype(int) + 1) << 17
             | (s // 3600) << 12 | (s // 60 % 60) << 6 | s % 60)
    put(0, np.full(n, 0x5841), "<u2")
    put(2, np.full(n, 508), "<u2")
    put(4, 0x8000 | fraction, "<u2")
    put(6, np.full(n, 1), "<u4")
    put(10, number, "<u4")
    put(14, stamp, "<u4")
    put(18, np.full(n, 300), "<u2")
    put(20, np.full(n, 300), "<u2")
    put(23, np.full(n, 200), "u1")
    put(24, np.full(n, 0x4A), "u1")
    put(25, np.full(n, 0x30), "u1")
    # The place is shifted by the whole samples that the fraction is long at 100 Hz.
    put(26, SECTOR - (2 * fraction * 100 >> 16), "<i2")
    put(28, np.full(n, SECTOR), "<u2")
    out[:, 30:510] = words.reshape(n, SECTOR).view(np.uint8)
    total = out.view("<u2").astype(np.uint32).sum(1)
    put(510, -total & 0xFFFF, "<u2")
    return out


def write(path, hours):
    """A CWA file and its truth; nothing where both are there."""
    if os.path.exists(path + ".truth.json"):
        return
    events = plan(hours)
    noise = np.random.default_rng(7)
    header = np.full(1024, 0xFF, np.uint8)
    header[:5] = [0x4D, 0x44, 0xFC, 0x03, 0]
    header[5:64] = 0
    header[36] = 0x4A
    header[41] = 45
    per_hour = int(3600 * RATE) // SECTOR + 1
    total = int(hours * 3600 * RATE) // SECTOR
    with open(path + ".part", "wb") as out:
        out.write(header.tobytes())
        for first in range(0, total, per_hour):
            n = min(per_hour, total - first)
            e = 0.004 * noise.standard_normal((n * SECTOR, 3))
            out.write(sectors(pack(hour_of_samples(events, first * SECTOR, n * SECTOR, e)), first).tobytes())
    os.replace(path + ".part", path)
    truth = dict(rate_hz=RATE, hours=hours, samples=total * SECTOR, gain=GAIN.tolist(), offset_g=OFFSET.tolist(),
                 noise_g=0.004, tremor_start_length_hz_cm=events["tremor"], off_start_length=events["off"])
    with open(path + ".truth.json", "w") as out:
        json.dump(truth, out)


def digits(whole, places):
    """Whole numbers as text with a point `places` digits before the end, a row of bytes each; 0 where nothing is to stand."""
    size = np.abs(whole)
    out = np.zeros((len(size), places + 8), np.uint8)
    power = 1
    for column in range(out.shape[1] - 1, 0, -1):
        if column == out.shape[1] - 1 - places:
            out[:, column] = ord(".")
            continue
        # The digit before the point stands even where it is 0.
        stands = (size >= power) | (column >= out.shape[1] - 2 - places)
        out[stands, column] = (size[stands] // power % 10 + ord("0")).astype(np.uint8)
        power *= 10
    first = np.argmax(out != 0, axis=1)
    out[np.arange(len(out)), first - 1] = np.where(whole < 0, ord("-"), 0)
    return out


def make_text(folder, samples=24 * 3600 * 100):
    """24 h of 100 Hz as text: s with 3 decimals, m/s² with 6."""
    path = f"{folder}/wrist-24h.csv"
    if os.path.exists(path):
        return
    os.makedirs(folder, exist_ok=True)
    r = np.random.default_rng(20240611)
    with open(path + ".part", "wb") as out:
        out.write(b"t,x,y,z\n")
        for first in range(0, samples, 1 << 18):
            at = np.arange(first, min(samples, first + (1 << 18)))
            a = np.array([2.9, -4.9, 7.9]) + 0.2 * r.standard_normal((len(at), 3))
            a += np.where(at // 6000 % 60 == 0, np.sin(2 * np.pi * 5 * at / 100), 0)[:, None]
            comma, end = (np.full((len(at), 1), ord(mark), np.uint8) for mark in ",\n")
            line = [digits(at * 10, 3)]
            for axis in range(3):
                line += [comma, digits(np.rint(a[:, axis] * 1e6).astype(np.int64), 6)]
            text = np.hstack([*line, end])
            out.write(text[text != 0].tobytes())
    os.replace(path + ".part", path)


def make(folder):
    os.makedirs(folder, exist_ok=True)
    write(f"{folder}/wrist-24h.cwa", 24)
    write(f"{folder}/wrist-7d.cwa", 168)


if __name__ == "__main__":
    make(sys.argv[1] if len(sys.argv) > 1 else "work")

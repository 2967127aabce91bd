"""What our program found in a recording beside what was put into it."""
import json

G = 9.80665
WINDOW = 4.0
TURN_EVERY, TURN = 600.0, 30.0


def against_truth(rows_path, truth_path):
    """A sentence of peer-run's rows (`tremor`) and the truth of wearable_inputs.py."""
    import numpy as np
    with open(truth_path) as file:
        truth = json.load(file)
    rows = np.fromfile(rows_path, np.float64).reshape(-1, 4)
    of_kind = {kind: rows[rows[:, 0] == kind, 1:] for kind in range(5)}
    bursts = alone(truth["tremor_start_length_hz_cm"])
    hz, cm, missed, windows = [], [], 0, of_kind[1]
    for start, length, f, size in bursts:
        inside = windows[(windows[:, 0] >= start) & (windows[:, 0] + WINDOW <= start + length)]
        if not len(inside):
            missed += 1
            continue
        hz.append(abs(np.median(inside[:, 1]) - f))
        cm.append(abs(np.median(inside[:, 2]) / size - 1))
    every = truth["tremor_start_length_hz_cm"]
    false = [size for start, _, size in windows
             if all(start + WINDOW <= begin or start >= begin + length for begin, length, *_ in every)]
    worn_off = sum(length for _, length in truth["off_start_length"]) / 3600
    found_off = float((of_kind[2][:, 1] - of_kind[2][:, 0]).sum()) / 3600
    rate = float(of_kind[0][0, 0])
    parts = [f"rate {rate:.3f} Hz, true {truth['rate_hz']} Hz",
             f"not worn {found_off:.2f} h, true {worn_off:.2f} h",
             calibration(np, of_kind, truth),
             f"{len(bursts) - missed} of {len(bursts)} bursts of tremor without other movement found",
             f"their median frequencies off by at most {1000 * max(hz):.2f} mHz, displacements by {100 * np.median(cm):.2f} % "
             f"in the median and at most {100 * max(cm):.1f} %" if hz else "no frequency to compare",
             f"tremor in {len(false)} windows where there was none ({100 * len(false) / of_kind[0][0, 2]:.2f} % of all), of "
             f"{np.median(false) if len(false) else 0:.3f} cm in the median"]
    return "What was found beside what was put in: " + "; ".join(parts) + "."


def alone(bursts):
    """Bursts that touch neither one another nor a turn of the wrist, and hold a window."""
    def free(one):
        start, end = one[0], one[0] + one[1]
        turns = start % TURN_EVERY < TURN or start // TURN_EVERY != end // TURN_EVERY
        others = (other for other in bursts if other is not one)
        return not turns and all(end <= other[0] or start >= other[0] + other[1] for other in others)
    return [burst for burst in bursts if free(burst) and burst[1] >= 3 * WINDOW]


def calibration(np, of_kind, truth):
    """How far our correction is from the sensor's error undone."""
    if not len(of_kind[3]):
        return "calibration not applied"
    gain, offset = np.array(truth["gain"]), np.array(truth["offset_g"])
    gain_error = np.abs(of_kind[3][0] * gain - 1).max()
    offset_error = np.abs(of_kind[4][0] / G + offset / gain).max()
    before = np.abs(gain - 1).max(), np.abs(offset).max()
    return (f"gain off by {100 * gain_error:.2f} %, before {100 * before[0]:.1f} %, offset by {1000 * offset_error:.1f} mg, "
            f"before {1000 * before[1]:.0f} mg")

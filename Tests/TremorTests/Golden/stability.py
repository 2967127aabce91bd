"""Tremor stability index and entropies by numpy 2.4.6 and scipy 1.17.1, written from the papers; the numbers stand in Stability/."""
import numpy as np
from scipy.signal import butter, sosfiltfilt


def crossings(x):
    """Upward zero crossings, on the cubic through the two samples beside each and one more to either side."""
    places = []
    for i in np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0)):
        if i < 1 or i + 2 >= len(x):
            continue
        cubic = np.polyfit([-1, 0, 1, 2], x[i - 1:i + 3], 3)
        roots = [r.real for r in np.roots(cubic) if abs(r.imag) < 1e-9 and -1e-9 <= r.real <= 1 + 1e-9]
        line = -x[i] / (x[i + 1] - x[i])
        places.append(i + min(roots, key=lambda r: abs(r - line)))
    return np.array(places)


def steps(axes, rate, peak, pad=1.0, trim=0.5):
    """axes: (3, N). Differences of successive cycle frequencies, Hz."""
    sos = butter(2, [max(0.5, peak - 2), min(peak + 2, 0.45 * rate)], "bandpass", fs=rate, output="sos")
    n = axes.shape[1]
    y = sosfiltfilt(sos, axes, axis=1, padtype="odd", padlen=min(n - 1, int(round(pad * rate))))
    m = int(np.ceil(trim * rate))
    values, vectors = np.linalg.eigh(np.cov(y[:, m:n - m], bias=True))
    axis = vectors[:, -1] * np.sign(vectors[np.argmax(np.abs(vectors[:, -1])), -1])
    at = crossings(axis @ y)
    at = at[(at >= m) & (at < n - m - 1)]
    return np.diff(rate / np.diff(at))


def unstable(rate, seconds, wander, phase=0.0):
    """Chirps whose frequency moves by a sum of sines: both programs can make it."""
    t = np.arange(int(rate * seconds)) / rate
    cycles = 5 * t + phase
    for k, (f, p) in enumerate([(0.37, 0.1), (0.83, 1.7), (1.31, 2.9), (1.9, 4.1)]):
        cycles = cycles - wander / (2 * np.pi * f) * np.cos(2 * np.pi * f * t + p)
    s = np.sin(2 * np.pi * cycles)
    return np.stack([0.6 * s, -0.3 * s + 0.05 * np.sin(2 * np.pi * 1.1 * t), 9.8 + 0.74 * s])


def index(parts, rate, peak, **k):
    d = np.concatenate([steps(p, rate, peak, **k) for p in parts])
    q = np.percentile(d, [25, 75])
    return q[1] - q[0], len(d)


def sampen(x, m=2, share=0.2):
    r = share * np.std(x)
    n = len(x)
    def pairs(length):
        e = np.stack([x[i:n - m + i] for i in range(length)])
        d = np.abs(e[:, :, None] - e[:, None, :]).max(0)
        return (np.count_nonzero(d <= r) - (n - m)) // 2
    b, a = pairs(m), pairs(m + 1)
    return b, a, -np.log(a / b)


def apen(x, m=2, share=0.2):
    r = share * np.std(x)
    def phi(length):
        n = len(x) - length + 1
        e = np.stack([x[i:n + i] for i in range(length)])
        d = np.abs(e[:, :, None] - e[:, None, :]).max(0)
        return np.mean(np.log(np.count_nonzero(d <= r, axis=1) / n))
    return phi(m) - phi(m + 1)


if __name__ == "__main__":
    for trim in [0.0, 0.5]:
        for sec in [4, 60]:
            for f in [3, 4.87, 7.31, 12]:
                t = np.arange(sec * 100) / 100
                s = np.sin(2 * np.pi * f * t + 0.4)
                d = steps(np.stack([s, 0.2 * s, 9.8 - 0.1 * s]), 100, f, 1.0, trim)
                print("tone", trim, sec, f, np.percentile(d, 75) - np.percentile(d, 25), np.abs(d).max())
    for wander in [0.0, 0.2, 0.6]:
        for rate, seconds in [(100, 100), (49.66, 100)]:
            print("unstable", wander, rate, *index([unstable(rate, seconds, wander)], rate, 5))
    parts = [unstable(100, 12, 0.6, p) for p in [0, 0.3, 0.7]]
    print("three stretches", *index(parts, 100, 5))
    n = np.arange(400, dtype=np.float64)
    x = np.sin(2 * np.pi * 4.87 * n / 100) + ((n * 37 + n * n * 11) % 101 - 50) / 100
    print("tone and noise", sampen(x), apen(x))
    x = ((n * 37 + n * n * 11) % 101 - 50) / 100
    print("noise", sampen(x), apen(x))
    x = np.sin(2 * np.pi * 4.87 * n / 100)
    print("tone", sampen(x), apen(x))

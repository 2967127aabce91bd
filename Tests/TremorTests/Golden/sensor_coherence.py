"""Coherence of two trembling sensors by scipy 1.17.1, both sampled at 100 Hz; the numbers stand in Coherence/."""
import numpy as np
from scipy.signal import coherence, csd


def tremor(t, a, b):
    """Sines from 4.4 to 5.6 Hz whose phases are spread by multiples of a k^2 + b k."""
    k = np.arange(61)
    phase = 2 * np.pi * ((a * k * k + b * k) % 1)
    return np.cos(2 * np.pi * (4.4 + 0.02 * k) * t[:, None] + phase).sum(axis=1) / 8


if __name__ == "__main__":
    t = 3.7 + np.arange(11630) / 100
    first = tremor(t, 0.6180339887, 0.3) + 0.5 * tremor(t, 0.4142135624, 0.1)
    second = tremor(t - 0.02, 0.6180339887, 0.3) + 0.5 * tremor(t, 0.7320508076, 0.7)
    f, c = coherence(first, second, 100, nperseg=400, noverlap=200, detrend="linear")
    _, s = csd(first, second, 100, nperseg=400, noverlap=200, detrend="linear")
    for k in range(17, 25):
        print(f"({float(f[k])}, {float(c[k]):.6f}, {float(np.degrees(np.angle(s[k]))):.4f}),")
    print("segments", 1 + (11630 - 400) // 200)

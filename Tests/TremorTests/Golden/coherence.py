"""Coherence by scipy 1.17.1, and how often the intervals of delay and coherence hold the truth; the numbers stand in Spectra/."""
import numpy as np
from scipy.signal import coherence, csd, lfilter

RHO = [1, 4 / 9, 1 / 36]


def signals():
    n = np.arange(3000, dtype=np.float64)
    a = np.sin(2 * np.pi * 4.87 * n / 100) + ((n * 37 + n * n * 11) % 101 - 50) / 40
    b = np.sin(2 * np.pi * 4.87 * n / 100 - 0.8) + ((n * 53 + n * n * 7) % 103 - 51) / 40
    return a, b


def delay(a, b, length, f0, half=1.25):
    f, c = coherence(a, b, 100, nperseg=length, noverlap=length // 2, detrend="linear")
    _, s = csd(a, b, 100, nperseg=length, noverlap=length // 2, detrend="linear")
    k = 1 + (len(a) - length) // (length // 2)
    L = 18 * k * k / (19 * k - 1)
    level = 1 - 0.05 ** (1 / (L - 1))
    mid = int(round(f0 / f[1]))
    if c[mid] <= level:
        return None
    lo = hi = mid
    reach = int(half / f[1])
    while mid - lo < reach and c[lo - 1] > level:
        lo -= 1
    while hi - mid < reach and c[hi + 1] > level:
        hi += 1
    if hi - lo + 1 < 4:
        return None
    ph = np.unwrap(np.angle(s[lo:hi + 1]))
    om = 2 * np.pi * f[lo:hi + 1]
    v = (1 / c[lo:hi + 1] - 1) / (2 * L)
    w = 1 / v
    m = (om * w).sum() / w.sum()
    g = w * (om - m) / (w * (om - m) ** 2).sum()
    var = sum(g[i] * g[j] * np.sqrt(v[i] * v[j]) * RHO[abs(i - j)]
              for i in range(len(g)) for j in range(len(g)) if abs(i - j) < 3)
    return -(g * ph).sum(), 1.96 * np.sqrt(var)


if __name__ == "__main__":
    a, b = signals()
    f, c = coherence(a, b, 100, nperseg=200, noverlap=100, detrend="linear")
    _, s = csd(a, b, 100, nperseg=200, noverlap=100, detrend="linear")
    for k in [1, 7, 10, 11, 50, 99]:
        print(f"({k}, {float(c[k])!r}, {float(np.angle(s[k]))!r}),")
    rng = np.random.default_rng(1)
    for lag, noise, width in [(3, 0.5, 0.3), (3, 0.5, 1.0), (3, 1.0, 0.6), (-5, 0.5, 0.6), (2, 2.0, 0.6)]:
        got = []
        for _ in range(400):
            r = np.exp(-np.pi * width / 100)
            x = lfilter([1], [1, -2 * r * np.cos(2 * np.pi * 5 / 100), r * r], rng.normal(size=12300))[100:]
            x /= x.std()
            a, b = x[100:12100], x[100 - lag:12100 - lag]
            got.append(delay(a + noise * rng.normal(size=12000), b + noise * rng.normal(size=12000), 800, 5))
        ok = [g for g in got if g is not None]
        d = np.array(ok)
        print(lag, noise, width, len(ok), d[:, 0].mean(), d[:, 0].std(), d[:, 1].mean() / 1.96,
              np.mean(np.abs(d[:, 0] - lag / 100) <= d[:, 1]))
    # independent noise: mean coherence against 1 / L, share above the level, intervals
    for k in [10, 40]:
        n = 100 + 50 * (k - 1)
        L = 18 * k * k / (19 * k - 1)
        c = np.array([coherence(rng.normal(size=n), rng.normal(size=n), 100, nperseg=100, noverlap=50)[1][3:-3]
                      for _ in range(500)])
        print("bias", k, c.mean() * L, (c > 1 - 0.05 ** (1 / (L - 1))).mean())

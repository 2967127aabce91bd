"""Slepian tapers, multitaper spectra and chi-square quantiles by scipy 1.17.1; the numbers stand in Spectra/."""
import numpy as np
from scipy.signal.windows import dpss
from scipy.signal import periodogram, detrend
from scipy.stats import chi2

for length, nw, count in [(500, 2.5, 4), (400, 4.0, 7), (255, 1.5, 2), (64, 3.25, 5)]:
    tapers, ratios = dpss(length, nw, count, return_ratios=True)
    places = [0, 1, length // 5, length // 2, length - 3]
    print("(", length, ",", nw, ", [")
    for taper, ratio in zip(tapers, ratios):
        print("    ([", ", ".join(repr(float(taper[p])) for p in places), "],", repr(float(ratio)), "),")
    print("]),")

n = np.arange(500, dtype=np.float64)
x = ((n * 37 + n * n * 11) % 101 - 50) / 16 + n / 256
for length, kind in [(500, "constant"), (333, "linear")]:
    y = detrend(x[:length], type=kind)
    tapers = dpss(length, 2.5, 4)
    p = np.mean([periodogram(y, fs=97.5, window=t, detrend=False)[1] for t in tapers], axis=0)
    # scipy's periodogram divides by the sum of squares of the window: 1 for these tapers.
    places = [0, 1, 7, len(p) // 2, len(p) - 2, len(p) - 1]
    print(length, kind, [float(p[i]) for i in places])

print("chi2")
for nu in [1, 1.5, 2, 3, 8, 19.4, 100, 2345.6, 10000]:
    for q in [1e-6, 0.005, 0.025, 0.5, 0.975, 0.9999]:
        print(f"({nu}, {q}, {float(chi2.ppf(q, nu))!r}),")

"""Measures of 100 s of ParaDigMa's test recording by numpy 2.4.6 and scipy 1.17.1; the numbers stand in RealRecordingTests.swift."""
import sys
import numpy as np
from scipy.signal import coherence, csd
from scipy.signal.windows import dpss
from scipy.signal import periodogram, detrend
from stability import sampen, apen, steps

g = np.fromfile(sys.argv[1] + "/wearables/paradigma/preprocessed/gyroscope_values.bin").reshape(-1, 3)
part = g[50000:60000].T
for peak in [4, 5.5]:
    d = steps(part, 100, peak)
    q = np.percentile(d, [25, 75])
    print("stability", peak, float(q[1] - q[0]), len(d))
for start in [0, 4000, 8000]:
    x = part[0, start:start + 400]
    b, a, s = sampen(x)
    print("entropy", start, b, a, float(s), float(apen(x)))
f, c = coherence(part[0], part[1], 100, nperseg=400, noverlap=200, detrend="linear")
_, s = csd(part[0], part[1], 100, nperseg=400, noverlap=200, detrend="linear")
print("coherence", [(k, float(c[k]), float(np.angle(s[k]))) for k in [8, 20, 40]])
y = detrend(part[2, :400])
p = np.mean([periodogram(y, fs=100, window=t, detrend=False)[1] for t in dpss(400, 2.5, 4)], axis=0)
print("multitaper", [float(p[k]) for k in [1, 8, 20, 40, 200]])

"""Welch spectra by scipy 1.17.1 of a signal that both programs can make exactly; the numbers stand in WelchTests.swift."""
import numpy as np
from scipy.signal import welch

n = np.arange(1000, dtype=np.float64)
x = ((n * 37 + n * n * 11) % 101 - 50) / 16 + n / 256
for nperseg, overlap, detrend in [(64, 32, "constant"), (101, 50, "linear"), (128, 96, False), (250, 125, "constant")]:
    f, p = welch(x, fs=97.5, window="hann", nperseg=nperseg, noverlap=overlap, detrend=detrend)
    places = [0, 1, 7, len(p) // 2, len(p) - 2, len(p) - 1]
    print(nperseg, overlap, detrend, [float(p[i]).hex() for i in places])

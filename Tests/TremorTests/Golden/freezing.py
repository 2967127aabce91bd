# AUC of freezing indices on the Daphnet recordings, from numpy and scipy alone, for FreezingTests.swift.
# Usage: freezing.py FOLDER, the folder of S01R02.txt and S02R01.txt.
import sys
import numpy as np
from scipy import signal
from scipy.stats import rankdata


def auc(score, positive):
    rank, n = rankdata(score), positive.sum()
    return (rank[positive].sum() - n * (n + 1) / 2) / (n * (len(positive) - n))


def course(axes, rate, window, step, tapers, trend, slow, fast, smooth=1):
    n, hop = round(window * rate), max(1, round(step * rate))
    starts = np.arange(0, len(axes[0]) - n + 1, hop)
    frequency = np.arange(n // 2 + 1) * rate / n
    density = 0
    for axis in axes:
        part = signal.detrend(np.lib.stride_tricks.sliding_window_view(axis, n)[starts], axis=1, type=trend)
        for taper in tapers(n):
            power = np.abs(np.fft.rfft(part * taper, axis=1)) ** 2
            density = density + 2 * power / (rate * (taper ** 2).sum() * len(tapers(n)))
    density[:, 0] /= 2  # 0 Hz stands once in a two-sided spectrum

    def band(low, high):
        inside = (frequency >= low - 1e-9) & (frequency < high - 1e-9)
        return density[:, inside].sum(1) * rate / n
    slow, fast = band(*slow), band(*fast)
    ratio = fast / slow
    if smooth > 1:
        kernel = np.ones(smooth)
        ratio = np.convolve(ratio, kernel, "same") / np.convolve(np.ones(len(ratio)), kernel, "same")
    return (starts + (n - 1) / 2) / rate, ratio, np.sqrt(slow + fast)


box = lambda n: np.ones((1, n))
hann = lambda n: signal.windows.hann(n, sym=False)[None]
slepian = lambda n: signal.windows.dpss(n, 2.5, 4)
last = lambda n: slepian(n)[-1:]
methods = {
    "moore2008": (6, 0.25, box, "constant", (0.5, 3), (3, 8)),
    "moore2013": (5, 0.25, box, "constant", (0, 3), (3, 8)),
    "bachlin2010": (4, 0.5, box, "constant", (0.5, 3), (3, 8)),
    "zach2015": (2, 0.25, box, "constant", (0.5, 3), (3, 8)),
    "cockx2023": (3, 0.25, hann, "constant", (0.5, 3), (3.5, 8)),
    "multitaper": (5, 5 / 32, slepian, "linear", (0.5, 3), (3, 8), 5),
    "last taper": (5, 5 / 32, last, "linear", (0.5, 3), (3, 8), 5),
    "multitaper 0-3": (5, 5 / 32, slepian, "linear", (0, 3), (3, 8), 5),
}
for name in ("S01R02", "S02R01"):
    data = np.loadtxt(f"{sys.argv[1]}/{name}.txt")
    label = data[:, 10].astype(int)
    axes = [data[:, column] * 9.80665e-3 for column in (1, 2, 3)]
    for method, settings in methods.items():
        row = []
        for chosen in ([axes[1]], axes):
            time, ratio, rms = course(chosen, 64.0, *settings)
            at = label[np.floor(time * 64 + 0.5).astype(int)]
            experiment, frozen = at > 0, at[at > 0] == 2
            row += [auc(ratio[experiment], frozen),
                    auc(np.where(rms >= 0.5, ratio, -1)[experiment], frozen)]
        print(f'("{name}", "{method}", [{", ".join(f"{x:.9f}" for x in row)}]),')

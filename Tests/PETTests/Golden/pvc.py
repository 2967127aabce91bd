#!/usr/bin/env python3
"""Partial-volume corrections of a small pattern in float64, for PartialVolumeOracleTests.swift.

The blur is the continuous Gaussian's transfer function on a line and its mirror image (scipy.fft.dctn, type 2), or on a
line with nothing beyond (a matrix from the same function on a line 64 times as long). Equations as in docs/pvc.md.
"""
import numpy as np
import scipy
from scipy.fft import dct, idct

print(f"numpy {np.__version__}, scipy {scipy.__version__}")
shape, voxel, fwhm = (24, 20, 18), np.array([2, 2.5, 3]), np.array([5, 6, 7])
sigma = fwhm / (2 * np.sqrt(2 * np.log(2))) / voxel
i, j, k = np.indices(shape)
label = np.zeros(shape, int)
label[4:20, 4:16, 3:15] = 1
label[6:11, 6:12, 5:11] = 2
label[13:18, 6:12, 5:11] = 3
label[8:14, 12:15, 8:13] = 4
truth = np.array([3, 10, 7, 6, 0.5])[(label - 1) % 5]
pet = truth + ((7 * i + 5 * j + 3 * k) % 11) / 8.0
# Regions 1 to 4, the background last.
order = [1, 2, 3, 4, 0]
masks = [(label == r).astype(float) for r in order]


def zero_matrix(n, s):
    m = 64 * n
    f = np.minimum(np.arange(m), m - np.arange(m)) / m
    taps = np.fft.ifft(np.exp(-2 * (np.pi * s * f) ** 2)).real
    return taps[np.abs(np.subtract.outer(np.arange(n), np.arange(n)))]


def blur_mirror(a):
    for axis, (n, s) in enumerate(zip(shape, sigma)):
        gain = np.exp(-2 * (np.pi * s * np.arange(n) / (2 * n)) ** 2)
        a = idct(dct(a, axis=axis) * gain.reshape([-1 if x == axis else 1 for x in range(3)]), axis=axis)
    return a


def blur_zero(a):
    for axis, (n, s) in enumerate(zip(shape, sigma)):
        a = np.moveaxis(np.tensordot(zero_matrix(n, s), a, (1, axis)), 0, axis)
    return a


def means(a):
    return np.array([(a * m).sum() / m.sum() for m in masks])


for border, h in [("mirror", blur_mirror), ("zero", blur_zero)]:
    out = {}
    b = [h(m) for m in masks]
    omega = np.array([[(m * c).sum() / m.sum() for c in b] for m in masks])
    out["gtm"] = t = np.linalg.solve(omega, means(pet))
    products = np.array([[(c * d).sum() for d in b] for c in b])
    out["labbe"] = l = np.linalg.solve(products, [(c * pet).sum() for c in b])
    inverse = np.linalg.inv(omega)
    sizes = np.array([m.sum() for m in masks])
    noise = np.sqrt(np.diag(inverse @ np.diag(1 / sizes) @ inverse.T) * sizes)
    noise_labbe = np.sqrt(np.diag(np.linalg.inv(products)) * sizes)
    for name, start in [("rbv", t), ("labbe+rbv", l)]:
        s = sum(max(v, 0) * m for v, m in zip(start, masks))
        out[name] = means(pet * s / h(s))
    for name, start in [("mtc", t), ("labbe+mtc", l)]:
        out[name] = means(sum(m * (pet - sum(start[q] * b[q] for q in range(5) if q != p)) / b[p]
                              for p, m in enumerate(masks)))
    g = pet
    for _ in range(3):
        s = sum(max(v, 0) * m for v, m in zip(means(g), masks))
        g = pet * s / h(s)
    out["iy"] = means(g)
    rec, g = sum(m * c for m, c in zip(masks, b)), np.maximum(pet, 0)
    for n in range(3):
        g = (pet - sum((1 - m) * h(m * g) for m in masks)) / rec
        g = np.maximum(g, 0) if n < 2 else g
    out["stc"] = means(g)
    g = pet
    for _ in range(3):
        g = np.maximum(g + 1.5 * h(pet - h(g)), 0)
    out["vc"] = means(g)
    g = pet
    for _ in range(3):
        g = g * h(pet / h(g))
    out["rl"] = means(g)
    gray, white = masks[1] + masks[2] + masks[3], masks[0]
    bg = h(gray)
    g = np.where(gray > 0, (pet - 3 * h(white)) * gray / np.where(gray > 0, bg, 1), 0)
    out["mg"] = means(g)

    def inside(start, method):
        total = np.zeros(shape)
        for m in masks:
            hm = h(m)
            f = start * m

            def own(x):
                return np.where(m > 0, h(m * x) / np.where(m > 0, hm, 1), 0)
            x = f
            for _ in range(3):
                x = np.maximum(x + 1.5 * own(f - own(x)), 0) if method == "vc" else np.where(
                    m > 0, x * f / np.where(m > 0, own(x), 1), 0)
            total += m * x
        return means(total)
    s = sum(max(v, 0) * m for v, m in zip(t, masks))
    rbv = pet * s / h(s)
    out["rbv+vc"], out["rbv+rl"] = inside(rbv, "vc"), inside(rbv, "rl")
    print(border, "condition", repr(np.linalg.cond(omega)))
    print("   noise gtm  ", ", ".join(f"{v:.9g}" for v in noise))
    print("   noise labbe", ", ".join(f"{v:.9g}" for v in noise_labbe))
    for name, values in out.items():
        print(f'        ("{name}", [{", ".join(f"{v:.9g}" for v in values)}]),')

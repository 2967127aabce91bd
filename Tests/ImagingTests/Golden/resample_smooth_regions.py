"""Expected values of ResampleTests, SmoothTests and RegionTests, from independent programs.

    pip install numpy==2.4.6 scipy==1.17.1 SimpleITK==2.5.7 && python resample_smooth_regions.py
"""
import numpy as np
import scipy.fft
import SimpleITK as sitk
from scipy import ndimage

shape = (7, 6, 5)
i, j, k = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
pattern = ((7 * i + 13 * j + 29 * k + 3 * i * j + 5 * j * k) % 31).astype(np.float64)


def show(name, values):
    print(name, "[" + ", ".join(f"{v:.9g}" for v in np.ravel(values, order="F")) + "]")


# Target voxel (i, j, k) of a 3 x 3 x 2 grid lies at source index m @ (i, j, k) + t, all inside the outermost centres.
m = np.array([[1.9, 0.3, 0.2], [-0.4, 1.6, 0.1], [0.25, -0.2, 1.7]])
t = np.array([0.72, 1.3, 0.9])
for order, mode in ((0, "nearest"), (1, "nearest"), (3, "mirror")):
    show(f"affine_transform order {order}",
         ndimage.affine_transform(pattern, m, t, (3, 3, 2), order=order, mode=mode, prefilter=True))

# Along i through the faces: which points count as inside, and what they get.
x = np.array([-0.6, -0.5, -0.4, -0.1, 0.0, 2.5, 6.0, 6.3, 6.49, 6.5, 6.6])
points = np.stack([x, np.full_like(x, 2.0), np.full_like(x, 3.0)])
show("spline mirror through the faces", ndimage.map_coordinates(pattern, points, order=3, mode="mirror"))
image = sitk.GetImageFromArray(pattern.T)
for name, kind in (("linear", sitk.sitkLinear), ("nearest", sitk.sitkNearestNeighbor)):
    row = []
    for v in x:
        one = sitk.Image(1, 1, 1, sitk.sitkFloat64)
        one.SetOrigin((float(v), 2.0, 3.0))
        row.append(sitk.GetArrayFromImage(sitk.Resample(image, one, sitk.Transform(), kind, -1.0))[0, 0, 0])
    show(f"SimpleITK {name} through the faces, outside -1", np.array(row))


def exact(a, sigma):
    """The continuous Gaussian's transfer function on the mirrored image, by the discrete cosine transform."""
    c = scipy.fft.dctn(a, type=2)
    for axis, s in enumerate(sigma):
        n = a.shape[axis]
        g = np.exp(-2 * (np.pi * s * np.arange(n) / (2 * n)) ** 2)
        c *= g.reshape([-1 if q == axis else 1 for q in range(a.ndim)])
    return scipy.fft.idctn(c, type=2)


for sigma in ((0.3, 0.5, 0.7), (1.274, 1.0, 0.8), (2.5, 2.0, 3.0)):
    show(f"Gaussian {sigma}, j = 2, k = 3", exact(pattern, sigma)[:, 2, 3])
show("gaussian_filter 2.5 2 3 reflect, j = 2, k = 3",
     ndimage.gaussian_filter(pattern, (2.5, 2.0, 3.0), truncate=12, mode="reflect")[:, 2, 3])

labels = (i * 2 + j * 3 + k) % 7 // 2 * 5
for label in np.unique(labels)[1:]:
    v = pattern[labels == label]
    print("region", label, v.size, *[f"{q:.15g}" for q in (v.mean(), v.std(ddof=1), np.median(v), v.min(), v.max())])

a, b = pattern.ravel(), (pattern.ravel() * 3 + i.ravel()) % 31
h = np.histogram2d(a, b, bins=8, range=[[0, 31], [0, 31]])[0]
p = h / h.sum()
e = lambda q: -np.sum(q[q > 0] * np.log(q[q > 0]))
print("entropies", f"{e(p.sum(1)):.15g} {e(p.sum(0)):.15g} {e(p):.15g}", int(h[0, 0]), int(h[3, 5]))

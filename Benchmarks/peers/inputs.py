"""Seeded inputs of the sizes people have: made once, kept in work/."""
import gzip
import json
import os

import nibabel as nib
import numpy as np
from scipy.fft import dct, idct
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

PET = (128, 128, 90)
FRAMES = 40
CT = (512, 512, 300)
HRRT = (256, 256, 207)


def centred(shape, voxel):
    a = np.diag([*voxel, 1.0])
    a[:3, 3] = [-(n - 1) / 2 * v for n, v in zip(shape, voxel)]
    return a


def save(path, voxels, affine, slope=1.0):
    """A gzipped NIfTI file (zlib level 6) of the voxels as they are, with a scale factor."""
    header = nib.Nifti1Image(np.zeros((1, 1, 1), voxels.dtype), affine).header
    header.set_data_shape(voxels.shape)
    header["scl_slope"], header["scl_inter"] = slope, 0
    header["magic"], header["vox_offset"] = b"n+1", 352
    with gzip.GzipFile(path + ".part", "wb", compresslevel=6, mtime=0) as out:
        out.write(header.binaryblock + bytes(4))
        for plane in voxels.reshape(-1, *voxels.shape[2:], order="F").T.reshape(-1, voxels.shape[0] * voxels.shape[1]):
            out.write(np.ascontiguousarray(plane).tobytes())
    os.replace(path + ".part", path)


def head(shape, affine, moved=np.eye(4)):
    """Millimetre coordinates and the ellipsoid's radius (1 at the skin) of every voxel, slice by slice."""
    to = moved @ affine
    i, j = np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")
    for k in range(shape[2]):
        p = np.stack([i, j, np.full_like(i, k)], -1) @ to[:3, :3].T + to[:3, 3]
        yield k, p, np.sqrt(((p / [72, 92, 80]) ** 2).sum(-1))


def labels(shape, affine, centres):
    """0 outside the brain, else 1...80: the nearest centre."""
    tree = cKDTree(centres)
    out = np.zeros(shape, np.uint8)
    for k, p, r in head(shape, affine):
        inside = r < 0.9
        if inside.any():
            out[..., k][inside] = tree.query(p[inside])[1] + 1
    return out


def make_pvc(folder):
    """The labels with an activity each, blurred by the continuous Gaussian of 6 mm (mirrored at the faces), and noise."""
    if os.path.exists(f"{folder}/pvc.nii.gz"):
        return
    image = nib.load(f"{folder}/labels.nii.gz")
    lab = np.asarray(image.dataobj)
    r = np.random.default_rng(20240612)
    values = r.uniform(5, 40, 81)
    values[0] = 0.5
    x = values[lab]
    sigma = 6 / (2 * np.sqrt(2 * np.log(2))) / 2
    for axis, n in enumerate(PET):
        gain = np.exp(-2 * (np.pi * sigma * np.arange(n) / (2 * n)) ** 2)
        x = idct(dct(x, axis=axis) * gain.reshape([-1 if a == axis else 1 for a in range(3)]), axis=axis)
    x += 0.01 * x.max() * r.standard_normal(PET)
    save(f"{folder}/pvc.nii.gz", x.astype(np.float32), image.affine)
    values.tofile(f"{folder}/pvc.f64")


def make(folder):
    if not os.path.exists(f"{folder}/inputs.json"):
        make_images(folder)
    make_pvc(folder)


def make_images(folder):
    os.makedirs(folder, exist_ok=True)
    r = np.random.default_rng(20240611)
    centres = r.normal(0, 1, (80, 3))
    centres *= (r.uniform(0.05, 1, 80) ** (1 / 3) / np.linalg.norm(centres, axis=1))[:, None] * 0.85 * np.array([72, 92, 80])

    affine = centred(PET, (2, 2, 2))
    lab = labels(PET, affine, centres)
    save(f"{folder}/labels.nii.gz", lab, affine)
    t = np.arange(FRAMES) + 0.5
    rate, level = r.uniform(0.05, 0.4, 81), r.uniform(4e3, 2e4, 81)
    curves = level[:, None] * (1 - np.exp(-rate[:, None] * t)) * np.exp(-t / 60)
    curves[0] = 0
    slope = float(np.float32(curves.max() * 1.6 / 32000))
    pet = np.empty((*PET, FRAMES), np.int16)
    for f in range(FRAMES):
        mean = curves[lab, f].astype(np.float32)
        noise = 12 * np.sqrt(mean + 50) * np.sqrt(2) * r.standard_normal(PET, dtype=np.float32)
        pet[..., f] = np.clip(np.rint((mean + noise) / slope), -32000, 32000)
    save(f"{folder}/pet4d.nii.gz", pet, affine, slope)

    fine = centred(HRRT, (1.21875,) * 3)
    lab = labels(HRRT, fine, centres)
    x = gaussian_filter(curves[lab, 32].astype(np.float32), 0.9)
    x = np.maximum(x + 8 * np.sqrt(x + 50) * r.standard_normal(HRRT, dtype=np.float32), 0).astype(np.float32)
    save(f"{folder}/hrrt.nii.gz", x, fine)

    # The CT stands 3.9 degrees and some millimetres off the PET: its header says so.
    turn = np.deg2rad([2.5, -2.0, 2.2])
    c, s = np.cos(turn), np.sin(turn)
    rx = np.array([[1, 0, 0], [0, c[0], -s[0]], [0, s[0], c[0]]])
    ry = np.array([[c[1], 0, s[1]], [0, 1, 0], [-s[1], 0, c[1]]])
    rz = np.array([[c[2], -s[2], 0], [s[2], c[2], 0], [0, 0, 1]])
    moved = np.eye(4)
    moved[:3, :3], moved[:3, 3] = rz @ ry @ rx, [3.1, -4.2, 5.3]
    affine = moved @ centred(CT, (0.5, 0.5, 0.7))
    ct = np.empty(CT, np.int16)
    for k, _, radius in head(CT, affine):
        hu = np.where(radius < 0.9, 36, np.where(radius < 0.95, 950, np.where(radius < 1, -90, -1000))).astype(np.float32)
        hu = gaussian_filter(hu, 0.9)
        hu += (6 + 4 * (hu > -500)) * r.standard_normal(hu.shape, dtype=np.float32)
        ct[..., k] = np.clip(np.rint(hu), -1024, 3071)
    save(f"{folder}/ct.nii.gz", ct, affine)

    # 24 h of a wrist at 100 Hz, g: gravity, noise, and every hour a minute of 5 Hz tremor.
    n = 24 * 3600 * 100
    x = 0.02 * r.standard_normal((n, 3), dtype=np.float32) + np.float32([0.3, -0.5, 0.81])
    for hour in range(24):
        at = hour * 360000 + np.arange(6000)
        x[at] += np.float32(0.1) * np.sin(2 * np.pi * (4.5 + 0.05 * hour) * at / 100).astype(np.float32)[:, None]
    x.tofile(f"{folder}/wrist.f32")
    with open(f"{folder}/inputs.json", "w") as out:
        json.dump(dict(pet4d=[*PET, FRAMES], ct=CT, hrrt=HRRT, labels=80, wrist=n), out)


# Where the CT of the pair shows what the PET shows at a point: degrees about x, y, z, then mm.
PAIR = ([2.0, -1.5, 3.0], [4.0, -3.0, 2.5])


def rigid(degrees, shift):
    a, b, c = np.deg2rad(degrees)
    m = np.eye(4)
    m[:3, :3] = (
        np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
        @ np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
        @ np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]]))
    m[:3, 3] = shift
    return m


def tissue(p, r):
    """0 air, 1 skin, 2 skull, 3 fluid, 4 white, 5 grey, 6 striatum, from millimetres and the ellipsoid's radius."""
    x, y, z = p[..., 0], p[..., 1], p[..., 2]
    neck = (x / 48) ** 2 + ((y + 12) / 55) ** 2 < 1
    nose = (x / 11) ** 2 + ((y - 93) / 15) ** 2 + ((z + 24) / 15) ** 2 < 1
    spine = (x / 10) ** 2 + ((y + 24) / 10) ** 2 < 1
    sinus = (x / 14) ** 2 + ((y - 76) / 8) ** 2 + ((z + 10) / 12) ** 2 < 1
    fold = np.sin(0.31 * x + 0.2 * z) * np.sin(0.27 * y - 0.22 * x) + np.sin(0.29 * z + 0.24 * y)
    side = np.abs(x)
    ventricle = ((side - 9) / 6) ** 2 + ((y - 4) / 25) ** 2 + ((z - 12) / 9) ** 2 < 1
    striatum = ((side - 25) / 7) ** 2 + ((y - 3) / 19) ** 2 + ((z - 2) / 11) ** 2 < 1
    below = ((side - 22) / 24) ** 2 + ((y + 46) / 22) ** 2 + ((z + 46) / 15) ** 2 < 1
    inside = [neck & (z < -40) & spine, sinus, r < 0.84, r < 0.87, r < 0.94, r < 1, (neck & (z < -40)) | nose]
    deep = np.select([ventricle, striatum, below, r > 0.7 + 0.05 * fold], [3, 6, 5, 5], 4)
    return np.select(inside, [2, 0, deep, 3, 2, 1, 1], 0).astype(np.uint8)


def make_pair(folder):
    """A PET of 128x128x90 and a CT of 512x512x300 of one moved head, and truth.json: the CT's world from the PET's."""
    if os.path.exists(f"{folder}/truth.json"):
        return
    os.makedirs(folder, exist_ok=True)
    r = np.random.default_rng(20240613)
    move = rigid(*PAIR)
    affine = centred(PET, (2, 2, 2))
    uptake = np.array([0, 2, 1.2, 1.5, 3, 7, 18], np.float32)
    pet = np.empty(PET, np.float32)
    for k, p, radius in head(PET, affine):
        pet[..., k] = uptake[tissue(p, radius)]
    pet = gaussian_filter(pet, 5 / 2.355 / 2)
    noise = gaussian_filter(r.standard_normal(PET, dtype=np.float32), 4 / 2.355 / 2)
    pet += 0.35 * np.sqrt(pet + 0.3) * noise / noise.std()
    save(f"{folder}/pair_pet.nii.gz", pet, affine)
    affine = centred(CT, (0.5, 0.5, 0.625))
    hounsfield = np.array([-1000, 45, 950, 8, 28, 38, 40], np.float32)
    ct = np.empty(CT, np.int16)
    for k, p, radius in head(CT, affine, np.linalg.inv(move)):
        hu = gaussian_filter(hounsfield[tissue(p, radius)], 0.9)
        hu += (6 + 4 * (hu > -500)) * r.standard_normal(hu.shape, dtype=np.float32)
        ct[..., k] = np.clip(np.rint(hu), -1024, 3071)
    save(f"{folder}/pair_ct.nii.gz", ct, affine)
    coarse = (128, 128, 75)
    mean = gaussian_filter(ct.astype(np.float32), (1.7, 1.7, 1.36))[1::4, 1::4, 1::4]
    at = np.array([1, 1, 1, 1.0])
    affine2 = affine @ np.diag([4, 4, 4, 1.0])
    affine2[:3, 3] = (affine @ at)[:3]
    save(f"{folder}/pair_ct_2mm.nii.gz", mean[:, :, : coarse[2]].astype(np.float32), affine2)
    with open(f"{folder}/truth.json", "w") as out:
        json.dump(move.tolist(), out)


if __name__ == "__main__":
    make("work")

"""Today's tools on the workloads of peer-run. Run by compare.py, one process a run:

    python peers.py WORKLOAD PEER FOLDER OUT

Prints seconds of the work alone and the most memory resident up to its end; leaves the result in OUT as raw numbers.
"""
import json
import sys
import time

import wearable_peers

FWHM = 6.0
SIGMA = FWHM / 2.3548200450309493
PEERS = {**wearable_peers.PEERS}


def peer(workload, name):
    def add(function):
        PEERS.setdefault(workload, {})[name] = function
        return function
    return add


class Timed:
    """`with timed:` around the work; imports, reading inputs and checking stay outside."""

    def __enter__(self):
        self.start, self.cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *_):
        self.seconds, self.cpu = time.perf_counter() - self.start, time.process_time() - self.cpu
        with open("/proc/self/status") as status:
            self.peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def voxels(path):
    """Voxels as float32, i fastest in memory, as our program and SimpleITK hold them."""
    import nibabel as nib
    import numpy as np
    return np.asfortranarray(nib.load(path).get_fdata(dtype=np.float32, caching="unchanged"))


def affine(path):
    import nibabel as nib
    return nib.load(path).affine


for load in ("load_pet4d", "load_ct", "load_hrrt"):
    @peer(load, "nibabel")
    def _(folder, timed, name=load[5:]):
        import nibabel as nib
        import numpy as np
        with timed:
            return nib.load(f"{folder}/{name}.nii.gz").get_fdata(dtype=np.float32)

    @peer(load, "SimpleITK")
    def _(folder, timed, name=load[5:]):
        import SimpleITK as sitk
        with timed:
            image = sitk.ReadImage(f"{folder}/{name}.nii.gz", sitk.sitkFloat32)
        return sitk.GetArrayFromImage(image).T

    @peer(load, "script: igzip (isal) + numpy")
    def _(folder, timed, name=load[5:]):
        import numpy as np
        from isal import igzip
        with timed:
            with igzip.open(f"{folder}/{name}.nii.gz", "rb") as file:
                stored = file.read()
            shape = np.frombuffer(stored, "<i2", 8, 40)
            kind = {4: "<i2", 16: "<f4"}[int(np.frombuffer(stored, "<i2", 1, 70)[0])]
            slope = np.frombuffer(stored, "<f4", 1, 112)[0]
            a = np.frombuffer(stored, kind, offset=352).reshape(shape[1:1 + shape[0]], order="F").astype(np.float32)
            if slope != 1:
                a *= slope
        return a


for series in ("dicom_ct_raw", "dicom_ct_rle", "dicom_ct_jls", "dicom_pet"):
    @peer(series, "pydicom (loop, sort, stack, rescale)")
    def _(folder, timed, series=series):
        import glob
        import numpy as np
        import pydicom
        import pydicom.pixels  # noqa: F401
        with timed:
            slices = [pydicom.dcmread(file) for file in glob.glob(f"{folder}/{series}/*.dcm")]
            normal = np.cross(*np.array(slices[0].ImageOrientationPatient, float).reshape(2, 3))
            slices.sort(key=lambda ds: float(np.dot(normal, np.array(ds.ImagePositionPatient, float))))
            volume = np.empty((len(slices), slices[0].Rows, slices[0].Columns), np.float32)
            for k, ds in enumerate(slices):
                volume[k] = ds.pixel_array
                volume[k] *= float(ds.RescaleSlope)
                volume[k] += float(ds.RescaleIntercept)
        return volume.T

    @peer(series, "SimpleITK ImageSeriesReader")
    def _(folder, timed, series=series):
        import SimpleITK as sitk
        with timed:
            reader = sitk.ImageSeriesReader()
            reader.SetFileNames(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(f"{folder}/{series}"))
            reader.SetOutputPixelType(sitk.sitkFloat32)
            image = reader.Execute()
        return sitk.GetArrayFromImage(image).T

    @peer(series, "dcm2niix -z n, to a file (whole program)")
    def _(folder, timed, series=series):
        import resource
        import subprocess
        import tempfile
        import dcm2niix
        import nibabel as nib
        import numpy as np
        with tempfile.TemporaryDirectory() as out:
            command = [dcm2niix.bin, "-z", "n", "-b", "n", "-f", "o", "-o", out, f"{folder}/{series}"]
            with timed:
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            timed.cpu, timed.peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
            # It turns the rows over.
            return nib.load(f"{out}/o.nii").get_fdata(dtype=np.float32)[:, ::-1]


@peer("regions", "script: numpy bincount per frame")
def _(folder, timed):
    import numpy as np
    x, label = voxels(f"{folder}/pet4d.nii.gz"), voxels(f"{folder}/labels.nii.gz").astype(np.uint8)
    with timed:
        flat = label.ravel(order="F")
        n = np.bincount(flat, minlength=81)
        mean = [np.bincount(flat, weights=x[..., f].ravel(order="F"), minlength=81) / n for f in range(x.shape[3])]
        return np.stack(mean, 1)[1:]


@peer("regions", "script: numpy sorted labels + add.reduceat")
def _(folder, timed):
    import numpy as np
    x, label = voxels(f"{folder}/pet4d.nii.gz"), voxels(f"{folder}/labels.nii.gz").astype(np.uint8)
    with timed:
        flat = label.ravel(order="F")
        order = np.argsort(flat, kind="stable")
        order = order[flat[order] > 0]
        edges = np.searchsorted(flat[order], np.arange(1, 82))
        n = np.diff(edges)
        return np.stack([np.add.reduceat(x[..., f].ravel(order="F")[order], edges[:-1], dtype=np.float64) / n
                         for f in range(x.shape[3])], 1)


@peer("regions", "scipy.ndimage.mean per frame")
def _(folder, timed):
    import numpy as np
    from scipy import ndimage
    x, label = voxels(f"{folder}/pet4d.nii.gz"), voxels(f"{folder}/labels.nii.gz").astype(np.uint8)
    with timed:
        return np.stack([ndimage.mean(x[..., f], label, np.arange(1, 81)) for f in range(x.shape[3])], 1)


def dynamic(folder):
    """Voxels as columns, one frame a row, and the reference: the mean of label 1."""
    import numpy as np
    x, label = voxels(f"{folder}/pet4d.nii.gz"), voxels(f"{folder}/labels.nii.gz")
    x = x.reshape(-1, x.shape[3], order="F").T
    return x, x[:, label.ravel(order="F") == 1].mean(1, dtype=np.float64)


@peer("map_memory", "numpy sum of all voxels (one core)")
def _(folder, timed):
    import numpy as np
    x, _ = dynamic(folder)
    with timed:
        return np.array([x.sum()])


@peer("map_patlak", "script: numpy, one matrix product")
def _(folder, timed):
    import numpy as np
    x, reference = dynamic(folder)
    with timed:
        integral = np.cumsum(reference) - reference / 2
        used = slice(20, None)
        line = np.stack([integral[used] / reference[used], np.ones(20)], 1)
        row = np.linalg.pinv(line)[0] / reference[used]
        return row.astype(np.float32) @ x[used]


@peer("map_mrtm", "script: numpy, normal equations of all voxels at once")
def _(folder, timed):
    import numpy as np
    x, reference = dynamic(folder)
    with timed:
        out = np.empty(x.shape[1], np.float32)
        fixed = np.stack([np.cumsum(reference) - reference / 2, reference], 1)
        for start in range(0, x.shape[1], 1 << 15):
            y = x[:, start:start + (1 << 15)].astype(np.float64)
            own = np.cumsum(y, 0) - y / 2
            gram = np.empty((y.shape[1], 3, 3))
            right = np.empty((y.shape[1], 3))
            gram[:, :2, :2] = fixed.T @ fixed
            gram[:, :2, 2] = gram[:, 2, :2] = own.T @ fixed
            gram[:, 2, 2] = np.einsum("fv,fv->v", own, own)
            right[:, :2] = y.T @ fixed
            right[:, 2] = np.einsum("fv,fv->v", own, y)
            gamma = np.linalg.solve(gram, right[..., None])[..., 0]
            out[start:start + (1 << 15)] = -gamma[:, 0] / gamma[:, 2] - 1
        return out


def bases(reference, rates):
    """Averages over frames of 1 min of the reference, straight between the frames' middles, convolved with exponentials."""
    import numpy as np
    fine = 240
    t = (np.arange(len(reference) * fine) + 0.5) / fine
    curve = np.interp(t, np.concatenate([[0], np.arange(len(reference)) + 0.5]), np.concatenate([[0], reference]))
    out = []
    for rate in rates:
        decay = np.exp(-rate / fine)
        # The midpoint of each step: its own half, and what is left of all before.
        convolved = np.empty_like(curve)
        state = 0.0
        for i, value in enumerate(curve):
            convolved[i] = state * np.sqrt(decay) + value * (1 - np.sqrt(decay)) / rate
            state = state * decay + value * (1 - decay) / rate
        out.append(convolved.reshape(-1, fine).mean(1))
    return np.array(out)


@peer("map_srtm", "script: numpy, all rates as one matrix product, best of the grid")
def _(folder, timed):
    import numpy as np
    x, reference = dynamic(folder)
    rates = np.geomspace(6e-4, 6, 128)
    curves = bases(reference, rates)
    with timed:
        fixed = reference / np.linalg.norm(reference)
        overlap = curves @ fixed
        units = curves - overlap[:, None] * fixed
        length = np.linalg.norm(units, axis=1)
        units /= length[:, None]
        out = np.empty(x.shape[1], np.float32)
        for start in range(0, x.shape[1], 1 << 15):
            y = x[:, start:start + (1 << 15)].astype(np.float64)
            projection = units @ y
            best = np.argmax(projection ** 2, 0)
            theta2 = projection[best, np.arange(len(best))] / length[best]
            R1 = (fixed @ y - theta2 * overlap[best]) / np.linalg.norm(reference)
            out[start:start + (1 << 15)] = theta2 / rates[best] + R1 - 1
        return out


def itk_like(sitk, np, path):
    import nibabel as nib
    image = nib.load(path)
    lps = np.diag([-1, -1, 1, 1]) @ image.affine
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    like = sitk.Image(*[int(n) for n in image.shape[:3]], sitk.sitkFloat32)
    like.SetSpacing(spacing.tolist())
    like.SetOrigin(lps[:3, 3].tolist())
    like.SetDirection((lps[:3, :3] / spacing).ravel().tolist())
    return like


for work, order in (("resample_ct_to_pet", 1), ("spline_ct_to_pet", 3)):
    @peer(work, "SimpleITK Resample")
    def _(folder, timed, order=order):
        import numpy as np
        import SimpleITK as sitk
        x = sitk.ReadImage(f"{folder}/ct.nii.gz", sitk.sitkFloat32)
        like = itk_like(sitk, np, f"{folder}/labels.nii.gz")
        kind = sitk.sitkLinear if order == 1 else sitk.sitkBSpline
        with timed:
            y = sitk.Resample(x, like, sitk.Transform(), kind, -1024.0)
        return sitk.GetArrayFromImage(y).T

    @peer(work, "scipy.ndimage.affine_transform")
    def _(folder, timed, order=order):
        import numpy as np
        from scipy.ndimage import affine_transform
        x = voxels(f"{folder}/ct.nii.gz")
        m = np.linalg.inv(affine(f"{folder}/ct.nii.gz")) @ affine(f"{folder}/labels.nii.gz")
        with timed:
            return affine_transform(x, m[:3, :3], m[:3, 3], (128, 128, 90), order=order, output=np.float32,
                                    mode="constant" if order == 1 else "mirror", cval=-1024)


@peer("smooth_hrrt", "scipy.ndimage.gaussian_filter (truncate 4)")
def _(folder, timed):
    from scipy.ndimage import gaussian_filter
    x = voxels(f"{folder}/hrrt.nii.gz")
    with timed:
        return gaussian_filter(x, SIGMA / 1.21875)


@peer("smooth_hrrt", "script: scipy.fft, 2 workers")
def _(folder, timed):
    import numpy as np
    from scipy import fft
    x = voxels(f"{folder}/hrrt.nii.gz")
    with timed:
        sigma = SIGMA / 1.21875
        shape = [fft.next_fast_len(n + int(4 * sigma + .5), real=True) for n in x.shape]
        spectrum = fft.rfftn(x, shape, workers=2)
        for axis, n in enumerate(shape):
            f = fft.rfftfreq(n) if axis == 2 else fft.fftfreq(n)
            spectrum *= np.exp(-2 * (np.pi * sigma * f) ** 2).astype(np.float32).reshape(
                [-1 if i == axis else 1 for i in range(3)])
        return fft.irfftn(spectrum, shape, workers=2)[:x.shape[0], :x.shape[1], :x.shape[2]]


@peer("smooth_hrrt", "SimpleITK SmoothingRecursiveGaussian")
def _(folder, timed):
    import SimpleITK as sitk
    x = sitk.ReadImage(f"{folder}/hrrt.nii.gz", sitk.sitkFloat32)
    with timed:
        y = sitk.SmoothingRecursiveGaussian(x, SIGMA)
    return sitk.GetArrayFromImage(y).T


def transfer_matrix(lab, blurred_mean):
    """ω: the mean over region i (row) of region j blurred; `blurred_mean` gives a column."""
    import numpy as np
    return np.stack([blurred_mean(region) for region in range(81)], axis=1)


def gtm_whole(pet, lab):
    """Each region's mask is blurred over the whole image."""
    import numpy as np
    from scipy.ndimage import gaussian_filter
    flat, sizes = lab.ravel(), np.bincount(lab.ravel(), minlength=81)

    def column(region):
        blurred = gaussian_filter((lab == region).astype(np.float32), SIGMA / 2)
        return np.bincount(flat, weights=blurred.ravel(), minlength=81) / sizes
    means = np.bincount(flat, weights=pet.ravel(), minlength=81) / sizes
    return np.linalg.solve(transfer_matrix(lab, column), means)


def gtm_cropped(pet, lab):
    """Each region's mask is blurred in its box and 4 σ around it."""
    import numpy as np
    from scipy.ndimage import find_objects, gaussian_filter
    sizes = np.bincount(lab.ravel(), minlength=81)
    boxes = [tuple(slice(0, n) for n in lab.shape)] + [
        tuple(slice(max(0, s.start - 6), s.stop + 6) for s in box) for box in find_objects(lab)]

    def column(region):
        part = lab[boxes[region]]
        blurred = gaussian_filter((part == region).astype(np.float32), SIGMA / 2)
        return np.bincount(part.ravel(), weights=blurred.ravel(), minlength=81) / sizes
    means = np.bincount(lab.ravel(), weights=pet.ravel(), minlength=81) / sizes
    return np.linalg.solve(transfer_matrix(lab, column), means)


for how, gtm in (("a region at a time", gtm_whole), ("regions cropped to their boxes", gtm_cropped)):
    @peer("pvc_gtm", f"script: scipy.ndimage.gaussian_filter, {how}")
    def _(folder, timed, gtm=gtm):
        pet, lab = voxels(f"{folder}/pvc.nii.gz"), voxels(f"{folder}/labels.nii.gz").astype("uint8")
        with timed:
            return gtm(pet, lab)

    @peer("pvc_rbv", f"script: scipy.ndimage.gaussian_filter, {how}")
    def _(folder, timed, gtm=gtm):
        import numpy as np
        from scipy.ndimage import gaussian_filter
        pet, lab = voxels(f"{folder}/pvc.nii.gz"), voxels(f"{folder}/labels.nii.gz").astype("uint8")
        with timed:
            sharp = np.maximum(gtm(pet, lab), 0)[lab].astype(np.float32)
            return pet * sharp / gaussian_filter(sharp, SIGMA / 2)


def petpvc(folder, timed, program, masks, read):
    """A program of PETPVC, files in and out; the time is of the whole program."""
    import resource
    import subprocess
    import tempfile
    with tempfile.TemporaryDirectory() as out:
        with timed:
            done = subprocess.run([program, f"{folder}/pvc.nii.gz", masks, *read[:1],
                                   "-x", "6", "-y", "6", "-z", "6"], cwd=out, capture_output=True, text=True, check=True)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        timed.cpu, timed.peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        return done.stdout if not read else voxels(f"{out}/{read[0]}")


def masks4d(folder):
    import os
    import nibabel as nib
    import numpy as np
    path = f"{folder}/pvc_masks.nii.gz"
    if not os.path.exists(path):
        image = nib.load(f"{folder}/labels.nii.gz")
        lab = np.asarray(image.dataobj)
        nib.save(nib.Nifti1Image(np.stack([lab == r for r in range(81)], -1).astype(np.uint8), image.affine), path)
    return path


@peer("pvc_gtm", "PETPVC pvc_gtm (whole program)")
def _(folder, timed):
    import numpy as np
    text = petpvc(folder, timed, "pvc_gtm", masks4d(folder), [])
    return np.array([float(word) for word in text.split()[-81:]])


@peer("pvc_rbv", "PETPVC pvc_rbv (whole program)")
def _(folder, timed):
    return petpvc(folder, timed, "pvc_rbv", masks4d(folder), ["corrected.nii"])


def wrist(folder):
    import numpy as np
    return np.fromfile(f"{folder}/wrist.f32", np.float32).reshape(-1, 3)


@peer("welch_24h", "scipy.signal.welch")
def _(folder, timed):
    import numpy as np
    from scipy.signal import welch
    x = wrist(folder).astype(np.float64)
    with timed:
        return welch(x, 100.0, "hann", 400, 200, detrend="constant", axis=0)[1].sum(1)


@peer("welch_24h", "script: numpy/scipy.fft in chunks, 2 workers")
def _(folder, timed):
    import numpy as np
    from scipy import fft
    x = wrist(folder)
    with timed:
        window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)).astype(np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(x, 400, axis=0)[::200]
        density = np.zeros(201)
        for start in range(0, len(windows), 4096):
            chunk = windows[start:start + 4096]
            spectrum = fft.rfft((chunk - chunk.mean(-1, keepdims=True)) * window, axis=-1, workers=2)
            density += (spectrum.real ** 2 + spectrum.imag ** 2).sum((0, 1), dtype=np.float64)
        density *= 2 / (100 * float((window.astype(np.float64) ** 2).sum())) / len(windows)
        density[[0, -1]] /= 2
        return density


if __name__ == "__main__":
    workload, name, folder, out = sys.argv[1:5]
    timed = Timed()
    result = PEERS[workload][name](folder, timed)
    import numpy as np
    if out and result is not None:
        kind = np.float64 if result.dtype == np.float64 else np.float32
        flat = result.ravel(order="C" if workload in ("regions", "welch_24h") else "F")
        flat.astype(kind, copy=False).tofile(out)
    print(json.dumps(dict(best_s=timed.seconds, cpu_s=timed.cpu, peak_mb=timed.peak,
                          kind=None if result is None else result.dtype.name)))

#!/usr/bin/env python3
"""Rigid alignment beside SimpleITK: do both find the same place on real pairs, and how long does each take?

    python3 registration.py agreement --engraft .build/release/engraft --images FOLDER
    python3 registration.py speed     --engraft .build/release/engraft

SimpleITK runs its Mattes mutual information with regular-step gradient descent over three levels, from ten seeds of its
random sampling. Where its ten results lie within 1 mm and 1 degree of their mean it is called stable; only there does
agreement mean something. Distances are in mm at 60 mm from the centre of the fixed image, the largest in 26 directions.

The speed is that of a PET of 128x128x90 voxels and a CT of 512x512x300 of one made-up head, moved by a known rigid
transform (inputs.py, made once in work/). SimpleITK and ANTs, where antspyx is installed, are given the CT averaged to 2 mm
already, and their time is that of the alignment alone; ours is the whole program, from the files to the transform, with
the CT as it is, and with that of 2 mm. All look at the same number of points on the finest level.
"""
import argparse, json, os, subprocess, tempfile, time
import numpy as np

ATLAS = "atlas/"
PAIRS = {
    "avg152 T1 - avg152 T2": ("spm12/canonical/avg152T1.nii", "spm12/canonical/avg152T2.nii"),
    "MNI152 - avg152 T1": ("nilearn/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz", "spm12/canonical/avg152T1.nii"),
    "scct (CT) - avg152 T1": ("clinical_ct/scct.nii", "spm12/canonical/avg152T1.nii"),
    "raclopride - avg152 T1": ("magia/templates/*raclo*", "spm12/canonical/avg152T1.nii"),
}


def rotation(degrees):
    a, b, c = np.radians(degrees)
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return z @ y @ x


def moved(path, folder):
    """The image with its header moved by 9, -7, 11 mm and 8, -6, 10 degrees, and the move."""
    import nibabel as nib
    image = nib.load(path)
    move = np.eye(4)
    move[:3, :3], move[:3, 3] = rotation([8, -6, 10]), [9, -7, 11]
    data = np.asarray(image.dataobj, dtype=np.float32)
    out = f"{folder}/moved.nii"
    nib.save(nib.Nifti1Image(data if data.ndim == 3 else data[..., 0], move @ image.affine), out)
    return out, move


def points(path):
    import nibabel as nib
    image = nib.load(path)
    middle = image.affine @ np.append((np.array(image.shape[:3]) - 1) / 2, 1)
    ways = [np.array([i, j, k]) for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)]
    return np.array([middle[:3] + (60 * w / np.linalg.norm(w) if w.any() else 0) for w in ways])


def apply(matrix, p):
    return p @ matrix[:3, :3].T + matrix[:3, 3]


def apart(a, b, p):
    return float(np.linalg.norm(apply(a, p) - apply(b, p), axis=1).max())


def angle(a, b):
    r = a[:3, :3] @ np.linalg.inv(b[:3, :3])
    return float(np.degrees(np.arccos(np.clip((np.trace(r) - 1) / 2, -1, 1))))


def simpleitk(fixed, moving, seed, share, geometry=True, threads=0, matrix=None):
    """The moving image's place, RAS 4x4, moving from fixed, and seconds without reading."""
    import SimpleITK as sitk
    if threads:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
    f, m = sitk.ReadImage(fixed, sitk.sitkFloat32), sitk.ReadImage(moving, sitk.sitkFloat32)
    start = time.perf_counter()
    how = sitk.CenteredTransformInitializerFilter
    initial = sitk.CenteredTransformInitializer(
        f, m, sitk.Euler3DTransform(), how.GEOMETRY if geometry else how.MOMENTS)
    r = sitk.ImageRegistrationMethod()
    r.SetMetricAsMattesMutualInformation(48)
    r.SetMetricSamplingStrategy(r.RANDOM)
    r.SetMetricSamplingPercentage(share, seed)
    r.SetInterpolator(sitk.sitkLinear)
    r.SetOptimizerAsRegularStepGradientDescent(
        2.0, 1e-3, 300, relaxationFactor=0.7, gradientMagnitudeTolerance=1e-8)
    r.SetOptimizerScalesFromPhysicalShift()
    r.SetShrinkFactorsPerLevel([4, 2, 1])
    r.SetSmoothingSigmasPerLevel([4, 2, 1])
    r.SmoothingSigmasAreSpecifiedInPhysicalUnitsOn()
    r.SetInitialTransform(initial, inPlace=False)
    found = r.Execute(f, m)
    seconds = time.perf_counter() - start
    flip = np.diag([-1.0, -1, 1])
    origin = np.array(found.TransformPoint((0.0, 0, 0)))
    columns = [np.array(found.TransformPoint(tuple(float(v) for v in e))) - origin for e in np.eye(3)]
    place = np.eye(4)
    place[:3, :3] = flip @ np.array(columns).T @ flip
    place[:3, 3] = flip @ origin
    return place, seconds


def engraft(program, fixed, moving, *more):
    start = time.perf_counter()
    done = subprocess.run([program, "register", "--fixed", fixed, "--moving", moving, "--json", "--accept-fail", *more],
                          capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    document = json.loads(done.stdout)
    return np.array(document["moving_from_fixed"]), seconds, document["quality"]["verdict"]


def find(images, pattern):
    import glob
    found = sorted(glob.glob(os.path.join(images, ATLAS, pattern)))
    if not found:
        raise SystemExit(f"{images}: there is no {pattern}")
    return found[0]


def agreement(o):
    import nibabel as nib
    print("| pair | SimpleITK, ten seeds: largest distance from their mean | ours from that mean | turn | verdict |")
    print("|---|---|---|---|---|")
    for name, (fixed, moving) in PAIRS.items():
        fixed = find(o.images, fixed)
        with tempfile.TemporaryDirectory() as folder:
            moving, move = moved(find(o.images, moving), folder)
            p = points(fixed)
            share = min(1.0, o.points / int(np.prod(nib.load(fixed).shape[:3])))
            theirs = [simpleitk(fixed, moving, seed, share)[0] for seed in range(1, o.seeds + 1)]
            mean = np.mean(theirs, axis=0)
            u, _, v = np.linalg.svd(mean[:3, :3])
            mean[:3, :3] = u @ v
            spread = max(apart(t, mean, p) for t in theirs)
            turn = max(angle(t, mean) for t in theirs)
            ours, _, verdict = engraft(o.engraft, fixed, moving)
            word = "stable" if spread < 1 and turn < 1 else "not stable"
            print(f"| {name} | {spread:.2f} mm, {turn:.2f} deg: {word} | {apart(ours, mean, p):.2f} mm "
                  f"| {angle(ours, mean):.2f} deg | {verdict} |", flush=True)
            if o.verbose:
                print(f"  from the move itself: ours {apart(ours, move, p):.2f} mm, theirs {apart(mean, move, p):.2f} mm")


def ants_rigid(fixed, moving):
    """The moving image's place by ANTs' rigid registration as it comes, and seconds without reading; None where it is absent."""
    try:
        import ants
    except ImportError:
        return None
    f, m = ants.image_read(fixed), ants.image_read(moving)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        done = ants.registration(f, m, type_of_transform="Rigid", random_seed=1, outprefix=folder + "/")
        seconds = time.perf_counter() - start
        found = ants.read_transform(done["fwdtransforms"][0])
    flip = np.diag([-1.0, -1, 1])
    origin = np.array(found.apply_to_point((0.0, 0, 0)))
    columns = [np.array(found.apply_to_point(tuple(float(v) for v in e))) - origin for e in np.eye(3)]
    place = np.eye(4)
    place[:3, :3], place[:3, 3] = flip @ np.array(columns).T @ flip, flip @ origin
    return place, seconds


def speed(o):
    import nibabel as nib
    import inputs
    work = f"{os.path.dirname(os.path.abspath(__file__))}/work"
    inputs.make_pair(work)
    fixed, full, coarse = (f"{work}/pair_{name}.nii.gz" for name in ("pet", "ct", "ct_2mm"))
    share = min(1.0, o.points / int(np.prod(nib.load(fixed).shape)))
    truth = np.array(json.load(open(f"{work}/truth.json")))
    p = points(fixed)
    runs = {
        "Engraft, whole program, CT 512x512x300": lambda n: engraft(
            o.engraft, fixed, full, "--points", str(o.points), "--seed", str(n))[:2],
        "Engraft, whole program, CT at 2 mm": lambda n: engraft(
            o.engraft, fixed, coarse, "--points", str(o.points), "--seed", str(n))[:2],
        "SimpleITK Mattes, CT at 2 mm, without reading": lambda n: simpleitk(fixed, coarse, n, share),
        "ANTs rigid, CT at 2 mm, without reading": lambda n: ants_rigid(fixed, coarse),
    }
    found = {name: [] for name in runs}
    for n in range(1, o.repeat + 1):
        for name, run in runs.items():
            done = run(n)
            if done:
                found[name].append((done[1], apart(done[0], truth, p)))
    base = None
    for name, rows in found.items():
        if not rows:
            print(f"| {name} | not installed | | |")
            continue
        times, errors = (sorted(r[i] for r in rows) for i in (0, 1))
        base = base or times[len(times) // 2]
        print(f"| {name} | {times[len(times) // 2]:.2f} s ({times[0]:.2f} - {times[-1]:.2f}) "
              f"| {errors[len(errors) // 2]:.2f} mm ({errors[-1]:.2f}) | {times[len(times) // 2] / base:.1f} |")


if __name__ == "__main__":
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("what", choices=["agreement", "speed"])
    a.add_argument("--engraft", default=".build/release/engraft")
    a.add_argument("--images", default="../shared/reference/images")
    a.add_argument("--seeds", type=int, default=10)
    a.add_argument("--points", type=int, default=150_000)
    a.add_argument("--repeat", type=int, default=3)
    a.add_argument("--verbose", action="store_true")
    o = a.parse_args()
    agreement(o) if o.what == "agreement" else speed(o)

#!/usr/bin/env python3
"""Rigid alignment beside SimpleITK: do both find the same place on real pairs, and how long does each take?

    python3 registration.py agreement --engraft .build/release/engraft --images ../shared/reference/images
    python3 registration.py speed     --engraft .build/release/engraft --fixed pet.nii.gz --moving ct.nii.gz

SimpleITK runs its Mattes mutual information with regular-step gradient descent over three levels, from ten seeds of its
random sampling. Where its ten results lie within 1 mm and 1 degree of their mean it is called stable; only there does
agreement mean something. Distances are in mm at 60 mm from the centre of the fixed image, the largest in 26 directions.
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
    print("| pair | SimpleITK, ten seeds: largest distance from their mean | ours from that mean | turn | verdict |")
    print("|---|---|---|---|---|")
    for name, (fixed, moving) in PAIRS.items():
        fixed = find(o.images, fixed)
        with tempfile.TemporaryDirectory() as folder:
            moving, move = moved(find(o.images, moving), folder)
            p = points(fixed)
            theirs = [simpleitk(fixed, moving, seed, 0.2)[0] for seed in range(1, o.seeds + 1)]
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


def speed(o):
    import nibabel as nib
    count = int(np.prod(nib.load(o.fixed).shape[:3]))
    truth = np.array(json.load(open(o.truth))) if o.truth else None
    p = points(o.fixed)
    rows = []
    for _ in range(o.repeat):
        ours, seconds, verdict = engraft(o.engraft, o.fixed, o.moving, "--points", str(o.points))
        rows.append(("ours (with reading)", seconds, ours))
        theirs, seconds = simpleitk(o.fixed, o.moving, 1, min(1.0, o.points / count))
        rows.append(("SimpleITK (without reading)", seconds, theirs))
    for name in dict.fromkeys(r[0] for r in rows):
        times = sorted(r[1] for r in rows if r[0] == name)
        place = [r[2] for r in rows if r[0] == name][0]
        error = f", {apart(place, truth, p):.2f} mm from the truth" if truth is not None else ""
        print(f"{name}: {times[len(times) // 2]:.2f} s ({times[0]:.2f} - {times[-1]:.2f}){error}")


if __name__ == "__main__":
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("what", choices=["agreement", "speed"])
    a.add_argument("--engraft", default=".build/release/engraft")
    a.add_argument("--images", default="../shared/reference/images")
    a.add_argument("--seeds", type=int, default=10)
    a.add_argument("--fixed")
    a.add_argument("--moving")
    a.add_argument("--truth", help="JSON: a 4x4 matrix, moving from fixed, RAS mm")
    a.add_argument("--points", type=int, default=150_000)
    a.add_argument("--repeat", type=int, default=3)
    a.add_argument("--verbose", action="store_true")
    o = a.parse_args()
    agreement(o) if o.what == "agreement" else speed(o)

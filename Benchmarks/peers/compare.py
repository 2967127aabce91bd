#!/usr/bin/env python3
"""The same work in our program and in today's tools, side by side.

    python3 compare.py [--repeat 5] [--only WORKLOAD …] [--keep] [--program PEER-RUN] [--engraft ENGRAFT]

Makes its own virtual environment and inputs beside itself (.venv, work), builds peer-run, then runs everything round
robin, one fresh process a run, so that a busy neighbour hits all alike. Holds the results against each other and writes
../RESULTS.md; with `--only`, the other tables stay. `--keep` leaves RESULTS.md as it is.

Wrist recordings (cwa_24h, cwa_7d, csv_24h) come from wearable_inputs.py with their truth, which ours is held against; the
text of 312 MB is removed at the end unless `--keep-text` is given. actipy is run where it is installed, which is left to you,
because it needs Java and its licence is for academic, non-commercial use: .venv/bin/pip install actipy==3.8.3
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

import wearable_checks

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = f"{HERE}/work"
PYTHON = f"{HERE}/.venv/bin/python"
OURS = "Engraft"

# workload -> (title, peer-run's arguments, how results are compared)
WORKLOADS = {
    "load_pet4d": ("Load a dynamic PET, 128×128×90×40 int16 .nii.gz", ["load", "pet4d.nii.gz"], "all"),
    "load_ct": ("Load a CT, 512×512×300 int16 .nii.gz", ["load", "ct.nii.gz"], "all"),
    "load_hrrt": ("Load a static PET, 256×256×207 float32 .nii.gz", ["load", "hrrt.nii.gz"], "all"),
    "dicom_ct_raw": ("Open a CT series, 300 DICOM files of 512×512, uncompressed", ["series", "dicom_ct_raw"], "all"),
    "dicom_ct_rle": ("Open the same series in RLE", ["series", "dicom_ct_rle"], "all"),
    "dicom_ct_jls": ("Open the same series in JPEG-LS", ["series", "dicom_ct_jls"], "all"),
    "dicom_pet": ("Open a PET series, 267 DICOM files of 128×128, a slope for each slice", ["series", "dicom_pet"], "all"),
    "regions": ("80 regional curves over 40 frames, in memory (ours: means and SDs)",
                ["regions", "pet4d.nii.gz", "labels.nii.gz"], "means"),
    "map_memory": ("The 225 MB of the dynamic PET read once from memory: the bound for the maps below",
                   ["memory", "pet4d.nii.gz", "labels.nii.gz"], "none"),
    "map_patlak": ("Reference Patlak in 1,474,560 voxels over 20 of 40 frames, in memory",
                   ["patlak", "pet4d.nii.gz", "labels.nii.gz"], "solved"),
    "map_mrtm": ("MRTM in 1,474,560 voxels over 40 frames, in memory",
                 ["mrtm", "pet4d.nii.gz", "labels.nii.gz"], "solved"),
    "map_srtm": ("SRTM by 128 basis functions in 1,474,560 voxels over 40 frames, in memory (ours: refined between rates)",
                 ["srtm", "pet4d.nii.gz", "labels.nii.gz"], "solved"),
    "resample_ct_to_pet": ("CT 512×512×300 onto a PET grid 128×128×90 turned 3.9°, trilinear, in memory",
                           ["resample", "ct.nii.gz", "labels.nii.gz"], "median"),
    "spline_ct_to_pet": ("The same by the cubic B-spline", ["spline", "ct.nii.gz", "labels.nii.gz"], "median"),
    "smooth_hrrt": ("6 mm Gaussian on 256×256×207 float32, in memory", ["smooth", "hrrt.nii.gz"], "interior"),
    "pvc_gtm": ("GTM of 80 regions and background, 128×128×90 at 2 mm, 6 mm FWHM, in memory",
                ["gtm", "pvc.nii.gz", "labels.nii.gz"], "means"),
    "pvc_rbv": ("The same, then region-based voxel-wise correction (RBV)",
                ["rbv", "pvc.nii.gz", "labels.nii.gz"], "all"),
    "welch_24h": ("Welch spectrum of 24 h of a wrist, 100 Hz × 3 axes: 43,199 segments of 4 s, in memory",
                  ["welch", "wrist.f32"], "means"),
    "cwa_24h": ("24 h of a wrist, Axivity CWA at 100 Hz: ours decoded, calibrated, spectra and amplitudes; the others decode alone",
                ["tremor", "wrist-24h.cwa"], "samples"),
    "cwa_7d": ("7 days of the same by ours alone", ["tremor", "wrist-7d.cwa"], "none"),
    "csv_24h": ("8,640,000 rows of t, x, y, z as text, 312 MB, read", ["decode", "wrist-24h.csv"], "samples"),
}

# Wrist recordings from the file on, and beside them our decoding alone; nothing of inputs.py
RECORDINGS = ("cwa_24h", "cwa_7d")
DECODING = "Engraft, decoding alone"
WEARABLE = (*RECORDINGS, "csv_24h")

# workload -> frames of the dynamic PET that it has to read from memory, once
FRAMES_READ = {"map_memory": 40, "map_patlak": 20, "map_mrtm": 40, "map_srtm": 40}
FRAME_BYTES = 128 * 128 * 90 * 4

# workload -> why its figures are what they are
REMARKS = {
    "map_patlak": "numpy sums in float32 and gives one map; ours sums in double and gives a code a voxel too.",
    "map_mrtm": "What bounds ours is arithmetic, not memory: 8 fused multiply-adds in double a voxel and frame.",
    "map_srtm": "What bounds ours is arithmetic: 128 rates are 256 operations in double a voxel and frame, and the best is "
                "refined between rates. numpy takes the best rate of the grid, steps of 7.5 %: 99.9 % of the voxels compared "
                "agree to 2 % of 1 + BP_ND; the difference above is that of the worst single one.",
    "cwa_24h": "Ours holds a batch at a time, the others all samples. paradigma 1.1.2 reads no CWA once installed by pip: its "
               "reader wants a package (openmovement) that is on no registry.",
    "cwa_7d": "What counts is the memory of the whole program. The others hold all samples, some GB of a week, and are left out.",
    "csv_24h": "Ours holds a batch at a time, the others all rows; ours and pandas run on one core.",
}


def environment():
    stamp = f"{HERE}/.venv/{hash_of(f'{HERE}/requirements.txt')}"
    if not os.path.exists(stamp):
        subprocess.run([sys.executable, "-m", "venv", f"{HERE}/.venv"], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "-r", f"{HERE}/requirements.txt"], check=True)
        open(stamp, "w").close()


def hash_of(path):
    import hashlib
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:12]


def build():
    root = os.path.dirname(HERE)
    subprocess.run(["swift", "build", "-c", "release", "--product", "peer-run"], cwd=root, check=True,
                   stdout=subprocess.DEVNULL)
    return f"{root}/.build/release/peer-run"


def build_command():
    root = os.path.dirname(os.path.dirname(HERE))
    subprocess.run(["swift", "build", "-c", "release", "--product", "engraft"], cwd=root, check=True,
                   stdout=subprocess.DEVNULL)
    return f"{root}/.build/release/engraft"


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["failed"])[-1]
    return json.loads(done.stdout.strip().splitlines()[-1]), None


def warm(folder, names):
    """Files and folders of files, read once so that they are in the system's cache."""
    for name in names:
        path = f"{folder}/{name}"
        for file in [path] if os.path.isfile(path) else [f"{path}/{file}" for file in os.listdir(path)]:
            with open(file, "rb") as opened:
                while opened.read(1 << 24):
                    pass


def agreement(workload, how, ours, theirs, kind):
    """The largest difference between a peer's result and ours, as a share of the result's range."""
    import numpy as np
    if how == "means":
        a = np.fromfile(ours, np.float64)
        b = np.fromfile(theirs, np.float64 if kind == "float64" else np.float32).astype(np.float64)
        a = a[: b.size]
    elif how == "samples":
        a, b = (np.fromfile(p, np.float64) for p in (ours, theirs))
    else:
        a, b = (np.fromfile(p, np.float32) for p in (ours, theirs))
        if how == "interior":
            cut = slice(24, -24)
            a, b = (v.reshape(207, 256, 256)[cut, cut, cut] for v in (a, b))
        if how == "solved":
            # Where a ratio has a denominator near 0, Float32 decides: the middle 90 % of the head is compared.
            import nibabel as nib
            head = np.asarray(nib.load(f"{WORK}/labels.nii.gz").dataobj).ravel(order="F") > 0
            a, b = a[head], b[head]
            low, high = np.nanpercentile(b, [5, 95])
            inside = (b > low) & (b < high) & np.isfinite(a)
            a, b = a[inside], b[inside]
        if how == "median":
            # Tools differ in what is inside; where both are, they must agree.
            inside = (a != -1024) & (b != -1024)
            a, b = a[inside], b[inside]
    if a.shape != b.shape:
        return float("nan")
    top, low, largest = float(a.max()), float(a.min()), 0.0
    for start in range(0, len(a), max(1, len(a) // 16)):
        part = slice(start, start + max(1, len(a) // 16))
        largest = max(largest, float(np.abs(a[part].astype(np.float64) - b[part]).max()))
    return largest / (top - low)


def memory_of_opening(name, path):
    """What opening a file needs at least, MB as `peak`: the float32 volume, and the file, which is mapped."""
    files = [path] if os.path.isfile(path) else [f"{path}/{file}" for file in os.listdir(path)]
    return os.path.getsize(f"{WORK}/ours.raw") / 2**20, sum(os.path.getsize(file) for file in files) / 2**20


def compare(name, ours, repeat):
    title, arguments, how = WORKLOADS[name]
    peers = subprocess.run([PYTHON, "-c", f"import peers; print(*peers.PEERS[{name!r}], sep='\\n')"], cwd=HERE,
                           capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    command = [ours, arguments[0], *[f"{WORK}/{a}" for a in arguments[1:]]]
    runs = {tool: [] for tool in [OURS, *([DECODING] if name in RECORDINGS else []), *peers]}
    differences, not_run, readings, truth = {}, {}, [], None
    for round in range(repeat):
        if name in FRAMES_READ:
            readings.append(run([ours, "memory", *command[2:]])[0])
        for tool in runs:
            own = tool in (OURS, DECODING)
            out = f"{WORK}/{'ours' if own else 'theirs'}.raw" if round == 0 and (tool == OURS or how != "none") else ""
            if own:
                todo = [ours, "decode", *command[2:]] if tool == DECODING else command
                result, problem = run(todo + (["--out", out] if out else []))
                if out and result and tool == OURS and name in RECORDINGS:
                    truth = wearable_checks.against_truth(out, f"{command[2]}.truth.json")
            else:
                result, problem = run([PYTHON, f"{HERE}/peers.py", name, tool, WORK, out])
            if result is None:
                print(f"{name}: {tool}: {problem}", file=sys.stderr)
                if tool == OURS:
                    return None
                not_run[tool] = problem
                continue
            runs[tool].append(result)
            if out and not own and result["kind"]:
                differences[tool] = agreement(name, how, f"{WORK}/ours.raw", out, result["kind"])
    memory = memory_of_opening(name, f"{WORK}/{arguments[1]}") if arguments[0] in ("load", "series") else None
    median = statistics.median(r["best_s"] for r in runs[OURS])
    rows = []
    for tool, results in runs.items():
        if results:
            seconds = sorted(r["best_s"] for r in results)
            rows.append(dict(tool=tool, median=statistics.median(seconds), low=seconds[0], high=seconds[-1],
                             ratio=statistics.median(seconds) / median,
                             cpu=statistics.median(r["cpu_s"] for r in results), peak=max(r["peak_mb"] for r in results),
                             difference=differences.get(tool)))
    ours_cpu = next(row["cpu"] for row in rows if row["tool"] == OURS)
    for row in rows:
        row["cpu_ratio"] = row["cpu"] / ours_cpu
    notes = [f"{repeat} runs, at a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."]
    if memory:
        volume, files = memory
        notes.append(f"The float32 volume is {volume:.0f} MB, what is on disk {files:.0f} MB; 1.3 times both is "
                     f"{1.3 * (volume + files):.0f} MB.")
    if name in FRAMES_READ:
        notes.append(against_reading(name, readings, median, ours_cpu))
    if name in WEARABLE:
        notes += [truth] if truth else []
        notes += beside_limit(name, rows)
    notes += [REMARKS[name]] if name in REMARKS else []
    notes += [f"Not run: {tool} ({problem})." for tool, problem in not_run.items()]
    rows.sort(key=lambda row: row["median"])
    return dict(title=title, rows=rows, notes=notes, simd=runs[OURS][0]["simd"])


def beside_limit(name, rows):
    """What was set as a limit for wrist recordings, and which side of it ours is on."""
    ours = next(row for row in rows if row["tool"] == OURS)
    others = [row for row in rows if not row["tool"].startswith("Engraft")]
    if name == "cwa_7d":
        peaks = [row["peak"] for row in rows if "whole program" in row["tool"]]
        return [f"The whole program takes {peak:.0f} MB: {'below' if peak < 64 else 'not below'} 64 MB." for peak in peaks]
    if name == "csv_24h":
        others = [row for row in others if "pandas" in row["tool"]]
    if not others:
        return []
    best = min(others, key=lambda row: row["median"])
    ratio = best["median"] / ours["median"]
    return [f"{best['tool']} takes {ratio:.2f} times as long as ours: {'at least twice' if ratio >= 2 else 'less than twice'}."]


def against_reading(name, readings, seconds, cpu):
    """Our time beside that of reading the frames used once from memory, measured between the runs."""
    frames = FRAMES_READ[name]
    share = frames / FRAMES_READ["map_memory"]
    read, read_cpu = (share * statistics.median(r[key] for r in readings) for key in ("best_s", "cpu_s"))
    count = frames * FRAME_BYTES
    bound = (f"{count:,} bytes ({count / 2**20:.0f} MB) read once from memory take {1e3 * read:.1f} ms, "
             f"{count / read / 1e9:.0f} GB/s ({1e3 * read_cpu:.1f} ms CPU)")
    if name == "map_memory":
        return bound + "."
    ratios = f"ours takes {seconds / read:.1f} times as long, and {cpu / read_cpu:.1f} times the processor time"
    over = [what for what, ratio in (("time", seconds / read), ("processor time", cpu / read_cpu)) if ratio > 2]
    return f"{bound}; {ratios}. " + (f"More than twice: {' and '.join(over)}." if over else "Within twice.")


def markdown(tables, repeat):
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    simd = next(iter(tables.values()))["simd"]
    runs = "3 or more" if repeat >= 3 else repeat
    lines = ["# The same work in today's tools", "",
             f"Written by `Benchmarks/peers/compare.py`: medians of {runs} interleaved runs, each a process of its own, "
             f"on {os.cpu_count()} cores of {cpu} ({platform.system()}, instruction set {simd}). Seconds are of the work "
             "alone; imports, and reading inputs where the work is not reading, stay outside. MB are 2^20 bytes. Read "
             "ratios, not seconds; where other work shared the cores, processor time of all threads (CPU) is steadier. "
             "The difference is the largest one to our result, as a share of its range; of resampling where both call a "
             "point inside, of smoothing 24 voxels inside the faces.", ""]
    for table in tables.values():
        lines += [f"## {table['title']}", "",
                  "| tool | median s | min-max s | × ours | CPU s | × ours | peak MB | difference |",
                  "|---|---|---|---|---|---|---|---|"]
        for r in table["rows"]:
            tool = f"**{r['tool']}**" if r["tool"] == OURS else r["tool"]
            difference = "" if r["difference"] is None else f"{r['difference']:.1e}"
            lines.append(f"| {tool} | {r['median']:.4f} | {r['low']:.4f}-{r['high']:.4f} | {r['ratio']:.2f} | "
                         f"{r['cpu']:.3f} | {r['cpu_ratio']:.2f} | "
                         f"{r['peak']:.0f} | {difference} |")
        lines += ["", *table["notes"]]
        lines.append("")
    return "\n".join(lines)


def merge(path, new):
    """The new tables, and between them those of the file at `path` that were not made anew."""
    head, *fresh = new.split("\n## ")
    old = []
    if os.path.exists(path):
        with open(path) as file:
            old = file.read().split("\n## ")[1:]
    tables = {table.split("\n")[0]: table for table in [*old, *fresh]}
    titles = [title for title, *_ in WORKLOADS.values()]
    return "\n## ".join([head, *(tables[title].rstrip("\n") + "\n" for title in titles if title in tables)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--keep-text", action="store_true")
    parser.add_argument("--program", help="a peer-run that is built already")
    parser.add_argument("--engraft", help="an engraft that is built already")
    options = parser.parse_args()
    environment()
    if os.path.realpath(sys.prefix) != os.path.realpath(f"{HERE}/.venv"):
        os.execv(PYTHON, [PYTHON, __file__, *sys.argv[1:]])
    sys.path.insert(0, HERE)
    import dicom_inputs
    import inputs
    import wearable_inputs
    if any(name not in WEARABLE for name in options.only):
        inputs.make(WORK)
    if any(name in RECORDINGS for name in options.only):
        wearable_inputs.make(WORK)
        os.environ["ENGRAFT"] = options.engraft or build_command()
    if "csv_24h" in options.only:
        wearable_inputs.make_text(WORK)
    if any(name.startswith("dicom") for name in options.only):
        dicom_inputs.make(WORK)
    ours = options.program or build()
    warm(WORK, {argument for name in options.only for argument in WORKLOADS[name][1][1:]})
    tables = {name: table for name in options.only if (table := compare(name, ours, options.repeat))}
    if "csv_24h" in options.only and not options.keep_text:
        os.remove(f"{WORK}/wrist-24h.csv")
    text = markdown(tables, options.repeat)
    print(text)
    if not options.keep:
        merged = merge(f"{HERE}/../RESULTS.md", text)
        with open(f"{HERE}/../RESULTS.md", "w") as out:
            out.write(merged)


if __name__ == "__main__":
    main()

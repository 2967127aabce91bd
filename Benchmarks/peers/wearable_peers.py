"""Today's readers of wrist recordings, for peers.py: decoding alone, all samples into memory."""
import functools
import os
import resource

G = 9.80665


def in_order(x):
    """Columns x, y, z of rows of three: written sample by sample, as our program does."""
    import numpy as np
    return np.asarray(x, np.float64).T


def skdh(folder, timed, file):
    import warnings
    from skdh.io import ReadCwa
    warnings.simplefilter("ignore")
    with timed:
        read = ReadCwa().predict(file=f"{folder}/{file}")
    return in_order(read["accel"]) * G


def actfast(folder, timed, file):
    import actfast
    with timed:
        read = actfast.read(f"{folder}/{file}")
    return in_order(read["timeseries"]["high_frequency"]["acceleration"]) * G


def actipy(folder, timed, file):
    """A Java program that writes columns to disk, and the Python that reads them."""
    import actipy
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with timed:
        read, _ = actipy.read_device(f"{folder}/{file}", lowpass_hz=None, calibrate_gravity=False, detect_nonwear=False,
                                     resample_hz=None, verbose=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    timed.cpu += used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    timed.peak = max(timed.peak, used.ru_maxrss / 1024)
    return in_order(read[["x", "y", "z"]]) * G


def whole_program(folder, timed, file):
    """Our command as people run it. Memory is at least what this small process had before it."""
    import subprocess
    with timed:
        subprocess.run([os.environ["ENGRAFT"], "tremor", f"{folder}/{file}", "--json"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    timed.cpu, timed.peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def pandas(folder, timed, file):
    import pandas as pd
    with timed:
        read = pd.read_csv(f"{folder}/{file}", engine="c")
    return in_order(read[["x", "y", "z"]])


def pyarrow(folder, timed, file, threads):
    import numpy as np
    from pyarrow import csv
    with timed:
        read = csv.read_csv(f"{folder}/{file}", csv.ReadOptions(use_threads=threads))
    return np.stack([read[axis].to_numpy() for axis in "xyz"])


def on(file, peers):
    return {name: functools.partial(peer, file=file) for name, peer in peers.items()}


READERS = {"scikit-digital-health ReadCwa": skdh, "actfast": actfast}
PROGRAM = {"Engraft: engraft tremor --json (whole program)": whole_program}
PEERS = {
    "cwa_24h": on("wrist-24h.cwa", {**READERS, "actipy, nothing but reading": actipy, **PROGRAM}),
    "cwa_7d": on("wrist-7d.cwa", PROGRAM),
    "csv_24h": on("wrist-24h.csv", {
        "pandas read_csv, engine=\"c\"": pandas,
        "pyarrow.csv, one thread": functools.partial(pyarrow, threads=False),
        "pyarrow.csv, all threads": functools.partial(pyarrow, threads=True)}),
}

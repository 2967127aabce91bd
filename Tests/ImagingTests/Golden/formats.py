"""Small images written by nibabel, pynrrd and SimpleITK, as Swift literals: makes ../PeerFiles.swift.

The voxel at (i, j, k) of frame t is i + 10 j + 100 k + 1000 t.
Run in an environment with nibabel 5.4.2, pynrrd 1.1.3 and SimpleITK 2.5.7: python formats.py > ../PeerFiles.swift
"""
import base64, os, tempfile
import nibabel, nrrd, numpy as np, SimpleITK as sitk

def ramp(shape, dtype):
    return sum(f * a for f, a in zip((1, 10, 100, 1000), np.indices(shape))).astype(dtype)

angle = 0.3
turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
tilt = np.array([[1, 0, 0], [0, np.cos(0.2), -np.sin(0.2)], [0, np.sin(0.2), np.cos(0.2)]])
directions, spacing, origin = turn @ tilt, np.array([1.5, 2.0, 2.5]), np.array([-10.0, 20.0, 30.5])
linear = directions * spacing
folder = tempfile.mkdtemp()
cases = []

def add(name, writer, path, shape, affine, dtype):
    cases.append((name, writer, open(path, "rb").read(), shape, affine, dtype))

def ras(lps):
    return np.diag([-1, -1, 1, 1]) @ lps

affine = np.eye(4); affine[:3, :3] = linear; affine[:3, 3] = origin

for dtype, shape, suffix in (("f4", (3, 4, 5, 2), "mgz"), ("i2", (3, 4, 5), "mgh"), ("i4", (2, 3, 4), "mgz"), ("u1", (2, 3, 2), "mgz")):
    path = f"{folder}/a.{suffix}"
    image = nibabel.MGHImage(ramp(shape, dtype), affine)
    nibabel.save(image, path)
    add(f"mgh {dtype}.{suffix}", "nibabel 5.4.2", path, shape, nibabel.load(path).affine, np.dtype(dtype).name)

header = {"space": "left-posterior-superior", "space directions": linear.T, "space origin": origin, "kinds": ["domain"] * 3}
for encoding in ("raw", "gzip"):
    for endian in ("little", "big"):
        path = f"{folder}/a.nrrd"
        nrrd.write(path, ramp((3, 4, 5), {"little": "<i2", "big": ">i2"}[endian]), {**header, "encoding": encoding, "endian": endian})
        add(f"nrrd {encoding} {endian}.nrrd", "pynrrd 1.1.3", path, (3, 4, 5), ras(affine), "int16")
path = f"{folder}/a.nrrd"
first = np.moveaxis(ramp((3, 4, 5, 2), "f4"), 3, 0)
nrrd.write(path, first, {"space": "right-anterior-superior", "space directions": np.vstack([[np.nan] * 3, linear.T]),
                         "space origin": origin, "kinds": ["list", "domain", "domain", "domain"], "encoding": "gzip"})
add("nrrd frames first.nrrd", "pynrrd 1.1.3", path, (3, 4, 5, 2), affine, "float32")

def itk(shape, dtype):
    image = sitk.GetImageFromArray(ramp(shape, dtype).T, isVector=False)
    if len(shape) == 3:
        image.SetSpacing(spacing.tolist()); image.SetOrigin(origin.tolist()); image.SetDirection(directions.flatten().tolist())
    else:
        image.SetSpacing([*spacing.tolist(), 60.0]); image.SetOrigin([*origin.tolist(), 0.0])
        full = np.eye(4); full[:3, :3] = directions
        image.SetDirection(full.flatten().tolist())
    return image

for suffix, dtype, shape, compressed in (
    ("nrrd", "f8", (3, 4, 5), True), ("nrrd", "u2", (2, 3, 4), False), ("mha", "i2", (3, 4, 5), True),
    ("mha", "u1", (2, 3, 2), False), ("mha", "f4", (2, 3, 4, 2), True), ("mha", "u4", (2, 3, 4), False), ("mha", "i8", (2, 2, 2), True)):
    path = f"{folder}/a.{suffix}"
    sitk.WriteImage(itk(shape, dtype), path, useCompression=compressed)
    add(f"itk {dtype}{' packed' if compressed else ''} {len(shape)}-D.{suffix}", "SimpleITK 2.5.7", path, shape, ras(affine), np.dtype(dtype).name)

print("// Made by Golden/formats.py.\n\nimport Imaging\n\n/// A small image as another program wrote it, and what it says of it.")
print("struct PeerFile: Sendable, CustomStringConvertible {\n    var name: String\n    var writer: String\n    var shape: [Int]\n    var datatype: String\n    /// RAS from voxels, by the writer.\n    var affine: [[Double]]\n    var base64: String\n    var description: String { \"\\(name), \\(writer)\" }\n")
print("    static let all: [PeerFile] = [")
for name, writer, data, shape, matrix, dtype in cases:
    text = base64.b64encode(data).decode()
    rows = ", ".join("[" + ", ".join(repr(round(float(v), 9) + 0.0) for v in row) + "]" for row in matrix[:3])
    print(f'        PeerFile(\n            name: "{name}", writer: "{writer}", shape: {list(shape)}, datatype: "{dtype}",')
    print(f"            affine: [{rows}],")
    lines = [text[i:i + 100] for i in range(0, len(text), 100)]
    print('            base64: """\n' + "\\\n".join("                " + l for l in lines) + '\n                """),')
print("    ]\n}")

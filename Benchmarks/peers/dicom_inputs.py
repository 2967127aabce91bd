"""Seeded DICOM series of the sizes people have, with headers as long as scanners write them."""
import os

import nibabel as nib
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGLSLossless, RLELossless
from scipy.ndimage import gaussian_filter

ROOT = "1.2.826.0.1.3680043.10.1492.20240607"
CLASS = {"CT": "1.2.840.10008.5.1.4.1.1.2", "PT": "1.2.840.10008.5.1.4.1.1.128"}
PET_SLICES, PET_SIZE = 267, 128
PET_VOXEL, PET_THICKNESS = 5.46875, 3.27
DOSE_BQ = 370e6


def slice_header(modality, number, syntax):
    """What every slice carries, some 130 elements: study, patient, device, and two blocks of private ones."""
    series = f"{ROOT}.{'2' if modality == 'CT' else '3'}"
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.ImplementationClassUID = f"{ROOT}.99"
    ds.SpecificCharacterSet, ds.ImageType = "ISO_IR 100", ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = CLASS[modality]
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{series}.{number + 1}"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = "20240607"
    ds.StudyTime, ds.SeriesTime, ds.AcquisitionTime, ds.ContentTime = "100000", "101000", "101500", "103000"
    ds.AccessionNumber, ds.Modality, ds.Manufacturer = "", modality, "SYNTHETIC"
    ds.InstitutionName, ds.ReferringPhysicianName, ds.StationName = "SYNTHETIC HOSPITAL", "", "BENCH01"
    ds.StudyDescription, ds.SeriesDescription = "PET-CT HEAD", f"{modality} HEAD"
    ds.OperatorsName, ds.ManufacturerModelName = "", "PHANTOM 1"
    referenced = Dataset()
    referenced.ReferencedSOPClassUID, referenced.ReferencedSOPInstanceUID = CLASS["CT"], f"{ROOT}.2.1"
    ds.ReferencedImageSequence = Sequence([referenced])
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "SYNTHETIC^HEAD", "SYN001", "19600101", "O"
    ds.PatientAge, ds.PatientSize, ds.PatientWeight = "064Y", "1.75", "75"
    ds.BodyPartExamined, ds.SliceThickness, ds.KVP = "HEAD", "1", "120"
    ds.DeviceSerialNumber, ds.SoftwareVersions, ds.ProtocolName = "0001", "1.0", "HEAD ROUTINE"
    ds.ReconstructionDiameter, ds.GantryDetectorTilt, ds.TableHeight = "700", "0", "150"
    ds.PatientPosition, ds.StudyInstanceUID, ds.SeriesInstanceUID = "HFS", f"{ROOT}.1", series
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = f"{ROOT}.9", "OM"
    ds.StudyID, ds.SeriesNumber, ds.AcquisitionNumber, ds.InstanceNumber = "1", 2, 1, number + 1
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.BitsAllocated = 1, "MONOCHROME2", 16
    ds.BitsStored, ds.HighBit = 16, 15
    ds.WindowCenter, ds.WindowWidth = "40", "80"
    for group in (0x0009, 0x0019):
        block = ds.private_block(group, f"BENCHMARK {group:04X}", create=True)
        for element in range(35):
            if element % 2:
                block.add_new(element, "DS", f"{element + number / 7:.6f}")
            else:
                block.add_new(element, "LO", f"PRIVATE VALUE {element}")
    return ds


def place(ds, columns, rows, spacing, thickness, k):
    ds.Rows, ds.Columns = rows, columns
    ds.PixelSpacing, ds.SliceThickness = [f"{spacing:g}"] * 2, f"{thickness:g}"
    ds.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    corner = [-(columns - 1) / 2 * spacing, -(rows - 1) / 2 * spacing, k * thickness]
    ds.ImagePositionPatient = [f"{v:.6g}" for v in corner]
    ds.SliceLocation = f"{corner[2]:.6g}"


def save(ds, pixels, path):
    ds.PixelData = np.ascontiguousarray(pixels).tobytes()
    ds["PixelData"].VR = "OW"
    ds.save_as(path, enforce_file_format=True)
    return ds


def make_ct(folder):
    """300 slices of 512 × 512: raw, RLE and JPEG-LS. File names are not in slice order."""
    ct = np.asarray(nib.load(f"{folder}/ct.nii.gz").dataobj)
    order = np.random.default_rng(8).permutation(ct.shape[2])
    syntaxes = {"raw": ExplicitVRLittleEndian, "rle": RLELossless, "jls": JPEGLSLossless}
    for kind in syntaxes:
        os.makedirs(f"{folder}/dicom_ct_{kind}", exist_ok=True)
    for k in range(ct.shape[2]):
        ds = slice_header("CT", k, ExplicitVRLittleEndian)
        place(ds, ct.shape[0], ct.shape[1], 0.5, 0.7, k)
        ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType, ds.PixelRepresentation = "-1024", "1", "HU", 0
        pixels = (ct[..., k].T.astype(np.int32) + 1024).astype("<u2")
        for kind, syntax in syntaxes.items():
            save(ds, pixels, f"{folder}/dicom_ct_{kind}/IM{order[k]:05d}.dcm")
            if kind != "raw":
                ds.compress(syntax, generate_instance_uid=False)
                ds.save_as(f"{folder}/dicom_ct_{kind}/IM{order[k]:05d}.dcm", enforce_file_format=True)
                ds = restored(ds)


def restored(ds):
    """The same header, ready for uncompressed pixels again."""
    del ds.PixelData
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return ds


def make_pet(folder):
    """267 slices of 128 × 128, implicit little endian, each with a slope of its own."""
    r = np.random.default_rng(9)
    shape = (PET_SLICES, PET_SIZE, PET_SIZE)
    z, y, x = np.ogrid[-1:1:shape[0] * 1j, -1:1:shape[1] * 1j, -1:1:shape[2] * 1j]
    body = (9000 * ((z / 0.98) ** 2 + (y / 0.5) ** 2 + (x / 0.7) ** 2 < 1)).astype(np.float32)
    activity = gaussian_filter(body, 1.2)
    activity = np.maximum(activity + 6 * np.sqrt(activity + 20) * r.standard_normal(shape, dtype=np.float32), 0)
    os.makedirs(f"{folder}/dicom_pet", exist_ok=True)
    order = r.permutation(PET_SLICES)
    for k, plane in enumerate(activity):
        ds = slice_header("PT", k, ImplicitVRLittleEndian)
        place(ds, PET_SIZE, PET_SIZE, PET_VOXEL, PET_THICKNESS, k)
        slope = float(f"{plane.max() / 32767:.8g}")
        ds.PixelRepresentation, ds.RescaleIntercept, ds.RescaleSlope = 1, "0", f"{slope:.8g}"
        ds.Units, ds.CountsSource, ds.DecayCorrection, ds.SeriesType = "BQML", "EMISSION", "START", ["WHOLE BODY", "IMAGE"]
        ds.CorrectedImage = ["DECY", "ATTN", "SCAT", "DTIM", "RAN", "NORM"]
        ds.RandomsCorrectionMethod, ds.AttenuationCorrectionMethod = "SING", "measured, CT"
        ds.ReconstructionMethod, ds.ScatterCorrectionMethod = "3D OSEM", "model"
        ds.ActualFrameDuration, ds.FrameReferenceTime, ds.DecayFactor = "180000", "0", "1.0"
        ds.DeadTimeFactor, ds.ScatterFractionFactor = "1.02", "0.38"
        ds.NumberOfSlices, ds.ImageIndex = PET_SLICES, PET_SLICES - k
        dose, nuclide = Dataset(), Dataset()
        nuclide.CodeValue, nuclide.CodingSchemeDesignator, nuclide.CodeMeaning = "C-111A1", "SRT", "^18^Fluorine"
        dose.Radiopharmaceutical, dose.RadionuclideTotalDose = "FDG", f"{DOSE_BQ:.0f}"
        dose.RadionuclideHalfLife, dose.RadionuclidePositronFraction = "6586.2", "0.967"
        dose.RadiopharmaceuticalStartTime = "091000.00"
        dose.RadionuclideCodeSequence = Sequence([nuclide])
        ds.RadiopharmaceuticalInformationSequence = Sequence([dose])
        save(ds, np.rint(plane / slope).astype("<i2"), f"{folder}/dicom_pet/PT{order[k]:05d}.dcm")


def make(folder):
    if os.path.exists(f"{folder}/dicom.done"):
        return
    make_ct(folder)
    make_pet(folder)
    open(f"{folder}/dicom.done", "w").close()

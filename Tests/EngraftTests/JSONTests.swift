import Records
import TestSupport
import Testing

/// The keys that programs around `engraft` rely on.
struct JSONTests {
    private static let visit = BuiltEngraft.checkout + "/sample-scans/month-00"
    private static let regions = [
        "\(visit)/pet.nii.gz", "--labels", "\(visit)/labels.nii.gz", "--lut",
        BuiltEngraft.checkout + "/sample-scans/labels_dseg.tsv", "--json",
    ]

    private func document(_ arguments: [String]) throws -> JSONValue {
        let run = try BuiltEngraft.run(arguments)
        #expect(run.status == 0, "\(run.error)")
        let json = try JSONValue(parsing: Array(run.out.utf8))
        #expect(json["version"]?.string == Engraft.version)
        #expect(json["command"]?.string == arguments[0])
        #expect(json["warnings"]?.elements != nil)
        for input in json["inputs"]?.elements ?? [] {
            #expect(try input["sha256"]?.string == SHA256.hex(ofFile: #require(input["path"]?.string)))
        }
        return json
    }

    private func expect(_ keys: [String], in json: JSONValue?) {
        let found = json?.members?.map(\.key) ?? []
        #expect(keys.filter { !found.contains($0) } == [], "missing of \(found)")
    }

    @Test func infoHasEveryKeyWithNullWhereAbsent() throws {
        let json = try document(["info", "\(Self.visit)/pet.nii.gz", "--json", "--checksum", "--probe", "32,38,28,17"])
        expect(
            [
                "path", "format", "shape", "voxel_size_mm", "affine", "orientation", "datatype", "units", "frames",
                "pet",
                "statistics", "probe", "sha256_float32_le",
            ], in: json)
        expect(
            [
                "radionuclide", "half_life_s", "injected_mbq", "weight_kg", "decay_correction", "decay_reference",
                "decay_rule", "suv_factor", "warnings",
            ], in: json["pet"])
        expect(["count", "finite", "min", "max", "mean", "sum"], in: json["statistics"])
        #expect(json["shape"]?.doubles == [64, 76, 56, 18])
        #expect(json["frames"]?["start_s"]?.doubles?.count == 18)
        #expect(json["probe"]?.elements?.first?["voxel"]?.doubles == [32, 38, 28, 17])
        #expect(json["inputs"]?.elements?.count == 2)
        // The sidecar has no body mass: no factor, and the reason why.
        #expect(json["pet"]?["weight_kg"] == .null)
        #expect(json["pet"]?["suv_factor"]?["bw"] == .null)
        #expect(json["warnings"]?.elements?.contains { $0.string?.hasPrefix("no SUV: ") ?? false } == true)

        let ct = try document(["info", "\(Self.visit)/ct.nii.gz", "--json"])
        #expect(ct["pet"] == .null && ct["frames"] == .null)
    }

    @Test func uptakeHasEveryKey() throws {
        let json = try document(
            ["uptake"] + Self.regions + ["--reference", "occipital", "--window", "4500,5400", "--mass", "74.5"])
        expect(["regions", "indices", "reference", "window_s", "parameters"], in: json)
        #expect(json["regions"]?.elements?.count == 12)
        for region in json["regions"]?.elements ?? [] {
            expect(
                [
                    "name", "index", "side", "voxels", "volume_ml", "mean", "sd", "median", "min", "max", "suv_bw",
                    "suvr",
                    "sbr",
                ], in: region)
            let (ratio, binding) = (region["suvr"]?.double ?? 0, region["sbr"]?.double ?? 0)
            #expect(abs(ratio - 1 - binding) < 1e-12)  // SBR is SUVR − 1; rounding of a Double
            #expect((region["suv_bw"]?.double ?? 0) > 0)
        }
        #expect(json["window_s"]?.doubles == [4500, 5400])
    }

    @Test func uptakeWithoutABodyMassSaysWhyThereIsNoSUV() throws {
        let json = try document(["uptake"] + Self.regions)
        #expect(json["regions"]?.elements?.allSatisfy { $0["suv_bw"] == .null && $0["sbr"] == .null } == true)
        #expect(json["warnings"]?.elements?.contains { $0.string?.hasPrefix("no SUV: ") ?? false } == true)
    }

    @Test func curvesHaveEveryKey() throws {
        let json = try document(["tacs"] + Self.regions)
        expect(["FrameTimesStart", "FrameDuration", "Units", "regions"], in: json)
        for region in json["regions"]?.elements ?? [] {
            for key in ["mean", "sd", "sem"] { #expect(region[key]?.doubles?.count == 18) }
        }
    }

    @Test func tremorHasEveryKey() throws {
        let json = try document(["tremor", "\(Self.visit)/wrist-right_rest.csv", "--task", "rest", "--json"])
        expect(
            [
                "path", "sample_rate_hz", "duration_s", "coverage", "windows", "peak_frequency_hz", "peak_to_peak_cm",
                "peak_to_peak_cm_ci95", "tremor_time_percent", "updrs", "flags",
            ], in: json["recordings"]?.elements?.first)
        #expect(json["parameters"]?["task"]?.string == "rest")
    }

    /// pydicom and numpy: `images/truth.json`. The checksum is of every scaled voxel; the factor is good to 1e-9, which
    /// is beyond the digits of the header's numbers.
    @Test(.enabled(if: ReferenceData.isPresent, "reference data is not beside the checkout"))
    func infoOfARealScanIsWhatPydicomSays() throws {
        let name = "pet-dicom/ge_dst_sts001_raw/STS_001/FDG_PET/image"
        let truth = try #require(try ReferenceData.json("images/truth.json")["dicom_series"]?[name])
        let probes = truth["rescaled"]?["voxels"]?.elements ?? []
        let path = ReferenceData.path("images/\(name)")
        let places = probes.map { ($0["ijk"]?.doubles ?? []).map { String(Int($0)) }.joined(separator: ",") }
        let run = try BuiltEngraft.run(["info", path, "--json", "--checksum"] + places.flatMap { ["--probe", $0] })
        let json = try JSONValue(parsing: Array(run.out.utf8))
        #expect(json["shape"]?.doubles == (truth["geometry"]?["shape_ijk"]?.doubles ?? []) + [1])
        #expect(json["sha256_float32_le"]?.string == truth["rescaled"]?["sha256_float32_le"]?.string)
        let factor = try #require(truth["pet"]?["factor"]?.double)
        #expect(abs((json["pet"]?["suv_factor"]?["bw"]?.double ?? 0) / factor - 1) < 1e-9)
        let rows = zip(json["affine"]?.elements ?? [], truth["geometry"]?["affine_RAS"]?.elements ?? [])
        #expect(Array(rows).count == 4)
        for (row, expected) in rows {
            for (a, b) in zip(row.doubles ?? [], expected.doubles ?? [.nan]) { #expect(abs(a - b) < 1e-6) }
        }
        #expect(!probes.isEmpty)
        #expect(json["probe"]?.elements?.count == probes.count)
        for (found, expected) in zip(json["probe"]?.elements ?? [], probes) {
            // The same Float32, printed with other digits.
            #expect(found["value"]?.double.map { Float($0) } == expected["value"]?.double.map { Float($0) })
        }
    }

    /// numpy and nibabel 5.4.2: `images/truth.json`, atlas.uptake. Sums in another order: 1e-9 relative.
    @Test(.enabled(if: ReferenceData.isPresent, "reference data is not beside the checkout"))
    func uptakeOfTheRacloprideTemplateIsWhatNumpySays() throws {
        let pet = "atlas/magia/templates/[11c]raclopride_189_asym.nii"
        let truth = try ReferenceData.json("images/truth.json")["atlas"]?["uptake"]
        let json = try document([
            "uptake", ReferenceData.path("images/\(pet)"), "--labels",
            ReferenceData.path("images/" + (truth?["labels"]?.string ?? "")), "--json",
        ])
        for index in [4, 5, 6] {
            let expected = try #require(truth?["images"]?[pet]?["\(index)"])
            let region = try #require(json["regions"]?.elements?.first { $0["index"]?.double == Double(index) })
            for key in ["voxels", "mean", "sd", "min", "max"] {
                let (a, b) = (region[key]?.double ?? .nan, expected[key]?.double ?? .nan)
                #expect(abs(a / b - 1) < 1e-9, "\(key) of \(index): \(a), \(b)")
            }
        }
    }
}

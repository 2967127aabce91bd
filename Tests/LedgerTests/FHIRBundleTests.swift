import Ledger
import Records
import Testing

/// The Bundle against the rules of FHIR R4 that its structure must keep, written out by hand.
@Suite struct FHIRBundleTests {
    /// As `engraft patient` writes it, with a recording that failed and an exam that lacks an item.
    static let patient = """
        {"code": "P07", "measure": "sbr", "unit": "1", "reference": "occipital", "version": "0.1.0", "visits": [
          {"name": "month-00", "months": 0, "tracer": "FDOPA", "window_s": [4500, 5400], "reference": {"name": "occipital"},
           "regions": [{"name": "caudate-left", "suv_bw": 1.25, "suvr": 1.5, "sbr": 0.5},
                       {"name": "occipital", "suv_bw": 0.8, "suvr": 1, "sbr": null}],
           "g1": [{"region": "caudate", "site": "bilateral", "value": 0.52, "se": 0.04, "unit": "1"}],
           "recordings": [{"path": "w.csv", "site": "wrist-left", "task": "rest", "peak_frequency_hz": 5.1,
              "peak_to_peak_cm": 1.3, "peak_to_peak_cm_ci95": [1.1, 1.5], "tremor_time_percent": 60, "failure": null},
              {"path": "x.csv", "site": "wrist-right", "task": "rest", "peak_frequency_hz": null, "peak_to_peak_cm": null,
              "peak_to_peak_cm_ci95": null, "tremor_time_percent": null, "failure": "x.csv: the file ends early"}],
           "mds_updrs_3": [{"state": "off", "total": 57, "rest_tremor": 10, "action_tremor": 6, "missing": []},
              {"state": "on", "total": null, "rest_tremor": 4, "action_tremor": 3, "missing": ["3.14"]}]}],
         "changes": [{"from": "month-00", "to": "month-12", "months": 12, "measure": "sbr", "g1_g2": [
            {"region": "caudate", "site": "left", "before": 0.5, "after": 0.6, "change_percent": 20,
             "limit_percent": [-21.4, 27.2], "flag": "within error", "reason": null}]}]}
        """

    private func bundle(_ text: String = patient) throws -> FHIRBundle {
        let bytes = Array(text.utf8)
        return try FHIRBundle(patient: JSONValue(parsing: bytes), sha256: SHA256.hex(bytes))
    }

    private func observations(_ bundle: FHIRBundle) -> [JSONValue] {
        (bundle.json["entry"]?.elements ?? []).compactMap { $0["resource"] }.filter {
            $0["resourceType"] == "Observation"
        }
    }

    private func code(_ observation: JSONValue) -> String { observation["code"]?["coding"]?[0]?["code"]?.string ?? "" }

    @Test func theBundleIsACollectionOfNamedEntries() throws {
        let bundle = try bundle()
        #expect(bundle.json["resourceType"] == "Bundle" && bundle.json["type"] == "collection")
        let entries = try #require(bundle.json["entry"]?.elements)
        let addresses = entries.compactMap { $0["fullUrl"]?.string }
        #expect(addresses.count == entries.count && Set(addresses).count == entries.count, "bdl-7")
        for address in addresses {
            #expect(
                address.wholeMatch(of: /urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                    != nil)
        }
        #expect(entries[0]["resource"]?["resourceType"] == "Device")
        #expect(entries.allSatisfy { $0["resource"]?["resourceType"]?.string != nil })
        #expect(try self.bundle().json == bundle.json, "the same file gives the same bundle")
    }

    /// Cardinalities and value sets of Observation in R4: status, code, one value or a reason, note.text, UCUM.
    @Test func everyObservationHasWhatR4Requires() throws {
        let bundle = try bundle()
        let statuses = [
            "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown",
        ]
        let categories = [
            "social-history", "vital-signs", "imaging", "laboratory", "procedure", "survey", "exam", "therapy",
            "activity",
        ]
        let members = [
            "resourceType", "extension", "status", "category", "code", "subject", "encounter", "valueQuantity",
            "dataAbsentReason", "interpretation", "note", "bodySite", "method", "device", "component",
        ]
        let device = bundle.json["entry"]?[0]?["fullUrl"]
        #expect(observations(bundle).count == bundle.count && bundle.count == 5 + 1 + 6 + 6 + 1)
        for observation in observations(bundle) {
            #expect(statuses.contains(observation["status"]?.string ?? "") && observation["status"] == "final")
            #expect(categories.contains(observation["category"]?[0]?["coding"]?[0]?["code"]?.string ?? ""))
            #expect(
                observation["code"]?["coding"]?[0]?["system"] == "urn:engraft:measure" && !code(observation).isEmpty)
            #expect((observation["valueQuantity"] != nil) != (observation["dataAbsentReason"] != nil), "obs-6")
            #expect(observation["note"]?[0]?["text"] == .string(Engraft.researchUse))
            #expect(
                observation["subject"]?["identifier"]?["value"] == "P07" && observation["subject"]?["reference"] == nil)
            #expect(observation["device"]?["reference"] == device)
            #expect(observation.members?.allSatisfy { members.contains($0.key) && $0.value != .null } == true)
            for component in observation["component"]?.elements ?? [] {
                #expect(component["code"]?["coding"]?[0]?["code"]?.string != nil)
            }
            if let quantity = observation["valueQuantity"] {
                #expect(quantity["system"] == "http://unitsofmeasure.org" && quantity["value"]?.double != nil)
                #expect(["g/mL", "1", "1/min", "Hz", "cm", "%", "{score}"].contains(quantity["code"]?.string ?? ""))
            }
        }
    }

    @Test func valuesComeOverWithTheirPlaceAndError() throws {
        let observations = observations(try bundle())
        let sbr = try #require(observations.first { code($0) == "sbr" })
        #expect(sbr["valueQuantity"]?["value"] == 0.5 && sbr["bodySite"]?["text"] == "caudate-left")
        #expect(sbr["method"]?["text"] == "PET, FDOPA, mean of 4500 to 5400 s, reference occipital")
        #expect(sbr["encounter"]?["identifier"]?["value"] == "month-00")
        let part = try #require(observations.first { code($0) == "g1_sbr" })
        #expect(part["valueQuantity"]?["value"] == 0.52 && part["bodySite"]?["text"] == "caudate-bilateral")
        #expect(part["component"]?[0]?["valueQuantity"]?["value"] == 0.04)
        let off = try #require(observations.first { code($0) == "mds_updrs_3_total_off" })
        #expect(off["valueQuantity"]?["value"]?.double == 57 && off["valueQuantity"]?["unit"] == "points")
        let on = try #require(observations.first { code($0) == "mds_updrs_3_total_on" })
        #expect(on["dataAbsentReason"]?["text"] == "items missing: 3.14")
        let sizes = observations.filter { code($0) == "tremor_peak_to_peak" }
        #expect(sizes[0]["component"]?[0]?["valueRange"]?["high"]?["value"] == 1.5)
        #expect(sizes[1]["dataAbsentReason"]?["coding"]?[0]?["code"] == "error")
        let change = try #require(observations.first { code($0) == "sbr_change_percent" })
        #expect(change["interpretation"]?[0]?["text"] == "within error" && change["component"]?.elements?.count == 3)
    }

    @Test(arguments: [
        ("{}", "is not the patient.json"), ("[1, 2]", "is not the patient.json"),
        (#"{"code": "P07", "visits": []}"#, "is not the patient.json"),
        (#"{"code": "P07", "visits": [{"pet": "a.nii"}]}"#, "describes a patient's folder"),
    ])
    func anotherDocumentIsRefused(text: String, part: String) {
        #expect {
            try bundle(text)
        } throws: {
            "\($0)".contains(part)
        }
    }
}

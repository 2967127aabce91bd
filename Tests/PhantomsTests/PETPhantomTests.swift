import Dispatch
import Imaging
import PET
import Phantoms
import Records
import Statistics
import Synchronization
import Testing

struct PETPhantomTests {
    static let sites = [
        GraftSite(center: [-28, -8, 3], volumeML: 0.3, survival: 0.9),
        GraftSite(center: [29.6, -13.2, 3.6], volumeML: 0.2, survival: 0.3),
    ]

    /// A coarse grid keeps the tests short.
    static func settings(_ tracer: PhantomTracer, psf: Double, noise: Double, grafts: Bool = true) -> PETPhantomSettings
    {
        var settings = PETPhantomSettings(tracer: tracer, seed: 11)
        settings.grid = PETPhantomSettings.headGrid(shape: [48, 57, 42], voxelSize: 4)
        settings.ctGrid = settings.grid
        (settings.psfFWHM, settings.noise, settings.ctNoise) = (psf, noise, 0)
        (settings.grafts, settings.months) = (grafts ? sites : [], grafts ? 12 : 0)
        return settings
    }

    /// 1e-5: Float32 keeps 6e-8 of each voxel, and the mean of equal values is one of them.
    @Test(arguments: PhantomTracer.allCases)
    func voxelsInsideARegionHaveTheTissuesActivity(tracer: PhantomTracer) throws {
        let settings = Self.settings(tracer, psf: 0, noise: 0, grafts: false)
        let phantom = petPhantom(settings)
        let tissues = HeadPhantom().tissues(on: settings.grid)
        let patient = PatientKinetics(tracer: tracer, months: 0)
        // The scale of plasma is the reference's SUV of 1 at 75 to 90 min.
        let suv = settings.injectedBq / (settings.massKg * 1000)
        let rates = tracer.referenceRates
        let unit = TissueKinetics.exchange(K1: rates.K1, k2: rates.k2)
            .curve(plasma: PhantomTracer.unitInput, reference: rates)
        let scale = suv / unit.mean(from: 75, to: 90)
        for region in Region.allCases {
            let curve = try #require(patient.kinetics(of: .region(region)))
                .curve(plasma: PhantomTracer.unitInput, reference: rates)
            let inside = tissues.voxels(of: region, whollyInside: true)
            if !region.structure.hasPrefix("ventral") { #expect(inside.count > 5) }
            for (f, frame) in settings.frames.enumerated() {
                let expected = scale * curve.mean(from: frame.start / 60, to: frame.end / 60)
                for voxel in inside {
                    let value = Double(phantom.pet.voxels[f * settings.grid.count + voxel])
                    #expect(abs(value / expected - 1) < 1e-5)
                }
            }
        }
    }

    /// A blurred region's mean is a sum over tissues of their share in it: recovery of its own, spill-in of the others. 1e-5:
    /// shares and image are Float32.
    @Test(arguments: PhantomTracer.allCases, [true, false])
    func ratiosOfABlurredImageAreExplainedByRecoveryAndSpillIn(tracer: PhantomTracer, grafts: Bool) throws {
        let settings = Self.settings(tracer, psf: 6, noise: 0, grafts: grafts)
        let phantom = petPhantom(settings)
        let regions = try #require(phantom.truth["regions"]?.elements)
        let late = phantom.frames.indices.filter { settings.windowS.contains(phantom.frames[$0].start) }
        #expect(late.count == 2)
        func mean(_ labels: [Int32], frames: [Int]) -> Double {
            var (sum, count) = (0.0, 0)
            for (voxel, label) in phantom.labels.voxels.enumerated() where labels.contains(label) {
                for f in frames { sum += Double(phantom.pet.voxels[f * settings.grid.count + voxel]) }
                count += frames.count
            }
            return sum / Double(count)
        }
        let referenceLabels = Region.allCases.filter { $0.structure == tracer.reference }.map(\.label)
        let reference = mean(referenceLabels, frames: late)
        for (region, truth) in zip(Region.allCases, regions) {
            #expect(truth["name"]?.string == region.name)
            let measured = mean([region.label], frames: late) / reference - 1
            let seen = try #require(truth["seen"]?["sbr"]?.double)
            #expect(abs(measured - seen) < 1e-5)
            let curve = try #require(truth["tac_seen_bq_per_ml"]?.doubles)
            for f in phantom.frames.indices {
                #expect(abs(mean([region.label], frames: [f]) / curve[f] - 1) < 1e-5)
            }
            let recovery = try #require(truth["recovery"]?.double)
            #expect(recovery > 0.2 && recovery < 0.95)
        }
        // Without grafts a region is one tissue: recovery · own + Σ spill-in · others is what is seen.
        guard !grafts else { return }
        let patient = PatientKinetics(tracer: tracer, months: 0)
        let rates = tracer.referenceRates
        func level(_ tissue: Tissue) -> Double {
            patient.kinetics(of: tissue)?.curve(plasma: PhantomTracer.unitInput, reference: rates)
                .mean(from: 75, to: 90) ?? 0
        }
        let names: [String: Tissue] = [
            "white-matter": .whiteMatter, "cerebrospinal-fluid": .cerebrospinalFluid, "cortex": .cortex,
            "thalamus": .thalamus, "pallidum": .pallidum, "brainstem": .brainstem, "bone": .bone, "scalp": .scalp,
            "eye": .eye, "fat": .fat,
        ]
        func explained(_ truth: JSONValue, _ region: Region) throws -> Double {
            var sum = try #require(truth["recovery"]?.double) * level(.region(region))
            for member in try #require(truth["spill_in"]?.members) {
                let other = Region.allCases.first { $0.name == member.key }.map { Tissue.region($0) }
                sum += try #require(member.value.double) * level(try #require(other ?? names[member.key]))
            }
            return sum
        }
        let referenceTruths = zip(Region.allCases, regions).filter { $0.0.structure == tracer.reference }
        let levels = try referenceTruths.map { ($0.1["voxels"]!.double!, try explained($0.1, $0.0)) }
        let ratioTo = levels.reduce(0) { $0 + $1.0 * $1.1 } / levels.reduce(0) { $0 + $1.0 }
        for (region, truth) in zip(Region.allCases, regions) {
            let sbr = try explained(truth, region) / ratioTo - 1
            // Spill-in below 1e-6 is not listed, of about twenty tissues.
            #expect(abs(sbr - truth["seen"]!["sbr"]!.double!) < 1e-4)
        }
    }

    @Test func aSurvivingGraftRaisesItsPutamenAndOnlyThat() throws {
        let visits = petPhantoms([
            Self.settings(.fdopa, psf: 5, noise: 0, grafts: false), Self.settings(.fdopa, psf: 5, noise: 0),
        ])
        func sbr(_ visit: Int, _ region: Region) throws -> Double {
            try #require(visits[visit].truth["regions"]?[region.rawValue]?["seen"]?["sbr"]?.double)
        }
        #expect(try sbr(1, .putamenPosteriorLeft) > 1.2 * sbr(0, .putamenPosteriorLeft))
        #expect(try sbr(1, .caudateLeft) < sbr(0, .caudateLeft))
        #expect(try sbr(1, .caudateRight) < sbr(0, .caudateRight))
        #expect(visits[0].labels.voxels == visits[1].labels.voxels)
        // One by one they are the same.
        let alone = petPhantom(Self.settings(.fdopa, psf: 5, noise: 0))
        #expect(SHA256.hex(alone.pet.voxels) == SHA256.hex(visits[1].pet.voxels))
        #expect(SHA256.hex(alone.ct.voxels) == SHA256.hex(visits[1].ct.voxels))
        #expect(alone.truth == visits[1].truth)
    }

    /// With all cores, and with as few as three runs at a time leave each of them.
    @Test func theSameSeedGivesTheSameBytesAtAnyNumberOfThreads() {
        let settings = Self.settings(.fdopa, psf: 5, noise: 0.05)
        @Sendable func hash(_ seed: UInt64) -> String {
            var settings = settings
            settings.seed = seed
            let phantom = petPhantom(settings)
            return SHA256.hex(phantom.pet.voxels) + SHA256.hex(phantom.ct.voxels) + phantom.truth.text
        }
        let alone = hash(11)
        let together = Mutex([String](repeating: "", count: 3))
        DispatchQueue.concurrentPerform(iterations: 3) { run in
            let value = hash(run == 2 ? 12 : 11)
            together.withLock { $0[run] = value }
        }
        let runs = together.withLock { $0 }
        #expect(runs[0] == alone)
        #expect(runs[1] == alone)
        #expect(runs[2] != alone)
    }

    /// Over cortex the variance is noise² · SUV · decay · 300/duration; 3 % is the spread of a variance from 1500 independent
    /// resolution elements.
    @Test func noiseHasTheVarianceOfCounting() {
        let (noisy, clean) = (
            petPhantom(Self.settings(.fdopa, psf: 5, noise: 0.05)), petPhantom(Self.settings(.fdopa, psf: 5, noise: 0))
        )
        let grid = noisy.pet.grid
        for f in [0, 8, 17] {
            let frame = noisy.frames[f]
            let lambda = 0.6931471805599453 / PhantomTracer.halfLifeS
            let (start, end) = (PortableMath.exp(-lambda * frame.start), PortableMath.exp(-lambda * frame.end))
            let decay = lambda * frame.duration / (start - end)
            let suv = 185e6 / 72_000
            var (sum, count) = (0.0, 0.0)
            for voxel in 0..<grid.count {
                let value = Double(clean.pet.voxels[f * grid.count + voxel])
                guard value > 200 else { continue }
                let deviate = Double(noisy.pet.voxels[f * grid.count + voxel]) - value
                sum += deviate * deviate / (0.05 * 0.05 * suv * value * decay * 300 / frame.duration)
                count += 1
            }
            #expect(count > 5000)
            #expect(abs(sum / count - 1) < 0.1)
        }
    }

    @Test func theSidecarHasWhatPETBIDSRequires() {
        let sidecar = petPhantom(Self.settings(.dat, psf: 0, noise: 0)).sidecar
        for key in [
            "Manufacturer", "ManufacturersModelName", "Units", "TracerName", "TracerRadionuclide",
            "InjectedRadioactivity", "InjectedRadioactivityUnits", "InjectedMass", "InjectedMassUnits",
            "SpecificRadioactivity", "SpecificRadioactivityUnits", "ModeOfAdministration", "TimeZero", "ScanStart",
            "InjectionStart", "FrameTimesStart", "FrameDuration", "AcquisitionMode", "ImageDecayCorrected",
            "ImageDecayCorrectionTime", "ReconMethodName", "ReconMethodParameterLabels", "ReconFilterType",
            "AttenuationCorrection",
        ] {
            #expect(sidecar[key] != nil, "\(key)")
        }
        #expect(sidecar["FrameDuration"]?.doubles?.reduce(0, +) == 5400)
        #expect(sidecar["TracerName"]?.string == PhantomTracer.dat.tracerName)
    }
}

/// Our own output, kept: that it is right is for the tests above.
struct PortableBytesTests {
    /// Made on x86-64 with AVX2; any other machine must give the same bytes.
    @Test func bytesAreTheSameOnEveryMachine() {
        let phantom = petPhantom(PETPhantomTests.settings(.fdopa, psf: 5, noise: 0.05))
        #expect(SHA256.hex(phantom.pet.voxels) == "70a008b7d7161237c0bf3bca15a1e0b364549062323d39c14cd12a798a256bf5")
        #expect(SHA256.hex(phantom.ct.voxels) == "03ef1ee885b80ad7b45038efac62aec8bfe84d0bf24e524dee0885ad592bc589")
        #expect(
            SHA256.hex(Array(phantom.truth.text.utf8))
                == "03972bf57681a7ce5de388127d5ebe98269726f8e8b910689b6da5d00029c9da")
        #expect(
            SHA256.hex(Array(tremorPhantom(TremorPhantomSettings()).csv.utf8))
                == "86d92d5f4a4751208ed189131394579dc72d2c3750418087209394445705b9e1")
    }
}

import Imaging
import PET
import Records
import TestSupport
import Testing

/// Factors of headers made here against `Tests/PETTests/Golden/suv.py` (Python 3.11.7, math and datetime), which does not
/// share a line with the library. They stand for the reference objects whose DICOM is not beside the checkout, and for
/// rules that no object has. 1e-12 relative: rounding of doubles.
@Suite struct SUVGoldenTests {
    /// A header: elements to set on one slice or on each of several.
    typealias Change = @Sendable (inout [UInt32: DICOMFile.Value]) -> Void
    typealias Case = (name: String, kind: SUVKind, factor: Double, changes: [Change])

    static func tracer(_ changes: [UInt32: DICOMFile.Value] = [:], without absent: [UInt32] = []) -> DICOMFile.Value {
        var elements: [UInt32: DICOMFile.Value] = [
            0x0018_0031: .text("LO", "FDOPA"), 0x0018_1072: .text("TM", "100000"),
            0x0018_1074: .text("DS", "368080000"), 0x0018_1075: .text("DS", "6586.2"),
        ]
        for tag in absent { elements[tag] = nil }
        return .item(elements.merging(changes) { $1 })
    }

    static func setting(_ elements: [UInt32: DICOMFile.Value]) -> Change {
        { header in for (tag, value) in elements { header[tag] = value } }
    }

    static func acquisition(_ changes: [Change]) throws -> Acquisition {
        try AcquisitionSeriesTests.acquisition(
            changes.enumerated().map { place, change in
                var file = DICOMFile(z: Double(4 * place))
                change(&file.elements)
                return file
            })
    }

    static func units(_ units: String, _ type: String, _ sex: String) -> Change {
        setting([
            0x0054_1001: .text("CS", units), 0x0054_1006: .text("CS", type), 0x0010_0040: .text("CS", sex),
        ])
    }

    /// DRO_2_1, 2_2, 2_3, 2_5 and what no object has: F and O for lean mass, JANMA, counts per second.
    static let unitCases: [Case] = [
        ("LBMJAMES128 of M", .bw, 1.2384996461429583, [units("GML", "LBMJAMES128", "M")]),
        ("LBM of F", .bw, 1.3666536509176104, [units("GML", "LBM", "F")]),
        ("LBMJANMA of O", .bw, 1.3853962246322984, [units("GML", "LBMJANMA", "O")]),
        ("IBW of O", .bw, 1.0085728693898133, [units("GML", "IBW", "O")]),
        ("CM2ML", .bw, 3.7875856637521279, [units("CM2ML", "BSA", "O")]),
        ("GML without a type", .bw, 1, [units("GML", "", "O")]),
        (
            "CNTS with (7053,1009)", .bw, 0.00041666718744102365,
            [
                setting([
                    0x0054_1001: .text("CS", "CNTS"), 0x7053_0010: .text("LO", "Philips PET Private Group"),
                    0x7053_1009: .text("DS", "1.5"), 0x7053_1000: .text("DS", "0"),
                ])
            ]
        ),
        (
            "CPS with DCAL", .bw, 0.011574088540028435,
            [setting([0x0054_1001: .text("CS", "CPS"), 0x0028_0051: .text("CS", "DCAL\\ATTN\\DECY")])]
                + second.map { change -> Change in
                    { (file: inout [UInt32: DICOMFile.Value]) in
                        change(&file)
                        file[0x0028_0051] = .text("CS", "ATTN\\DECY\\DCAL")
                    }
                }
        ),
        (
            "CPS with (0054,1322)", .bw, 252.22253746429965,
            [setting([0x0054_1001: .text("CS", "CPS"), 0x0054_1322: .text("DS", "21792")])] + second
        ),
    ]

    /// A second slice, 4 mm on, so that the voxel is 2 × 3 × 4 mm.
    static var second: [Change] { [{ $0[0x0054_1001] = .text("CS", "CPS") }] }

    /// DRO_3_2, 3_3, 3_4, 4_0, 4_2, and times that no object has.
    static let timeCases: [Case] = [
        ("plain", .bw, 0.00027777812496068244, [setting([:])]),
        (
            "a later series time", .bw, 0.00027777812496068244,
            [("110000", "149605.344457341"), ("110500", "449605.344457341")].map { time, reference in
                setting([
                    0x0008_0031: .text("TM", "120000"), 0x0008_0032: .text("TM", time),
                    0x0054_1300: .text("DS", reference),
                ])
            }
        ),
        ("a later series time alone", .bw, 0.00027777812496068244, [setting([0x0008_0031: .text("TM", "120000")])]),
        (
            "GE's private reference", .bw, 0.00027777812496068244,
            [
                setting([
                    0x0008_0031: .text("TM", "120000"), 0x0008_0032: .text("TM", "111000"),
                    0x0009_0010: .text("LO", "GEMS_PETD_01"), 0x0009_100D: .text("DT", "20250101110000.00"),
                ])
            ]
        ),
        (
            "only a date and time of injection", .bw, 0.00027777812496068244,
            [
                setting([
                    0x0054_0016: tracer([0x0018_1078: .text("DT", "20250101100000.000000")], without: [0x0018_1072])
                ])
            ]
        ),
        ("across midnight", .bw, 0.00027777812496068244, [crossing("003000", "233000", 6586.2)]),
        ("Zr-89 from noon to midnight", .bw, 0.00021177067764264882, [crossing("001000", "120000", 282276)]),
        (
            "Zr-89 after five days", .bw, 0.0054169967101696161,
            [
                setting([
                    0x0008_0021: .text("DA", "20250106"), 0x0008_0022: .text("DA", "20250106"),
                    0x0008_0031: .text("TM", "0900"), 0x0008_0032: .text("TM", "09"),
                    0x0054_0016: tracer([
                        0x0018_1078: .text("DT", "20250101100000"), 0x0018_1074: .text("DS", "37"),
                        0x0018_1075: .text("DS", "282276"),
                    ]),
                ])
            ]
        ),
        (
            "another time zone", .bw, 0.00027777812496068244,
            [
                setting([
                    0x0008_0201: .text("SH", "+0200"),
                    0x0054_0016: tracer([0x0018_1078: .text("DT", "20250101080000+0000")]),
                ])
            ]
        ),
        (
            "enhanced", .bw, 0.00022984069747581645,
            [
                setting([
                    0x0054_1102: .text("CS", ""), 0x0018_9758: .text("CS", "YES"), 0x0018_9759: .text("CS", "YES"),
                    0x0018_9701: .text("DT", "20250101103000"), 0x0028_0051: .text("CS", ""),
                    0x0054_1001: .text("CS", ""), 0x0028_1054: .text("LO", "Bq/ml"),
                    0x0054_0016: tracer([0x0018_1078: .text("DT", "20250101100000")], without: [0x0018_1072]),
                ])
            ]
        ),
        ("ADMIN", .bw, 0.00019017604868506847, [setting([0x0054_1102: .text("CS", "ADMIN")])]),
    ]

    static func crossing(_ scan: String, _ injection: String, _ halfLife: Double) -> Change {
        setting([
            0x0008_0021: .text("DA", "20250102"), 0x0008_0022: .text("DA", "20250102"),
            0x0008_0031: .text("TM", scan), 0x0008_0032: .text("TM", scan),
            0x0054_0016: tracer([0x0018_1072: .text("TM", injection), 0x0018_1075: .text("DS", "\(halfLife)")]),
        ])
    }

    static let kindCases: [Case] = [
        ("M", SUVKind.lbm, 0.00022936536603896347), ("F", .lbm, 0.00020325422229265934),
        ("O", .lbm, 0.00021630979416581141), ("M", .lbmJames, 0.00022428599461111101),
        ("F", .lbmJames, 0.00020325422229265934), ("O", .lbmJames, 0.00021377010845188518),
        ("M", .lbmJanmahasatian, 0.00022165546641292035), ("F", .lbmJanmahasatian, 0.0001793534579970018),
        ("O", .lbmJanmahasatian, 0.00020050446220496108), ("M", .bsa, 7.3339100318989156e-05),
        ("F", .bsa, 7.3339100318989156e-05), ("O", .bsa, 7.3339100318989156e-05), ("M", .ibw, 0.00028722258120934563),
        ("F", .ibw, 0.00026361144058768767), ("O", .ibw, 0.00027541701089851665),
    ].map { sex, kind, factor in ("\(kind.rawValue) of \(sex)", kind, factor, [units("BQML", "", sex)]) }

    @Test(arguments: (unitCases + timeCases + kindCases).indices)
    func aHeaderHasTheFactorOfTheOracle(place: Int) throws {
        let one = (SUVGoldenTests.unitCases + SUVGoldenTests.timeCases + SUVGoldenTests.kindCases)[place]
        let factor = try SUVGoldenTests.acquisition(one.changes).suvFactor(one.kind)
        #expect(abs(factor.factors[0] / one.factor - 1) < 1e-12, "\(one.name): \(factor.rule)")
    }

    /// DRO_3_4: not decay-corrected, two beds ten minutes apart.
    @Test func uncorrectedBedsAreCorrectedToTheInjection() throws {
        let a = try SUVGoldenTests.acquisition(
            ["110000", "111000"].map {
                SUVGoldenTests.setting([0x0054_1102: .text("CS", "NONE"), 0x0008_0032: .text("TM", $0)])
            })
        let factors = try a.suvFactor().factors
        for (factor, golden) in zip(factors, [0.00028218630299990178, 0.00030057969088402483]) {
            #expect(abs(factor / golden - 1) < 1e-12)
        }
        // The header's list of corrections names decay nevertheless, as in some of the objects.
        #expect(factors.count == 2 && a.warnings.contains { $0.contains("NONE is taken") })
    }

    /// What is refused, by the tag that says so.
    @Test(arguments: [
        (0x0054_1001, "CS", "PROPCPS", "PROPCPS cannot be turned into Bq/mL ((0054,1001) Units)"),
        (0x0054_1001, "CS", "PROPCNTS", "PROPCNTS"), (0x0054_1001, "CS", "1CM", "1CM"),
        (0x0054_1001, "CS", "NONE", "(0054,1001)"), (0x0054_1001, "CS", "CNTS", "(7053,1000)"),
        (0x0054_1001, "CS", "CPS", "(0054,1322)"), (0x0054_1001, "CS", "", "(0054,1001)"),
        (0x0028_0051, "CS", "DECY\\NORM", "attenuation ((0028,0051) Corrected Image)"),
        (0x0028_0051, "CS", "ATTN\\NORM", "decay, although (0054,1102) says so ((0028,0051) Corrected Image)"),
        (0x0018_9759, "CS", "NO", "attenuation ((0018,9759) Attenuation Corrected)"),
        (0x0010_1030, "DS", "0", "(0010,1030)"), (0x0010_1030, "DS", "", "(0010,1030)"),
        (0x0054_1102, "CS", "SOMETIMES", "(0054,1102)"), (0x0018_9758, "CS", "NO", "(0054,1102)"),
    ])
    func whatCannotBeSUVIsRefusedByItsTag(tag: UInt32, kind: String, value: String, named: String) throws {
        let a = try SUVGoldenTests.acquisition([SUVGoldenTests.setting([tag: .text(kind, value)])])
        let problem = #expect(throws: SUVProblem.self) { try a.suvFactor() }
        #expect(problem?.description.contains(named) == true, "\(problem?.description ?? "")")
    }

    @Test func aHeaderWithoutCorrectionsIsRefusedOnlyWhereItSaysNo() throws {
        let silent = try SUVGoldenTests.acquisition([SUVGoldenTests.setting([0x0028_0051: .text("CS", "")])])
        #expect(try silent.suvFactor().factors[0] > 0 && silent.warnings.contains { $0.contains("(0028,0051)") })
        let none = try SUVGoldenTests.acquisition([
            SUVGoldenTests.setting([0x0028_0051: .text("CS", ""), 0x0054_1101: .text("LO", "none")])
        ])
        #expect(none.attenuationUncorrected == "(0054,1101) Attenuation Correction Method")
        // DECAY is in use for DECY, and some writers put blanks around the words.
        let spelled = try SUVGoldenTests.acquisition([
            SUVGoldenTests.setting([0x0028_0051: .text("CS", "attn \\ DECAY")])
        ])
        #expect(try spelled.suvFactor().factors[0] > 0)
    }

    @Test(arguments: [("0018_1074", "(0018,1074)"), ("0018_1072", "(0018,1072)"), ("0018_1075", "(0018,1075)")])
    func whatTheTracerLacksIsNamed(tag: String, named: String) throws {
        let absent = try #require(UInt32(tag.filter { $0 != "_" }, radix: 16))
        let a = try SUVGoldenTests.acquisition([
            SUVGoldenTests.setting([0x0054_0016: SUVGoldenTests.tracer(without: [absent])])
        ])
        let problem = #expect(throws: SUVProblem.self) { try a.suvFactor() }
        #expect(problem?.description.contains(named) == true)
    }

    /// Without a rescale slope the real world value mapping makes the values, and its unit is theirs.
    @Test(arguments: [("{SUVlbm}g/ml", SUVKind.lbm), ("{SUVbw}g/ml", .bw)])
    func realWorldValuesHaveTheirOwnUnit(unit: String, kind: SUVKind) throws {
        var file = DICOMFile(z: 0)
        for tag: UInt32 in [0x0028_1052, 0x0028_1053] { file.elements[tag] = nil }
        file.elements[0x0040_9224] = .text("DS", "0")
        file.elements[0x0040_9225] = .text("DS", "0.5")
        file.elements[0x0040_08EA] = .item([0x0008_0100: .text("SH", unit), 0x0008_0102: .text("SH", "UCUM")])
        let a = try AcquisitionSeriesTests.acquisition([file])
        #expect(a.units == "GML" && a.suvType == kind.dicomName)
        #expect(abs(try a.suvFactor(kind).factors[0] - 1) < 1e-15)
    }

    @Test func enhancedImagesWithoutTheMomentOfCorrectionAreRefused() throws {
        let a = try SUVGoldenTests.acquisition([
            SUVGoldenTests.setting([0x0054_1102: .text("CS", ""), 0x0018_9758: .text("CS", "YES")])
        ])
        #expect(throws: SUVProblem.self) { try a.suvFactor() }
        #expect(a.warnings.contains { $0.contains("(0018,9701)") })
    }

    /// Siemens' own reference is only compared; it is the series' time.
    @Test func siemensPrivateReferenceIsAnAlternative() throws {
        let a = try SUVGoldenTests.acquisition([
            SUVGoldenTests.setting([
                0x0071_0010: .text("LO", "SIEMENS MED PT"), 0x0071_1022: .text("DT", "20250101110100.000000"),
            ])
        ])
        #expect(a.decayReferenceS == 3600 && a.decayAlternatives.map(\.seconds).contains(3660))
        #expect(
            a.warnings.contains { $0.contains("3600.0 s") && $0.contains("3660.0 s") && $0.contains("(0071,1022)") })
    }

    @Test func doubtfulInjectionsAreWarnedOfOrRefused() throws {
        // Two hours after the scan: the day before would be twelve half-lives ago.
        let late = try SUVGoldenTests.acquisition([
            SUVGoldenTests.setting([0x0054_0016: SUVGoldenTests.tracer([0x0018_1072: .text("TM", "130000")])])
        ])
        let problem = #expect(throws: SUVProblem.self) { try late.suvFactor() }
        #expect(problem?.description.contains("7200 s after the scan") == true)
        #expect(late.timeZero == "11:00:00" && late.frames == [Frame(start: 0, duration: 300)])
        // The date of the injection was shifted by another number of days than the scan's.
        let shifted = try SUVGoldenTests.acquisition([
            SUVGoldenTests.setting([
                0x0054_0016: SUVGoldenTests.tracer([0x0018_1078: .text("DT", "20241101100000")])
            ])
        ])
        #expect(shifted.warnings.contains { $0.contains("more than ten half-lives") })
        #expect(shifted.warnings.contains { $0.contains("(0018,1078)") && $0.contains("(0018,1072)") })
        #expect(shifted.timeZero == "11:00:00")
    }
}

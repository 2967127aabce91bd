import PET
import Testing

@Suite struct ActivityUnitTests {
    /// SI prefixes; 1 Ci = 3.7e10 Bq.
    @Test(arguments: [
        ("Bq/mL", 1.0), ("BQML", 1), ("bq/ml", 1), ("Bq/cc", 1), ("kBq/mL", 1e3), ("kBq/cc", 1e3), ("KBQ/ML", 1e3),
        ("[kBq/ml]", 1e3), ("MBq/mL", 1e6), ("MBq/L", 1e3), ("mBq/mL", 1e-3), ("GBq/mL", 1e9), ("nCi/cc", 37),
        ("nCi/ml", 37), ("uCi/mL", 3.7e4), ("µCi/mL", 3.7e4), ("mCi/mL", 3.7e7), ("pCi/mL", 0.037), ("Bq/cm3", 1),
        ("Bq/mm3", 1000), ("kBq / mL", 1e3), ("Bq/dL", 0.01),
    ])
    func activityPerVolumeHasAFactor(text: String, expected: Double) throws {
        let factor = try #require(ActivityUnit(named: text)).becquerelsPerML
        // One rounded division or multiplication.
        #expect(abs(factor / expected - 1) < 1e-15)
    }

    @Test(arguments: [
        "g/mL", "SUV", "unitless", "1/1", "", "/", "Bq", "kBq", "mL", "mbq/ml", "MCi/mL", "Bq/kg", "CNTS", "Bq/mL/min",
    ])
    func whatIsNoActivityPerVolumeHasNone(text: String) { #expect(ActivityUnit(named: text) == nil) }
}

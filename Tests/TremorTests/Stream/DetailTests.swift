import TestSupport
import Testing
import Tremor

@Suite struct DetailTests {
    /// Ten minutes at 5 Hz are 3000 cycles. Half a second at either end is the filter's, and at the borders of the parts that are held
    /// in memory (two minutes each) a cycle is lost; none is there twice.
    @Test func everyCycleIsCountedOnce() throws {
        let source = SyntheticSource(tone(5, 1, rate: 100, seconds: 600))
        let r = try analyzeTremor(source)
        let details = try tremorDetails(of: source, result: r)
        #expect((2975...2995).contains(details.cycles), "\(details.cycles)")
        #expect(details.windows == r.windows.count && details.stability!.hz < 0.01)
    }

    /// Windows of 8 s every 2 s: a window without tremor parts two runs that both hold its samples.
    @Test func overlappingRunsShareNoCycle() throws {
        var settings = TremorSettings()
        settings.windowS = 8
        let samples = tone(5, 1, rate: 100, seconds: 100, noise: 0.02) { (48..<52).contains($0) ? 0 : 1 }
        for batch in [37, 1000] {
            let source = SyntheticSource(samples, batch: batch)
            let details = try tremorDetails(of: source, result: try analyzeTremor(source, settings: settings))
            // What noise makes of the pause may be counted too, 4 s of it.
            #expect((450...500).contains(details.cycles), "\(details.cycles)")
        }
    }

    /// Windows of 4 s every 10 s: what lies between them is in none.
    @Test(arguments: [100, 1000, 70_000])
    func windowsMayLieApart(batch: Int) throws {
        var settings = TremorSettings()
        settings.hopS = 10
        let source = SyntheticSource(tone(5, 1, rate: 100, seconds: 2000), batch: batch)
        let r = try analyzeTremor(source, settings: settings)
        #expect(r.windows.count == 200)
        #expect(r.windows.enumerated().allSatisfy { abs($1.startS - 10 * Double($0)) < 1e-6 })
        // 20 cycles have 19 to 20 whole ones; half a second at each end of a part of 64 windows is the filter's.
        let details = try tremorDetails(of: source, result: r)
        #expect(details.windows == 200 && (3750...4000).contains(details.cycles), "\(details.cycles)")
    }
}

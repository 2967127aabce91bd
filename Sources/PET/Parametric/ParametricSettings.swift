import Glibc

/// How maps are computed.
public struct ParametricSettings: Sendable, Equatable {
    /// The model.
    public var model: ParametricModel
    /// The maps wanted, by name; `nil` for the usual ones.
    public var parameters: [String]?
    /// Frames that start at this time or later take part, s; half a second earlier counts as rounding.
    public var fromS = 0.0
    /// Frames that end at this time or earlier take part, s.
    public var toS = Double.infinity
    /// How running integrals are taken from frames.
    public var integral: IntegralRule = .frameSum
    /// Weight of each frame of the image; `nil` for 1.
    public var weights: [Double]?
    /// k2' of the reference, 1/min. Models that fix it find it in a first pass where it is `nil`; reference Logan leaves
    /// its term out.
    public var k2Prime: Double?
    /// The first pass takes k2' as the median over voxels whose BP_ND is above this.
    public var k2PrimeThreshold = 0.5
    /// The rates k2a that basis functions have.
    public var rates = RateGrid()

    /// Settings with everything at its default.
    public init(_ model: ParametricModel) { self.model = model }

    /// The places, in `model.parameters`, of the maps wanted.
    ///
    /// R1, k2 and k2a of MRTM and MRTM2 hold from the injection on: with late frames only they are not given.
    func kept() throws(ParametricError) -> [Int] {
        let isLate = fromS > 0.5 && [.mrtm, .mrtm2].contains(model)
        func holds(_ place: Int) -> Bool { !isLate || !["R1", "k2", "k2a"].contains(model.parameters[place].name) }
        guard let parameters else { return model.parameters.indices.filter { model.parameters[$0].usual && holds($0) } }
        var places: [Int] = []
        for name in parameters {
            guard let place = model.parameters.firstIndex(where: { $0.name == name }) else {
                throw .noParameter(name, model)
            }
            guard holds(place) else { throw .lateParameter(name, model) }
            places.append(place)
        }
        return places
    }

    /// The frames that take part: wholly inside the window, with half a second for rounded times.
    func used(_ frames: [Frame]) -> [Int] {
        frames.indices.filter { frames[$0].start >= fromS - 0.5 && frames[$0].end <= toS + 0.5 }
    }
}

/// Rates at even steps of their logarithm.
public struct RateGrid: Sendable, Equatable {
    /// The lowest and highest rate, 1/min.
    public var lowest, highest: Double
    /// How many, ends included.
    public var count: Int

    /// A grid; the default is 128 rates from 0.0006 to 6 per minute (1e-5 to 1e-1 per second).
    ///
    /// - Precondition: 0 < lowest < highest, and 16 rates or more.
    public init(lowest: Double = 6e-4, highest: Double = 6, count: Int = 128) {
        precondition(lowest > 0 && lowest < highest && highest.isFinite && count >= 16, "a grid has room for 16 rates")
        (self.lowest, self.highest, self.count) = (lowest, highest, count)
    }

    /// The step of the natural logarithm.
    var step: Double { log(highest / lowest) / Double(count - 1) }

    /// The rate at a place, counted in steps from the lowest; between two rates where it is no whole number.
    func rate(at place: Double) -> Double { lowest * exp(step * place) }
}

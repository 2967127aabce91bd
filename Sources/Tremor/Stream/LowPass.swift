import Glibc

/// What a lower rate cannot hold is taken out before samples are put on it: above half of it, vibration would fold into what is
/// measured. A sinc under a Blackman taper, flat to 35 % of the lower rate (by 0.02 %) and 74 dB down from 65 % on, whose part
/// up to the rate's half folds no further down than those 35 % [Harris1978].
struct LowPass {
    /// Rates closer than this share need no filter: sensors are some percent off what they state.
    private static let sameRate = 1.05
    /// The width between pass and stop band of a Blackman taper of one sample, in rates.
    private static let widthOfBlackman = 5.5

    /// Weights of the sample itself and of those after it; they are the same before it.
    private let taps: [Double]
    /// Samples on either side that a filtered sample depends on.
    var reach: Int { taps.count - 1 }

    /// `nil` where the rate is not lowered.
    init?(from rateHz: Double, to lowerHz: Double) {
        guard rateHz > lowerHz * Self.sameRate else { return nil }
        let (cutoff, width) = (0.5 * lowerHz / rateHz, 0.3 * lowerHz / rateHz)
        let reach = Int((Self.widthOfBlackman / width / 2).rounded(.up))
        var taps = (0...reach).map { place -> Double in
            let x = 2 * Double.pi * cutoff * Double(place)
            let share = Double.pi * Double(place) / Double(reach + 1)
            return (place == 0 ? 1 : sin(x) / x) * (0.42 + 0.5 * cos(share) + 0.08 * cos(2 * share))
        }
        let sum = 2 * taps.reduce(0, +) - taps[0]
        for place in taps.indices { taps[place] /= sum }
        self.taps = taps
    }

    /// The filtered samples; at the ends the weights of those that are there are made to sum to one.
    func apply(to values: [Double]) -> [Double] {
        values.indices.map { middle in
            let (before, after) = (min(reach, middle), min(reach, values.count - 1 - middle))
            var (sum, weight) = (taps[0] * values[middle], taps[0])
            for place in stride(from: 1, through: max(before, after), by: 1) {
                let tap = taps[place]
                if place <= before { (sum, weight) = (sum + tap * values[middle - place], weight + tap) }
                if place <= after { (sum, weight) = (sum + tap * values[middle + place], weight + tap) }
            }
            return sum / weight
        }
    }
}

import Glibc

/// Rates of exchange between plasma and tissue, 1/min; K1 in mL/cm³/min.
///
/// The response to an impulse of plasma is A₁e^(-α₁t) + A₂e^(-α₂t). Amplitudes of 0 or more and exponents of 0 or more are
/// the same as rates of 0 or more, one to one (α₁ ≤ α₂), so a search over amplitudes and exponents misses nothing.
struct CompartmentRates: Equatable {
    var K1, k2, k3, k4: Double

    /// One tissue compartment: A e^(-αt).
    init(amplitude: Double, exponent: Double) { (K1, k2, k3, k4) = (amplitude, exponent, 0, 0) }

    /// Two tissue compartments; `exponents[0]` is 0 for an irreversible one.
    init(amplitudes: [Double], exponents: [Double]) {
        let (a1, a2, slow, fast) = (amplitudes[0], amplitudes[1], exponents[0], exponents[1])
        K1 = a1 + a2
        guard K1 > 0 else { (k2, k3, k4) = (0, 0, 0); return }
        let trapped = (a1 * fast + a2 * slow) / K1  // k3 + k4
        k2 = (a1 * slow + a2 * fast) / K1  // the sum of the exponents less k3 + k4
        k4 = k2 > 0 ? slow * fast / k2 : 0
        k3 = k2 > 0 ? (trapped - slow) * (fast - trapped) / k2 : 0
    }

    /// Amplitudes and exponents of the response.
    var response: [(amplitude: Double, exponent: Double)] {
        guard k3 != 0 else { return [(K1, k2)] }
        let sum = k2 + k3 + k4
        let root = (sum * sum - 4 * k2 * k4).squareRoot()
        let (slow, fast) = (2 * k2 * k4 / (sum + root), (sum + root) / 2)
        guard root > 0 else { return [(K1, slow)] }
        return [(K1 * (k3 + k4 - slow) / (fast - slow), slow), (K1 * (fast - k3 - k4) / (fast - slow), fast)]
    }

    /// Volume of distribution K1/k2 · (1 + k3/k4), mL/cm³; of one compartment K1/k2.
    var volumeOfDistribution: Double { K1 / k2 * (k3 == 0 ? 1 : 1 + k3 / k4) }
    /// Net influx K1k3/(k2 + k3), mL/cm³/min; K1 where nothing leaves.
    var netInflux: Double { k2 == 0 ? K1 : K1 * k3 / (k2 + k3) }
}

import Statistics

/// A curve of time that is a sum of c·tⁿ·e^{−at}, with n 0 or 1: closed under what compartment models do to it.
///
/// Convolution with an exponential and integration are exact here, so that a phantom's curves carry no step size.
/// Time is in minutes, rates per minute; a rate of 0 is a constant.
public struct ExponentialSum: Sendable, Equatable {
    /// One term, c·tⁿ·e^{−at}.
    public struct Term: Sendable, Equatable {
        /// c.
        public var coefficient: Double
        /// n: 0 or 1.
        public var power: Int
        /// a, per minute.
        public var rate: Double

        /// A term.
        public init(_ coefficient: Double, power: Int = 0, rate: Double) {
            precondition(power == 0 || power == 1, "powers of time above 1 are not closed under convolution here")
            (self.coefficient, self.power, self.rate) = (coefficient, power, rate)
        }
    }

    /// The terms, one for each pair of power and rate.
    public private(set) var terms: [Term]

    /// A sum; terms with the same power and rate are added.
    public init(_ terms: [Term]) {
        self.terms = []
        for term in terms { add(term) }
    }

    private mutating func add(_ term: Term) {
        if let place = terms.firstIndex(where: { $0.power == term.power && $0.rate == term.rate }) {
            terms[place].coefficient += term.coefficient
        } else {
            terms.append(term)
        }
    }

    /// The sum of two curves.
    public static func + (a: ExponentialSum, b: ExponentialSum) -> ExponentialSum { ExponentialSum(a.terms + b.terms) }

    /// A curve times a number.
    public static func * (factor: Double, curve: ExponentialSum) -> ExponentialSum {
        ExponentialSum(curve.terms.map { Term(factor * $0.coefficient, power: $0.power, rate: $0.rate) })
    }

    /// The curve convolved with e^{−bt}. `b` must differ from every rate of the curve: equal ones would need t².
    public func convolved(withExponentialOfRate b: Double) -> ExponentialSum {
        var result: [Term] = []
        for term in terms {
            let d = b - term.rate
            precondition(abs(d) > 1e-9, "the rates of a convolution must differ")
            let c = term.coefficient / d
            if term.power == 0 {
                result += [Term(c, rate: term.rate), Term(-c, rate: b)]
            } else {
                result += [Term(c, power: 1, rate: term.rate), Term(-c / d, rate: term.rate), Term(c / d, rate: b)]
            }
        }
        return ExponentialSum(result)
    }

    /// The value at a time, min.
    public func callAsFunction(_ t: Double) -> Double {
        var sum = 0.0
        for term in terms {
            sum += term.coefficient * (term.power == 1 ? t : 1) * PortableMath.exp(-term.rate * t)
        }
        return sum
    }

    /// The integral between two times, min.
    public func integral(from start: Double, to end: Double) -> Double {
        var sum = 0.0
        for term in terms { sum += term.coefficient * (Self.primitive(term, end) - Self.primitive(term, start)) }
        return sum
    }

    /// The mean between two times, min.
    public func mean(from start: Double, to end: Double) -> Double { integral(from: start, to: end) / (end - start) }

    private static func primitive(_ term: Term, _ t: Double) -> Double {
        let a = term.rate
        if a == 0 { return term.power == 0 ? t : t * t / 2 }
        let decay = PortableMath.exp(-a * t)
        return term.power == 0 ? -decay / a : -decay * (t / a + 1 / (a * a))
    }
}

import Glibc
import Outcomes
import Review
import TestSupport

extension Cohort {
    /// A made-up trial of two arms at three sites: uptake rises in one arm, and some scans are missing or unreadable.
    static func example(patients count: Int = 24) -> Cohort {
        var noise = SeededNoise(seed: 24)
        let limit = 0.24
        let patients = (0..<count).map { place -> Cohort.Patient in
            let isTreated = place % 2 == 0
            let (baseline, score) = (1.1 + 0.15 * noise.gaussian(), (44 + 8 * noise.gaussian()).rounded())
            let gain = isTreated ? 0.45 + 0.2 * noise.gaussian() : -0.08 + 0.08 * noise.gaussian()
            var visits: [Cohort.Visit] = []
            for (name, months) in [("baseline", 0.0), ("month-06", 6), ("month-12", 12), ("month-24", 24)] {
                var visit = Cohort.Visit(name: name, months: months)
                if place % 7 == 3 && months == 12 {
                    visit.missing = ["the scanner was being serviced"]
                } else {
                    let dln = months == 0 ? nil : gain * min(1, months / 18) + 0.1 * noise.gaussian()
                    let isReadable = !(place % 9 == 4 && months == 24)
                    let flag: PETClass? = dln.map {
                        !isReadable ? .unreadable : $0 > limit ? .up : $0 < -limit ? .down : .within
                    }
                    visit.uptake = Cohort.PrimaryUptake(
                        value: baseline * exp(dln ?? 0), standardError: 0.05, dln: dln,
                        sigma: dln == nil ? nil : limit / 1.96, flag: flag)
                    if !isReadable { visit.missing = ["moved 7 mm during the scan"] }
                }
                if place % 8 == 5 && months == 24 {
                    visit.missing.append("left the trial")
                } else {
                    let change =
                        months == 0 ? nil : ((isTreated ? -0.6 : 0.05) * months + 4 * noise.gaussian()).rounded()
                    visit.motorOff = Cohort.MotorOff(
                        total: score + (change ?? 0), change: change, isReliable: change.map { abs($0) > 11.4 },
                        isImportant: change.map { $0 <= -3.25 || $0 >= 4.63 })
                }
                visits.append(visit)
            }
            var events: [Cohort.Event] = []
            if place % 4 == 1 { events.append(Cohort.Event(term: "headache", grade: 1, day: 12 + Double(place))) }
            if place % 6 == 0 {
                events.append(Cohort.Event(term: "subdural haematoma", grade: 3, day: 9, isDoseLimiting: place == 6))
                events.append(Cohort.Event(term: "nausea", grade: 2, day: 20))
            }
            return Cohort.Patient(
                code: "P\(place < 9 ? "0" : "")\(place + 1)", arm: isTreated ? "grafted" : "control",
                site: ["Lund", "Kyoto", "Boston"][place % 3], lot: isTreated ? "lot \(place % 4 + 1)" : nil,
                doseLevel: isTreated ? (place < count / 2 ? "level 1" : "level 2") : "no cells", visits: visits,
                events: events)
        }
        return Cohort(
            study: "EXAMPLE-1", uptakeLabel: "SBR of the posterior putamen", uptakeLimitLn: limit,
            uptakeLimitSource: "made up", motorReliable: 11.4, motorImportant: 3.25, toxicityWindowDays: 28,
            patients: patients)
    }
}

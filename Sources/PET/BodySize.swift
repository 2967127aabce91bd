import Glibc

/// Body sizes that SUVs are normalised by, from mass in kg and height in cm.
///
/// `female` and `male` formulas are averaged for sex `other`, as the IBSI SUV manual has it [IBSI-SUV].
public enum BodySize {
    /// Lean body mass with 120 for men, kg: what DICOM calls LBM [Morgan1994].
    ///
    /// `nil` where the formula turns negative, which it does for short and heavy people.
    public static func leanMassKg(massKg: Double, heightCm: Double, sex: Acquisition.Sex) -> Double? {
        quadraticLeanMass(massKg, heightCm, sex, male: 120)
    }

    /// Lean body mass with 128 for men, kg: DICOM's LBMJAMES128 [James1976]. `nil` where it turns negative.
    public static func leanMassJamesKg(massKg: Double, heightCm: Double, sex: Acquisition.Sex) -> Double? {
        quadraticLeanMass(massKg, heightCm, sex, male: 128)
    }

    /// Lean body mass, kg [Janmahasatian2005]: DICOM's LBMJANMA. Stays positive at any body mass index.
    public static func leanMassJanmahasatianKg(massKg: Double, heightCm: Double, sex: Acquisition.Sex) -> Double? {
        let bmi = massKg / (heightCm * heightCm / 1e4)
        return bySex(sex, male: 9270 * massKg / (6680 + 216 * bmi), female: 9270 * massKg / (8780 + 244 * bmi))
    }

    /// Body surface area, m² [DuBois1916].
    public static func surfaceAreaM2(massKg: Double, heightCm: Double) -> Double {
        0.007184 * pow(massKg, 0.425) * pow(heightCm, 0.725)
    }

    /// Ideal body weight, kg: DICOM's IBW [QIBA-SUV]. `nil` where it turns negative.
    public static func idealMassKg(heightCm: Double, sex: Acquisition.Sex) -> Double? {
        let over = heightCm - 152
        let mass = bySex(sex, male: 48.0 + 1.06 * over, female: 45.5 + 0.91 * over)
        return mass > 0 ? mass : nil
    }

    private static func quadraticLeanMass(
        _ mass: Double, _ height: Double, _ sex: Acquisition.Sex, male: Double
    ) -> Double? {
        let ratio = (mass / height) * (mass / height)
        let lean = bySex(sex, male: 1.10 * mass - male * ratio, female: 1.07 * mass - 148 * ratio)
        return lean > 0 ? lean : nil
    }

    private static func bySex(_ sex: Acquisition.Sex, male: Double, female: Double) -> Double {
        switch sex {
        case .male: male
        case .female: female
        case .other: (male + female) / 2
        }
    }
}

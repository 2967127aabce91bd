import CKernels

/// How a sector holds its samples: the same throughout a file.
struct CWALayout: Equatable {
    /// Axes of a sample: 3 of acceleration; 6, the gyroscope's first; or 9, the magnetometer's last.
    let axes: Int
    /// Whether three values of 10 bits share a word with an exponent.
    let isPacked: Bool
    /// g in one unit.
    let gPerUnit: Double
    /// °/s in one unit; 0 without a gyroscope.
    let degreesPerUnit: Double
    /// Samples a second as the device was set; `nil` where that is 0.
    let rateHz: Double?
    /// The largest acceleration, g.
    let rangeG: Double

    /// Most samples of a sector.
    var capacity: Int { isPacked ? 120 : 480 / (2 * axes) }
    /// Whether there is a gyroscope.
    var hasAngularRate: Bool { axes >= 6 }
    /// The largest angular rate, °/s.
    var rangeDegrees: Double { degreesPerUnit * 32768 }

    /// The layout that a sector states; throws where it is none that is known.
    init(_ sector: CWASector) throws(RecordingError) {
        let (code, form, scales) = (sector.byte(24), sector.byte(25), sector.word(18))
        (axes, isPacked) = (Int(form >> 4), form & 15 == 0)
        guard isPacked ? axes == 3 : form & 15 == 2 && [3, 6, 9].contains(axes) else {
            throw .unsupported(
                "samples of \(form >> 4) axes in packing \(form & 15) are not read; read are 3 axes packed or of 16 bits, and 6 and 9 of 16 bits"
            )
        }
        gPerUnit = isPacked ? 1.0 / 256 : 1 / Double(256 << (scales >> 13))
        let gyroscope = scales >> 10 & 7
        guard axes == 3 || gyroscope > 0 else {
            throw .unsupported("the gyroscope's range is not stated")
        }
        degreesPerUnit = axes == 3 ? 0 : 8000 / Double(1 << gyroscope) / 32768
        if code == 0 {
            let stated = sector.offset(26)
            rateHz = (1...4000).contains(stated) ? Double(stated) : nil
            rangeG = 16
        } else {
            rateHz = 3200 / Double(1 << (15 - Int(code & 15)))
            rangeG = min(Double(16 >> (code >> 6)), isPacked ? 16 : 32768 * gPerUnit)
        }
    }

    /// Writes `count` samples of a sector into columns from `place`, in m/s² and rad/s.
    func unpack(_ sector: CWASector, _ count: Int, into columns: SampleColumns, at place: Int) {
        let data = sector.bytes + 30
        let (x, y, z) = (columns.x + place, columns.y + place, columns.z + place)
        let unit = gPerUnit * AccelerationUnit.standardGravity
        if isPacked {
            ck_unpack_tens(data, count, unit, x, y, z)
        } else if let rate = columns.rate {
            let turn = degreesPerUnit * Double.pi / 180
            Self.unpackShorts(data, count, axes, turn, rate.x + place, rate.y + place, rate.z + place)
            Self.unpackShorts(data + 6, count, axes, unit, x, y, z)
        } else {
            Self.unpackShorts(data, count, 3, unit, x, y, z)
        }
    }

    /// Three shorts of each sample, `stride` shorts apart.
    private static func unpackShorts(
        _ data: UnsafeRawPointer, _ count: Int, _ stride: Int, _ unit: Double, _ x: UnsafeMutablePointer<Double>,
        _ y: UnsafeMutablePointer<Double>, _ z: UnsafeMutablePointer<Double>
    ) {
        for place in 0..<count {
            let sample = data + 2 * stride * place
            x[place] = Double(sample.loadUnaligned(as: Int16.self)) * unit
            y[place] = Double(sample.loadUnaligned(fromByteOffset: 2, as: Int16.self)) * unit
            z[place] = Double(sample.loadUnaligned(fromByteOffset: 4, as: Int16.self)) * unit
        }
    }
}

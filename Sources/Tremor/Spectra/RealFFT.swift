import CFFTW
import CKernels
import Synchronization

/// The Fourier transform of a real signal of one length: a plan of FFTW with its own aligned buffers.
///
/// One thread uses an instance at a time; several instances may run at once. Plans are estimated, not measured, so that the
/// same input gives the same bits on every run [FrigoJohnson2005].
final class RealFFT {
    /// Samples in.
    let length: Int
    /// Bins out: `length / 2 + 1`.
    var bins: Int { length / 2 + 1 }
    private let input: UnsafeMutablePointer<Double>
    private let output: UnsafeMutablePointer<fftw_complex>
    private let plan: fftw_plan

    /// FFTW's planner is not thread-safe; its plans are.
    private static let planner = Mutex(())

    init(length: Int) {
        precondition(length > 0, "a transform has at least one sample")
        self.length = length
        input = fftw_alloc_real(length)
        output = fftw_alloc_complex(length / 2 + 1)
        let (input, output) = (input, output)
        nonisolated(unsafe) var made: fftw_plan?
        Self.planner.withLock { _ in made = fftw_plan_dft_r2c_1d(Int32(length), input, output, FFTW_ESTIMATE) }
        plan = made!
    }

    deinit {
        nonisolated(unsafe) let plan = plan
        Self.planner.withLock { _ in fftw_destroy_plan(plan) }
        fftw_free(input)
        fftw_free(output)
    }

    /// Transforms what `fill` writes into the input and adds |X|² · `scale` to `power`, one value a bin.
    @inline(__always)
    func addPower(
        scaledBy scale: Double, to power: UnsafeMutablePointer<Double>, fill: (UnsafeMutablePointer<Double>) -> Void
    ) {
        fill(input)
        fftw_execute(plan)
        ck_add_power(UnsafePointer(UnsafeRawPointer(output).assumingMemoryBound(to: Double.self)), bins, scale, power)
    }

    /// Transforms what `fill` writes into the input; `read` sees one complex number a bin, (re, im), until it returns.
    @inline(__always)
    func transform(
        fill: (UnsafeMutablePointer<Double>) -> Void, read: (UnsafePointer<fftw_complex>) -> Void
    ) {
        fill(input)
        fftw_execute(plan)
        read(output)
    }

    /// Transforms what `fill` writes into the input; `result` takes real and imaginary parts of as many bins as it holds, from
    /// bin `first` on.
    func transform(first: Int, into result: inout [SIMD2<Double>], fill: (UnsafeMutablePointer<Double>) -> Void) {
        precondition(first >= 0 && first + result.count <= bins, "the transform has these bins")
        fill(input)
        fftw_execute(plan)
        for place in result.indices {
            let (re, im) = output[first + place]
            result[place] = SIMD2(re, im)
        }
    }
}

#include "CBoost.h"

#include <boost/cstdint.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <cmath>
#include <limits>

extern "C" double cboost_root(double (*function)(double, void *), void *context, double low, double high) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const double at_low = function(low, context), at_high = function(high, context);
    if (at_low == 0) return low;
    if (at_high == 0) return high;
    if (std::isnan(at_low) || std::isnan(at_high) || std::signbit(at_low) == std::signbit(at_high)) return none;
    try {
        boost::uintmax_t steps = 200;
        const auto bracket = boost::math::tools::toms748_solve(
            [&](double x) { return function(x, context); }, low, high, at_low, at_high,
            boost::math::tools::eps_tolerance<double>(50), steps);
        return bracket.first + (bracket.second - bracket.first) / 2;
    } catch (...) {
        return none;
    }
}

#include "CBoost.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <limits>

namespace {

namespace rules = boost::math::policies;
using namespace boost::math;

/* Errors become NaN or infinity, and nothing is computed in more than double precision. */
using quiet = rules::policy<
    rules::domain_error<rules::ignore_error>, rules::pole_error<rules::ignore_error>,
    rules::overflow_error<rules::ignore_error>, rules::evaluation_error<rules::ignore_error>,
    rules::rounding_error<rules::ignore_error>, rules::indeterminate_result_error<rules::ignore_error>,
    rules::promote_double<false>>;

using normal_t = normal_distribution<double, quiet>;
using student_t = students_t_distribution<double, quiet>;
using noncentral_t = non_central_t_distribution<double, quiet>;
using f_t = fisher_f_distribution<double, quiet>;
using chi_squared_t = chi_squared_distribution<double, quiet>;
using beta_t = beta_distribution<double, quiet>;
using hypergeometric_t = hypergeometric_distribution<double, quiet>;

/* Boost may throw in spite of its policy, where memory ends or a series does. */
template <class Body> double quietly(Body body) {
    try {
        return body();
    } catch (...) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}

}  // namespace

extern "C" {

double cboost_normal_below(double x) {
    return quietly([&] { return cdf(normal_t(), x); });
}

double cboost_normal_above(double x) {
    return quietly([&] { return cdf(complement(normal_t(), x)); });
}

double cboost_normal_quantile(double p) {
    return quietly([&] { return quantile(normal_t(), p); });
}

double cboost_t_below(double df, double x) {
    return quietly([&] { return cdf(student_t(df), x); });
}

double cboost_t_above(double df, double x) {
    return quietly([&] { return cdf(complement(student_t(df), x)); });
}

double cboost_t_quantile(double df, double p) {
    return quietly([&] { return quantile(student_t(df), p); });
}

double cboost_noncentral_t_below(double df, double noncentrality, double x) {
    return quietly([&] { return cdf(noncentral_t(df, noncentrality), x); });
}

double cboost_noncentral_t_above(double df, double noncentrality, double x) {
    return quietly([&] { return cdf(complement(noncentral_t(df, noncentrality), x)); });
}

double cboost_f_above(double a, double b, double x) {
    return quietly([&] { return cdf(complement(f_t(a, b), x)); });
}

double cboost_chi_squared_above(double df, double x) {
    return quietly([&] { return cdf(complement(chi_squared_t(df), x)); });
}

double cboost_beta_quantile(double a, double b, double p) {
    return quietly([&] { return quantile(beta_t(a, b), p); });
}

double cboost_hypergeometric(unsigned r, unsigned n, unsigned N, unsigned k) {
    return quietly([&] { return pdf(hypergeometric_t(r, n, N), k); });
}

double cboost_log_gamma(double x) {
    return quietly([&] { return lgamma(x, quiet()); });
}

double cboost_log_choose(unsigned n, unsigned k) {
    if (k > n) return -std::numeric_limits<double>::infinity();
    return cboost_log_gamma(n + 1.0) - cboost_log_gamma(k + 1.0) - cboost_log_gamma(n - k + 1.0);
}

}  // extern "C"

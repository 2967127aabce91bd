/* A C door to Boost.Math: distributions of statistics, and roots.
 *
 * Nothing here throws or aborts: an argument outside a distribution's domain gives NaN, an overflow infinity. Everything
 * is computed in double precision, so that the bits do not depend on the width of a machine's long double. */
#ifndef ENGRAFT_CBOOST_H
#define ENGRAFT_CBOOST_H

#ifdef __cplusplus
extern "C" {
#endif

/* The standard normal distribution: P(Z <= x), P(Z > x), and the point below which a share p lies. */
double cboost_normal_below(double x);
double cboost_normal_above(double x);
double cboost_normal_quantile(double p);

/* Student's t with df > 0 degrees of freedom, not necessarily whole. */
double cboost_t_below(double df, double x);
double cboost_t_above(double df, double x);
double cboost_t_quantile(double df, double p);

/* Student's t about a noncentrality. */
double cboost_noncentral_t_below(double df, double noncentrality, double x);
double cboost_noncentral_t_above(double df, double noncentrality, double x);

/* P(F > x) of Fisher's F with a and b degrees of freedom, and P(X > x) of chi-squared with df. */
double cboost_f_above(double a, double b, double x);
double cboost_chi_squared_above(double df, double x);

/* The point below which a share p of the beta distribution lies. */
double cboost_beta_quantile(double a, double b, double p);

/* The chance of k marked among n drawn of N without putting back, of which r are marked. */
double cboost_hypergeometric(unsigned r, unsigned n, unsigned N, unsigned k);

/* ln of the gamma function for x > 0; ln of the binomial coefficient. */
double cboost_log_gamma(double x);
double cboost_log_choose(unsigned n, unsigned k);

/* The root of a function between two places at which its signs differ (TOMS 748), to the last few bits; NaN where the
 * signs do not differ or the function gives NaN. */
double cboost_root(double (*function)(double x, void *context), void *context, double low, double high);

#ifdef __cplusplus
}
#endif

#endif

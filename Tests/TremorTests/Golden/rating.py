# Probabilities of scores from scipy 1.17.1, for RatingTests.swift.
from math import log, log10, hypot
from scipy.stats import norm, lognorm
z = norm.ppf(0.975)


def scores(value, low, high, edges):
    def below(x):
        s = (log(value / low) if x < value else log(high / value)) / z
        return lognorm.cdf(x, s, scale=value)
    c = [below(e) for e in edges] + [1]
    return [c[0], c[1] - c[0], c[2] - c[1], c[3] - c[2]]


for value, low, high in [(2.0, 1.25, 3.2), (0.9, 0.7, 1.3), (11.0, 8.0, 14.0), (0.012, 0.01, 0.015)]:
    print(value, low, high, [float(f"{p:.15g}") for p in scores(value, low, high, [1, 3, 10])])
print("lip 2.5", [float(f"{p:.15g}") for p in scores(2.5, 2.0, 3.125, [1, 2, 3])])


def plain(value, low, high, edges):
    c = [norm.cdf(e, value, ((value - low) if e < value else (high - value)) / z) for e in edges] + [1]
    return [c[0], c[1] - c[0], c[2] - c[1], c[3] - c[2]]


print("constancy 40", [float(f"{p:.15g}") for p in plain(40, 30, 48, [25, 50, 75])])
# Change: 2 cm (1.5 to 2.6) to 0.6 cm (0.5 to 0.75).
down = z * hypot(log10(0.6 / 0.5) / z, log10(2.6 / 2) / z)
up = z * hypot(log10(0.75 / 0.6) / z, log10(2 / 1.5) / z)
r = log10(0.6 / 2)
print("change", r, r - down, r + up, 100 * (10 ** (r - down) - 1), 100 * (10 ** (r + up) - 1))

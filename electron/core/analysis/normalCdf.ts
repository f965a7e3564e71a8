const DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);

/** Where the series gives way to the tail's continued fraction. */
const FAR = 5;

/**
 * Distribution function of the standard normal distribution, to about 15 digits. Near 0 the series
 * Φ(x) = 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …) (G. Marsaglia, "Evaluating the Normal Distribution", J. Stat. Software 11,
 * 2004), far out Laplace's continued fraction of the tail.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const density = DENSITY_AT_0 * Math.exp((-x * x) / 2);
  if (Math.abs(x) > FAR) {
    const z = Math.abs(x);
    let fraction = z;
    for (let k = 60; k > 0; k--) fraction = z + k / fraction;
    const tail = density === 0 ? 0 : density / fraction;
    return x > 0 ? 1 - tail : tail;
  }
  let term = x;
  let total = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(total); k += 2) {
    term *= (x * x) / k;
    total += term;
  }
  return 0.5 + density * total;
}

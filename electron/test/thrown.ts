/** The LabError that some work throws; anything else fails the test. */
import { LabError } from '#core/errors';

export function labErrorOf(work: () => unknown): LabError {
  let value: unknown;
  try {
    value = work();
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
  throw new Error(`nothing was thrown, but ${JSON.stringify(value)} returned`);
}

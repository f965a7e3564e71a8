import { isJoint, jointSetUp } from '#core/analysis/jointSetUp';
import { ruleTotals } from '#core/analysis/rules';
import { surfaceCost, thresholdSurface } from '#core/analysis/surface';
import { LabError } from '#core/errors';
import type { StoredStudy } from '../store/studies.ts';

/**
 * The `surface` of a study's document: rows of T_in, columns of T_out, both of which must hold. Energies in J, runtimes
 * in s, savings of the cost against the better single system as fractions.
 * @throws LabError "bad-setting" under the paper's model, which has no surface
 */
export function surfaceDocument({ study, inputs }: StoredStudy, side: number): object {
  const { settings } = study;
  if (!isJoint(settings)) throw noSurface();
  const { problem, form } = jointSetUp(settings, inputs);
  const surface = thresholdSurface(problem.table, { most: side });
  const single = Math.min(
    ...[0, 1].map((system) => ruleTotals(problem.table, { policy: 'single', system }, form).cost),
  );
  const cost = surfaceCost(surface, form);
  const columns = surface.outputThresholds.length;
  const rows = (values: Float64Array): number[][] =>
    Array.from(surface.inputThresholds, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
  return {
    inputThresholds: [...surface.inputThresholds],
    outputThresholds: [...surface.outputThresholds],
    complete: surface.complete,
    cost: rows(cost),
    energyJ: rows(surface.energyJ),
    runtimeS: rows(surface.runtimeS),
    saving: rows(cost.map((each) => 1 - each / single)),
  };
}

/** The paper's model has no surface. */
export function noSurface(): LabError {
  return new LabError(
    'bad-setting',
    "The paper's energy model looks at one axis at a time, so there is no surface of both thresholds.",
    'Choose --model grid, linear or physical.',
  );
}

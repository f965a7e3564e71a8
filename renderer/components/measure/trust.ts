import { DEFAULT_UNITS, energyIn, type DisplayUnits } from '#core/displayUnits';
import { formatNumber, formatPercent, readoutText } from '#core/format';
import type { Environment, MeterTruth, RunEvent } from '#core/run';
import { trialFate, type Flag, type Trial } from '#core/trial';
import { plural } from './measured.ts';

/** One thing that the numbers rest on: fine, to be looked at, or not known yet. */
export interface Ground {
  readonly verdict: 'ok' | 'warning' | 'open';
  readonly title: string;
  readonly text: string;
}

/** Least coverage at which nothing need be said. */
const COVERED = 0.99;

/** Whether the numbers of a run can be trusted, point by point. */
export function groundsOf(found: {
  truth?: MeterTruth | undefined;
  trials: readonly Trial[];
  environment?: Environment | undefined;
  events?: readonly RunEvent[];
  /** the energy is computed from a stated power: there is no meter that could be wrong */
  estimate?: boolean;
  units?: DisplayUnits;
}): Ground[] {
  const { truth, trials, environment, events = [], estimate = false, units = DEFAULT_UNITS } = found;
  return [
    ...(estimate ? [] : [meter(truth, units)]),
    ...crossCheck(events),
    ...clock(trials),
    coverage(trials),
    tokens(trials),
    powerSource(trials, environment),
    surroundings(trials, environment),
  ];
}

function meter(truth: MeterTruth | undefined, units: DisplayUnits): Ground {
  const title = 'Meter';
  if (truth === undefined)
    return { verdict: 'open', title, text: 'is being measured itself, before the first trial' };
  const { cadenceS, coverage: covered, plusMinusJ, overhead } = truth;
  const gaps = covered >= COVERED ? 'no gaps' : `${formatPercent(1 - covered)} of the time missing`;
  const own = overhead === undefined ? '' : `, itself ${formatPercent(overhead)} of a core`;
  return {
    verdict: covered >= COVERED ? 'ok' : 'warning',
    title,
    text: `every ${formatNumber(cadenceS * 1000, 3)} ms, ${gaps}, ± ${readoutText(energyIn(units, plusMinusJ, 2))} a window${own}`,
  };
}

/** Said only where the meter was compared with another one in this run. */
function crossCheck(events: readonly RunEvent[]): Ground[] {
  const { message, crossCheck: check } = events.findLast((event) => event.crossCheck !== undefined) ?? {};
  if (message === undefined || check === undefined) return [];
  return [{ verdict: check.agrees ? 'ok' : 'warning', title: 'Cross-check', text: message }];
}

/** Said only where the meter's samples were not where the work was. */
function clock(trials: readonly Trial[]): Ground[] {
  const moved = trials.filter(({ clockShiftS }) => clockShiftS !== undefined);
  if (moved.length === 0) return [];
  const { clockShiftS = 0 } = moved.at(-1)!;
  return [
    {
      verdict: moved.length === trials.length ? 'ok' : 'warning',
      title: 'Clock',
      text:
        `the samples were ${clockShiftS < 0 ? 'late' : 'early'} by ${formatNumber(Math.abs(clockShiftS), 2)} s; ` +
        `${moved.length === trials.length ? 'the windows are' : `${moved.length} of ${trials.length} windows are`} read with that`,
    },
  ];
}

function coverage(trials: readonly Trial[]): Ground {
  const title = 'Coverage';
  const counted = trials.filter((trial) => trial.fault === undefined);
  if (counted.length === 0) return { verdict: 'open', title, text: 'no trial yet' };
  const time = counted.reduce((total, { startS, endS }) => total + endS - startS, 0);
  const covered = counted.reduce((total, trial) => total + trial.coverage * (trial.endS - trial.startS), 0);
  const flagged = flaggedAs(trials, 'coverage-below-95');
  return {
    verdict: flagged > 0 ? 'warning' : 'ok',
    title,
    text:
      `${formatPercent(covered / time)} of the measured time` +
      (flagged > 0 ? `; ${plural(flagged, 'trial')} below 95% flagged` : ''),
  };
}

function tokens(trials: readonly Trial[]): Ground {
  const title = 'Tokens';
  if (trials.length === 0) return { verdict: 'open', title, text: 'counted in every trial' };
  const faults = trials.filter((trial) => trialFate(trial) === 'dropped');
  if (faults.length === 0) return { verdict: 'ok', title, text: 'counted in every trial, none cached' };
  return {
    verdict: 'warning',
    title,
    text: `${plural(faults.length, 'trial')} dropped: ${faults.at(-1)!.fault}`,
  };
}

function powerSource(trials: readonly Trial[], environment: Environment | undefined): Ground {
  const title = 'Power source';
  const changed = flaggedAs(trials, 'power-source-changed');
  if (changed > 0) return { verdict: 'warning', title, text: `changed; ${plural(changed, 'trial')} flagged` };
  const low = environment?.lowPowerMode === true;
  switch (environment?.powerSource) {
    case 'battery':
      return { verdict: 'warning', title, text: `battery${low ? ', low-power mode' : ''}` };
    case 'ac':
      return {
        verdict: low ? 'warning' : 'ok',
        title,
        text: low ? 'AC, low-power mode' : 'AC, no low-power mode',
      };
    default:
      return { verdict: 'ok', title, text: 'no change was noticed' };
  }
}

function surroundings(trials: readonly Trial[], environment: Environment | undefined): Ground {
  const background = flaggedAs(trials, 'background-load');
  const thermal = flaggedAs(trials, 'thermal-pressure');
  const parts = [
    ...(background > 0 ? [`other load in ${plural(background, 'trial')}`] : []),
    ...(thermal > 0 ? [`thermal pressure in ${plural(thermal, 'trial')}`] : []),
  ];
  if (parts.length > 0) {
    return { verdict: 'warning', title: 'Background', text: `${parts.join(', ')}; flagged` };
  }
  const hot = environment?.thermal;
  return {
    verdict: 'ok',
    title: 'Background',
    text: `no trial flagged for other load or heat${hot === undefined ? '' : `; thermal state ${hot}`}`,
  };
}

const flaggedAs = (trials: readonly Trial[], flag: Flag): number =>
  trials.filter((trial) => trial.flags.includes(flag)).length;

/** Flags in words. */
export const FLAG_WORDS: Readonly<Record<Flag, string>> = {
  'warm-up': 'warm-up',
  'coverage-below-95': 'less than 95% of its time was measured',
  'window-too-short': 'window too short for the meter',
  'background-load': 'other programs were busy',
  'thermal-pressure': 'thermal pressure',
  'power-source-changed': 'the power source changed',
  slept: 'the computer slept',
  'cpu-zero-while-busy': 'the meter gave no CPU energy while the CPU was busy',
};

import { computed, type ComputedRef } from 'vue';
import { formatCount, formatPercent } from '#core/format';
import type { Place } from '#core/preferences';
import { mismatches } from '#core/assumptions';
import { policyName } from '../components/threshold/words.ts';
import type { LabState } from './useLab.ts';

/** A step of the trail: where it leads, its state, and one line of what it holds. */
export interface Step {
  readonly place: Place;
  readonly title: string;
  readonly state: 'done' | 'look' | 'open';
  readonly holds: string;
}

/** The six steps, from the state of everything. */
export function useTrail(lab: LabState): ComputedRef<readonly Step[]> {
  return computed(() => {
    const outcome = lab.draft.outcome.value;
    const done = 'inputs' in outcome ? outcome : undefined;
    const differing = done ? mismatches(done.inputs.small, done.inputs.large).length : 0;
    const verdict = outcome.state === 'done' ? outcome.result.verdict : undefined;
    const file = lab.savedReport.value;
    /** How many queries a workload has, where it is known: its list may come later than its content. */
    const queriesOf = (id: string): string => {
      const queries = lab.catalogue.workloads.value.find((item) => item.id === id)?.queries;
      return queries === undefined ? '' : ` · ${formatCount(queries)} queries`;
    };
    return [
      measureStep(lab),
      {
        place: 'profiles',
        title: 'Profiles',
        state: done ? (differing > 0 ? 'look' : 'done') : 'open',
        holds: done
          ? differing > 0
            ? `2 chosen · ${differing} ${differing === 1 ? 'difference' : 'differences'}`
            : `${done.inputs.small.system.label} and ${done.inputs.large.system.label}`
          : 'choose two',
      },
      {
        place: 'workload',
        title: 'Workload',
        state: done ? (done.inputs.workload.modelled ? 'look' : 'done') : 'open',
        holds: done
          ? `${done.inputs.workload.name.split(',')[0]}${queriesOf(done.inputs.workload.id)}`
          : 'choose one',
      },
      {
        place: 'threshold',
        title: 'Find the threshold',
        state: verdict ? 'done' : outcome.state === 'failed' ? 'look' : 'open',
        holds: verdict
          ? verdict.kind === 'threshold'
            ? `${policyName(verdict, done!.inputs)} · saves ${formatPercent(verdict.saving)}`
            : 'no useful threshold'
          : outcome.state === 'failed'
            ? 'needs another choice'
            : '',
      },
      { place: 'check', title: 'Check it holds', state: 'open', holds: 'other workloads and λ' },
      {
        place: 'report',
        title: 'Report',
        state: file ? 'done' : 'open',
        holds: file ? 'saved' : 'not saved yet',
      },
    ] satisfies Step[];
  });
}

/** The first step: the run under way, or what was measured here. */
function measureStep({ runs }: LabState): Step {
  const step = { place: 'measure', title: 'Measure this Mac' } as const;
  const run = runs.underWay.value;
  if (run !== null) {
    const cells = `${run.cells.filter((cell) => cell.done).length} of ${run.cells.length} cells`;
    if (run.state === 'preparing') return { ...step, state: 'open', holds: 'preparing' };
    if (run.state === 'paused') return { ...step, state: 'look', holds: `paused · ${cells}` };
    return { ...step, state: 'open', holds: `running · ${cells}` };
  }
  const measured = runs.list.value.filter((stored) => stored.valid > 0).length;
  const [last] = runs.list.value;
  const held = last !== undefined && ['paused', 'interrupted', 'failed'].includes(last.state);
  if (held)
    return { ...step, state: 'look', holds: `${last.state} · ${last.cellsDone} of ${last.cells} cells` };
  if (measured > 0)
    return { ...step, state: 'done', holds: `${measured} ${measured === 1 ? 'run' : 'runs'} here` };
  return { ...step, state: 'open', holds: 'nothing measured yet' };
}

import { effectScope } from 'vue';
import { expect, test, vi } from 'vitest';
import { LabError } from '#core/errors';
import type { LabClient } from '../lab.ts';
import { useImport } from './useImport.ts';
import { useRunImport } from './useRunImport.ts';
import { useWorkloadImport } from './useWorkloadImport.ts';

/** A lab that answers nothing by itself, and remembers what it was asked. */
function quiet() {
  const asked: string[] = [];
  const ends: ((answer: unknown) => void)[] = [];
  const fails: ((thrown: unknown) => void)[] = [];
  const request = (name: string) => () => {
    asked.push(name);
    return new Promise((resolve, reject) => {
      ends.push(resolve);
      fails.push(reject);
    });
  };
  const names = ['checkImport', 'acceptImport', 'checkWorkload', 'importWorkload', 'importRuns'];
  const client = {
    ...Object.fromEntries(names.map((name) => [name, request(name)])),
    on: () => () => {},
    cancelImport: () => Promise.resolve(),
    cancelWorkload: () => Promise.resolve(),
    closeImport: () => Promise.resolve(),
  } as unknown as LabClient;
  return { client, asked, ends, fails };
}

/** Both doctors look again some time after a correction. */
const DOCTORS = [
  {
    name: 'profiles',
    make: (client: LabClient) => {
      const inHand = useImport(client);
      return {
        ...inHand,
        correct: () => inHand.change({ system: 'Mine' }),
        take: () => inHand.accept(false),
      };
    },
    look: 'checkImport',
    take: 'acceptImport',
  },
  {
    name: 'workloads',
    make: (client: LabClient) => {
      const inHand = useWorkloadImport(client);
      return { ...inHand, correct: () => inHand.change({ name: 'Mine' }), take: () => inHand.accept() };
    },
    look: 'checkWorkload',
    take: 'importWorkload',
  },
];

test.each(DOCTORS)(
  'an import of $name that is accepted right after a correction is not stopped by another look',
  async ({ make, look, take }) => {
    vi.useFakeTimers();
    const { client, asked, ends, fails } = quiet();
    const scope = effectScope();
    const inHand = scope.run(() => make(client))!;
    inHand.begin(['/x/a.csv']);
    ends[0]!({});
    await vi.advanceTimersByTimeAsync(0);
    inHand.correct();
    const taken = inHand.take();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([look, take]);

    // Where it is refused, what the correction did is looked at.
    fails[1]!(new LabError('bad-profile', 'No.'));
    await taken;
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([look, take, look]);
    scope.stop();
    vi.useRealTimers();
  },
);

test('of files that come one after the other, the last are looked at, whatever the first turn out to be', async () => {
  const { client, ends } = quiet();
  const inHand = useRunImport(client);
  const first = inHand.begin(['a.crossover-run.zip']);
  const second = inHand.begin(['b.csv']);
  ends[0]!({ runs: [] });
  ends[1]!(null);
  expect([await first, await second]).toEqual([true, false]);
  expect(inHand.files.value).toEqual([]);
});

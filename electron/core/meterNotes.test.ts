import { expect, test } from 'vitest';
import { meterNotes } from './meterNotes.ts';

const gpus = (...names: string[]) => ({ gpus: names.map((name) => ({ name })) });

test.each(['ioreport', 'powermetrics', 'macmon'] as const)('%s: Apple’s own word', (kind) => {
  expect(meterNotes({ kind }, undefined)[0]).toContain('not meant for comparing devices');
});

test('an A100 or H100 looks at a quarter of the time; others are not said to', () => {
  const note = meterNotes({ kind: 'nvidia-smi' }, gpus('NVIDIA A100-SXM4-80GB'));
  expect(note).toHaveLength(1);
  expect(note[0]).toContain('an A100 looks at 25% of the time');
  expect(note[0]).toContain('nvidia-smi does not offer');
  expect(meterNotes({ kind: 'nvidia-smi' }, gpus('NVIDIA H100 80GB HBM3'))[0]).toContain('an H100 looks');
  expect(meterNotes({ kind: 'nvidia-smi' }, gpus('Tesla V100-SXM2-32GB'))).toEqual([]);
  expect(meterNotes({ kind: 'nvidia-smi' }, undefined)).toEqual([]);
});

test('several GPUs are counted together', () => {
  const notes = meterNotes({ kind: 'nvidia-smi' }, gpus('NVIDIA L4', 'NVIDIA L4'));
  expect(notes).toEqual(['The power of all 2 GPUs is counted, also of those that idle.']);
});

test('a replayed log is not this computer', () => {
  expect(meterNotes({ kind: 'replay' }, undefined)[0]).toContain('says nothing of this computer');
});

test.each(['rapl', 'estimate'] as const)('nothing of %s', (kind) => {
  expect(meterNotes({ kind }, gpus('NVIDIA A100-PCIE-40GB'))).toEqual([]);
  expect(meterNotes(undefined, undefined)).toEqual([]);
});

import { expect, test } from 'vitest';
import { diagnoseContent, kindsOf } from '../../../test/diagnoseText.ts';

const table = (system: string): string =>
  [
    'Phase,Runtime (s),GPU Energy (J),Number of Output Tokens,Number of Input Tokens,Iteration,Model,System',
    ...[0, 1, 2, 3].map((i) => `inference-A-${i},2.${i},40${i},32,8,${i},Llama-2-7b-chat-hf,${system}`),
  ].join('\n');

test('conditions that no column tells are called assumed, in the findings and in the profile', async () => {
  const { findings, profile } = await diagnoseContent(table('my-a100-node'));
  const finding = findings.find(({ kind }) => kind === 'conditions-assumed');
  expect(finding?.level).toBe('warning');
  expect(finding?.message).toContain('engine, precision and KV cache');
  expect(profile!.conditions).toMatchObject({ precision: 'fp16', kvCache: false });
  expect(profile!.notes.join(' ')).toContain('assumed');
});

test('what the user says is not called assumed', async () => {
  const some = await diagnoseContent(table('my-a100-node'), { kvCache: true });
  expect(some.findings.find(({ kind }) => kind === 'conditions-assumed')?.message).toContain(
    'engine and precision',
  );
  const all = await diagnoseContent(table('my-a100-node'), {
    engine: 'vLLM',
    precision: 'bf16',
    kvCache: true,
  });
  expect(kindsOf(all)).not.toContain('conditions-assumed');
  expect(all.profile!.notes.join(' ')).not.toContain('assumed');
});

test('of the authors’ own systems the conditions are known from the paper', async () => {
  expect(kindsOf(await diagnoseContent(table('argonne-swing')))).not.toContain('conditions-assumed');
});

test('a KV cache of which nothing is known is said so in the profile too', async () => {
  const { profile, findings } = await diagnoseContent(
    'input_tokens,output_tokens,gpu_energy_j,runtime_s,model,system\n8,32,400,2,Llama-2 7B,A100\n8,32,401,2,Llama-2 7B,A100\n8,32,402,2,Llama-2 7B,A100\n',
  );
  expect(findings.map(({ kind }) => kind)).toContain('kv-cache');
  expect(profile!.notes.join(' ')).toContain('KV cache');
});

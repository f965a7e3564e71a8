import { expect, test } from 'vitest';
import { readColumnName } from './columnNames.ts';

test.each([
  // The authors' tables.
  ['GPU Energy (mJ)', 'energy', 'mJ', 'gpu'],
  ['GPU Energy (uJ)', 'energy', 'uJ', 'gpu'],
  ['CPU Energy (µJ)', 'energy', 'uJ', 'cpu'],
  ['CPU Energy (J)', 'energy', 'J', 'cpu'],
  ['Idle Package-0 Energy (uJ)', 'idle-energy', 'uJ', 'package'],
  ['Package-0 Energy (uJ)', 'energy', 'uJ', 'package'],
  ['Runtime (s)', 'runtime', 's', null],
  ['Number of Output Tokens', 'output-tokens', 'token', null],
  ['Output Token Size', 'output-tokens', 'token', null],
  ['Output Token Limit', 'output-limit', 'token', null],
  ['Number of Input Tokens', 'input-tokens', 'token', null],
  ['Input Token Size', 'input-tokens', 'token', null],
  ['Total Number of Tokens', 'total-tokens', 'token', null],
  ['Iteration', 'iteration', 'count', null],
  ['Number of GPUs', 'gpus', 'count', null],
  ['Batch Size', 'batch', 'count', null],
  ['System Name', 'system', 'text', null],
  ['Model Name', 'model', 'text', null],
  ['Operation', 'phase', 'text', null],
  ['Prompt', 'ignore', null, null],
  ['GPU Total Memory (MB)', 'ignore', null, null],
  ['CPU Core', 'ignore', null, null],
  // pyJoules.
  ['nvidia_gpu_0', 'energy', 'mJ', 'gpu'],
  ['package_0', 'energy', 'uJ', 'package'],
  ['tag', 'phase', 'text', null],
  // Snake case with units.
  ['mean_cpu_j', 'energy', 'J', 'cpu'],
  ['energy_gpu_kwh', 'energy', 'kWh', 'gpu'],
  ['sd_total_j', 'energy-sd', 'J', null],
  ['energy_j_mean', 'energy', 'J', null],
  ['mean_runtime_s', 'runtime', 's', null],
  ['runtime_s_sd', 'runtime-sd', 's', null],
  ['latency_ms', 'runtime', 'ms', null],
  ['gpu_power_w', 'power', 'W', 'gpu'],
  ['input_tokens', 'input-tokens', 'token', null],
  ['prompt_tokens', 'input-tokens', 'token', null],
  ['num_decode_tokens', 'output-tokens', 'token', null],
  ['max_new_tokens', 'output-limit', 'token', null],
  ['energy_per_token_joules', 'energy-per-token', 'J/token', null],
  ['energy_per_request_joules', 'energy', 'J', null],
  ['time_to_first_token', 'first-token-time', null, null],
  ['wall_energy_wh', 'energy', 'Wh', 'wall'],
  // Camel case.
  ['energyJ', 'energy', 'J', null],
  ['gpuEnergyMJ', 'energy', 'mJ', 'gpu'],
  ['gpuEnergyKWh', 'energy', 'kWh', 'gpu'],
  ['runtimeMs', 'runtime', 'ms', null],
  ['ContextTokens', 'input-tokens', 'token', null],
  ['GeneratedTokens', 'output-tokens', 'token', null],
  // Words of other languages have units all the same.
  ['Energie (kJ)', 'energy', 'kJ', null],
  ['Laufzeit (s)', 'runtime', 's', null],
  // What is not about a query's energy or time.
  ['throughput_tokens_per_s', 'ignore', null, null],
  ['gpu_util', 'ignore', null, null],
  ['power_limit_w', 'ignore', null, null],
  ['p99_latency_ms', 'ignore', null, null],
  ['co2_kg', 'ignore', null, null],
  ['', 'ignore', null, null],
] as const)('"%s" is %s in %s of %s', (name, role, unit, rail) => {
  expect(readColumnName(name)).toMatchObject({ role, unit, rail });
});

test('a name of any length is answered at once', () => {
  for (const text of ['a'.repeat(1e6), '('.repeat(1e6), 'A_'.repeat(5e5), ' '.repeat(1e6)]) {
    expect(readColumnName(text).role).toBe('ignore');
  }
});

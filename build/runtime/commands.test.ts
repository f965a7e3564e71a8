import { describe, expect, test } from 'vitest';
import { isOnPath, runQuietly, tail } from './commands.mjs';
import { exitCodeOf } from './messages.mjs';

const node = (script: string, options = {}) => runQuietly(process.execPath, ['--eval', script], options);

describe('a program run quietly', () => {
  test('gives its exit code and what it wrote', async () => {
    const outcome = await node('process.stderr.write("why"); process.exitCode = 3');
    expect(outcome).toEqual({ code: 3, output: 'why', timedOut: false });
  });

  test('is stopped when its time is up', async () => {
    const outcome = await node('setInterval(() => {}, 1000)', { seconds: 0.1 });
    expect(outcome.timedOut).toBe(true);
    expect(outcome.code).not.toBe(0);
  });

  test('that does not exist has failed', async () => {
    expect((await runQuietly('crossover-no-such-program', [])).code).toBe(127);
  });
});

test('the exit code of a process ended by a signal is the one a shell gives', () => {
  expect(exitCodeOf(0, null)).toBe(0);
  expect(exitCodeOf(null, 'SIGTERM')).toBe(143);
});

test('a program is looked for in the search path alone', () => {
  expect(isOnPath('node-that-is-not-there')).toBe(false);
  expect(isOnPath('sh', '/bin:/usr/bin')).toBe(true);
  expect(isOnPath('sh', '')).toBe(false);
});

test('an error message shows the end of a long output', () => {
  expect(tail('one\ntwo\nthree\n', 2)).toBe('two\nthree');
});

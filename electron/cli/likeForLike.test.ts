import { expect, test } from 'vitest';
import type { LikeForLike } from '#core/likeForLike';
import { profileFromRun } from '#core/runProfile';
import { openForWriting } from '../store/database.ts';
import { createRun } from '../store/runs.ts';
import { putMeasuredProfile } from '../store/profiles.ts';
import { putTrial } from '../store/trials.ts';
import { madeRun, madeTrial } from '../test/madeRun.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

const MATCH = 'crossover measure --model synthetic:llama-2-7b:F16 --no-kv-cache --sweep paper';

/** A lab with a run of the tiny model and its profile. */
async function labWithRun(): Promise<{ data: string[]; run: string; profile: string }> {
  const folder = temporaryFolder();
  const data = ['--data', folder];
  await runCli(['profiles', 'list', ...data]);
  const db = openForWriting(folder);
  const run = madeRun();
  createRun(db, run);
  const trials = run.plan.cells.map(({ m, n }, index) =>
    madeTrial({ index, m, n, runtimeS: (m + 4 * n) / 1000, energyJ: { cpu: m / 100, gpu: n / 10 } }),
  );
  for (const trial of trials) putTrial(db, run.id, trial);
  const profile = profileFromRun(run, trials)!;
  putMeasuredProfile(db, profile, run.id);
  db.close();
  return { data, run: run.id, profile: profile.id };
}

test.each(['profiles', 'runs', 'analyze'])(
  '%s says in what the sides differ, and the command that would match',
  async (command) => {
    const { data, run, profile } = await labWithRun();
    const args = {
      profiles: ['profiles', 'show', profile],
      runs: ['runs', 'show', run],
      analyze: ['analyze', '--small', profile],
    }[command]!;
    const { code, json } = await runJson<{ likeForLike: LikeForLike }>([...args, ...data]);
    expect(code).toBe(0);
    expect(json.likeForLike).toMatchObject({
      against: 'swing-a100.llama-2-7b.sweeps',
      offer: { command: MATCH, request: { model: 'synthetic:llama-2-7b:F16', kvCache: false } },
    });
    expect(json.likeForLike.differences.map(({ what }) => what)).toEqual(['model', 'KV cache']);
    const { out } = await runCli([...args, ...data]);
    const [, said, command2] = /(Not like for like with[\s\S]*?)\n {2}(crossover measure .*)$/m.exec(out)!;
    expect(said!.replace(/\s+/g, ' ')).toMatch(
      /^Not like for like with swing-a100\.llama-2-7b\.sweeps \(model: Tiny against Llama-2 7B; KV cache: on against off\)\. To match it, with 13\.5 GB of weights to be made up once, and roughly [\d.,]+ (min|h|days) and [\d.,]+ k?W?h?J? at the least as scaled from what was measured here:$/,
    );
    expect(command2).toBe(MATCH);
  },
);

test('of two profiles the one that was measured here is to change, on whichever side it stands', async () => {
  const { data, profile } = await labWithRun();
  const small = 'm1-pro.llama-2-7b.sweeps';
  const { json } = await runJson<{ likeForLike: LikeForLike }>([
    ...['analyze', '--small', small, '--large', profile, ...data],
  ]);
  expect(json.likeForLike).toMatchObject({ against: small, offer: { command: MATCH } });
});

test('what is like for like is not spoken of', async () => {
  const data = ['--data', temporaryFolder()];
  const { json } = await runJson<{ likeForLike: unknown }>(['analyze', ...data]);
  expect(json.likeForLike).toBeNull();
  const { out } = await runCli(['profiles', 'show', 'm1-pro.llama-2-7b.sweeps', ...data]);
  expect(out).not.toContain('like for like');
});

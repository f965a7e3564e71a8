/** Many computers: over ssh, as a job array, on Kubernetes; by real bash, with stand-ins for ssh and scp. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { asked, environment, executable, folder, onUnix, script, scripts, STAND_IN } from './standIn.ts';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

/** ssh and scp between folders instead of hosts; what a host is told is run by a shell of its own. */
function hosts(root: string): string {
  const bin = path.join(root, 'bin');
  executable(
    path.join(bin, 'ssh'),
    `#!/usr/bin/env bash
[ "$1" = -n ] && shift
mkdir -p "${root}/$1" && cd "${root}/$1" && HOME=$PWD exec sh -c "$2" </dev/null
`,
  );
  executable(
    path.join(bin, 'scp'),
    `#!/usr/bin/env bash
[ "$1" = -q ] && shift
place() { case $1 in *:*) echo "${root}/\${1%%:*}/\${1#*:}" ;; *) echo "$1" ;; esac; }
cp "$(place "$1")" "$(place "$2")"
`,
  );
  const app = path.join(root, 'crossover-collector');
  executable(path.join(app, 'crossover'), STAND_IN);
  mkdirSync(path.join(app, 'collect'), { recursive: true });
  writeFileSync(path.join(app, 'collect', 'collect.sh'), readFileSync(script('collect.sh')));
  spawnSync('tar', ['-czf', path.join(root, 'collector.tar.gz'), '-C', root, 'crossover-collector']);
  return bin;
}

function overSsh(root: string, args: readonly string[]) {
  const bin = hosts(root);
  return spawnSync('bash', [script('collect-ssh.sh'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: environment(root, {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      CROSSOVER_ARCHIVE: path.join(root, 'collector.tar.gz'),
    }),
  });
}

onUnix(
  'over ssh every host measures its shard, with the flags as they were given, and the bundles come here',
  () => {
    const root = folder();
    const { status, stderr } = overSsh(root, [
      'one',
      'me@two',
      '--',
      '--sweep',
      '8,8 16,8',
      '--model',
      "it's $HOME",
    ]);
    expect(stderr).toContain('all 2 shards are there');
    expect(status).toBe(0);
    for (const [host, index] of [
      ['one', 1],
      ['me@two', 2],
    ] as const) {
      const [measure] = asked(path.join(root, host, 'crossover-collector', 'app'));
      expect(measure!.slice(3)).toEqual([
        ...['--run', `run-ssh-${index}`, '--shard', `${index}/2`],
        ...['--sweep', '8,8 16,8', '--model', "it's $HOME"],
      ]);
    }
    const bundles = readdirSync(path.join(root, 'crossover-results', 'bundles'));
    expect(bundles.filter((name) => name.endsWith('.zip')).sort()).toEqual([
      'run-ssh-1.crossover-run.zip',
      'run-ssh-2.crossover-run.zip',
    ]);
  },
);

onUnix('a host that fails is named, the others are done, and called again it goes on', () => {
  const root = folder();
  const first = overSsh(root, ['one', '--', 'fail']);
  expect(first.status).toBe(1);
  expect(first.stderr).toContain('not done: one.');
  expect(overSsh(root, ['one', '--', 'fail']).status).toBe(0);
  expect(overSsh(root, ['one']).status).toBe(2);
});

onUnix('the job array asks for shards 1 to N, or to be told how many there are', () => {
  const home = folder();
  executable(path.join(home, 'crossover'), STAND_IN);
  mkdirSync(path.join(home, 'collect'));
  writeFileSync(path.join(home, 'collect', 'collect.sh'), readFileSync(script('collect.sh')));
  const submit = (changes: Record<string, string>) =>
    spawnSync('bash', [script('collect.sbatch'), '--sweep', '8,8 16,8'], {
      encoding: 'utf8',
      env: environment(home, {
        SLURM_SUBMIT_DIR: home,
        SLURM_ARRAY_JOB_ID: '77',
        SLURM_JOB_ID: '79',
        ...changes,
      }),
    });
  const task = { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_COUNT: '1', SLURM_ARRAY_TASK_MAX: '3' };
  expect(submit({}).stderr).toContain('submit it with --array=1-N');
  expect(submit(task).stderr).toContain('say with CROSSOVER_SHARDS how many');
  expect(submit({ ...task, CROSSOVER_SHARDS: '5' }).status).toBe(0);
  expect(submit({ ...task, SLURM_ARRAY_TASK_COUNT: '3' }).status).toBe(0);
  const shards = asked(home)
    .filter(([word]) => word === 'measure')
    .map((words) => words.slice(4, 9));
  expect(shards).toEqual([
    ['run-77-3', '--shard', '3/5', '--sweep', '8,8 16,8'],
    ['run-77-3', '--shard', '3/3', '--sweep', '8,8 16,8'],
  ]);
});

test('the Kubernetes manifest is an indexed Job whose pods take their own shards', () => {
  const job = parse(readFileSync(script('collect.k8s.yaml'), 'utf8')) as {
    apiVersion: string;
    kind: string;
    spec: {
      completionMode: string;
      completions: number;
      parallelism: number;
      template: {
        spec: {
          restartPolicy: string;
          containers: {
            args: string[];
            env: { name: string; value: string }[];
            volumeMounts: { name: string }[];
          }[];
          volumes: { name: string }[];
        };
      };
    };
  };
  expect(job).toMatchObject({ apiVersion: 'batch/v1', kind: 'Job', spec: { completionMode: 'Indexed' } });
  const { containers, volumes, restartPolicy } = job.spec.template.spec;
  const [container] = containers;
  const env = Object.fromEntries(container!.env.map(({ name, value }) => [name, value]));
  expect(job.spec.completions).toBe(job.spec.parallelism);
  expect(env['N']).toBe(String(job.spec.completions));
  expect(restartPolicy).toBe('OnFailure');
  expect(env['CROSSOVER_SERVER']).toContain('--no-enable-prefix-caching');
  for (const { name } of container!.volumeMounts)
    expect(volumes.map((volume) => volume.name)).toContain(name);
  const { stdout } = spawnSync('bash', ['-c', container!.args[0]!.replace('exec bash', 'printf "%s\\n"')], {
    encoding: 'utf8',
    env: { ...environment(''), ...env, JOB_COMPLETION_INDEX: '2' },
  });
  expect(stdout.split('\n').slice(1, 4)).toEqual(['3/4', '--model', env['MODEL']]);
});

test('the scripts are sound for shellcheck', (context) => {
  context.skip(!has('shellcheck'), 'shellcheck is not installed');
  const files = readdirSync(scripts)
    .filter((name) => /\.(sh|sbatch)$/.test(name))
    .map(script);
  expect(files.length).toBe(3);
  const { status, stdout } = spawnSync('shellcheck', files, { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

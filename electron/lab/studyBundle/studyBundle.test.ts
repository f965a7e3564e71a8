/** Bundles of studies: made, verified, forged and taken in, between real databases. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import { expect, test } from 'vitest';
import { canonicalJson } from '#core/canonicalJson';
import type { Profile } from '#core/profile';
import { idlePowers, type Run } from '#core/run';
import { profileFromRun } from '#core/runProfile';
import {
  BUNDLE_MANIFEST,
  looksLikeStudyBundle,
  STUDY_BUNDLE_ENDING,
  type StudyBundleManifest,
  type Verification,
} from '#core/studyBundle';
import type { Trial } from '#core/trial';
import { withoutTrialValues } from '#core/trialValues';
import { openLab, type Lab } from '../../lab.ts';
import { openForWriting } from '../../store/database.ts';
import { sha256 } from '../../store/content.ts';
import { putMeasuredProfile } from '../../store/profiles.ts';
import { stored } from '../../test/madeBundle.ts';
import { madeRun, madeTrial } from '../../test/madeRun.ts';
import { steadySamples } from '../../test/madeSamples.ts';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { LabError } from '#core/errors';
import { energyIn } from '#core/meter';
import { runStudy } from '../../workers/runStudy.ts';
import { createWorkerPool } from '../../workers/workerPool.ts';
import { sealed } from './make.ts';
import { verifyStudyBundle } from './verify.ts';

const VERSION = '0.1.0';
const PAPER = {
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'alpaca-davinci',
  bootstrap: 40,
};
const IDLE = { atS: 0, kind: 'idle', message: 'idle at 3 W', idleW: { cpu: 1, gpu: 2 } } as const;

function labIn(dataFolder = temporaryFolder()): Lab {
  return openLab({ dataFolder, program: 'command line', version: VERSION });
}

function saved(bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), `a study${STUDY_BUNDLE_ENDING}`);
  writeFileSync(file, bytes);
  return file;
}

/** A lab with a run whose trials are what their samples give, and a study of its profile. */
async function measuredLab(
  form: (profile: Profile) => Profile = (profile) => profile,
): Promise<{ lab: Lab; study: string; run: Run }> {
  const folder = temporaryFolder();
  labIn(folder).close();
  const db = openForWriting(folder);
  const samples = steadySamples(12_000);
  const run = madeRun({ state: 'done' });
  const trials: Trial[] = run.plan.cells.slice(0, 5).flatMap(({ m, n }, c) =>
    [0, 1].map((k) => {
      const index = 2 * c + k;
      const span = { startS: index, endS: index + 0.8 };
      return madeTrial({ index, m, n, ...span, runtimeS: 0.8, energyJ: energyIn(samples, span).energyJ });
    }),
  );
  stored(db, { run, trials, events: [IDLE], samples });
  const profile = form(profileFromRun(run, trials, idlePowers([IDLE]))!);
  putMeasuredProfile(db, profile, run.id);
  db.close();
  const lab = labIn(folder);
  const { id: study } = await lab.saveStudy({
    small: profile.id,
    large: 'swing-a100.llama-2-7b.grid',
    workload: 'alpaca-davinci',
    energyModel: 'physical',
    boundary: 'like-for-like',
    thresholds: 'every-integer',
    bootstrap: 100,
  });
  return { lab, study, run };
}

/** Verifies a file with threads of its own. */
async function verify(file: string): Promise<Verification> {
  const pool = createWorkerPool(1);
  try {
    return await verifyStudyBundle(file, VERSION, (settings, inputs) => runStudy(pool, settings, inputs));
  } finally {
    pool.close();
  }
}

async function refusal(work: Promise<unknown>): Promise<LabError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof LabError) return error;
  throw error ?? new Error('nothing was refused');
}

/** The bundle of the paper's study, made once. */
const paperBundle = (() => {
  let made: { bytes: Uint8Array; study: string } | undefined;
  return async () => {
    if (made !== undefined) return made;
    const lab = labIn();
    const study = (await lab.saveStudy(PAPER)).id;
    const { bytes } = lab.reports.bundle(study);
    expect(Buffer.compare(bytes, lab.reports.bundle(study).bytes)).toBe(0);
    lab.close();
    made = { bytes, study };
    return made;
  };
})();

/** A bundle with entries changed; manifest and seal are made to fit, as a forger would. */
function forged(bytes: Uint8Array, change: (entries: Record<string, Uint8Array>) => void): string {
  const entries = unzipSync(bytes);
  change(entries);
  const manifest = JSON.parse(Buffer.from(entries[BUNDLE_MANIFEST]!).toString('utf8')) as StudyBundleManifest;
  const files: Zippable = {};
  files[BUNDLE_MANIFEST] = strToU8(
    canonicalJson({
      ...manifest,
      entries: manifest.entries.map(({ name }) => ({
        name,
        bytes: entries[name]!.length,
        sha256: sha256(entries[name]!),
      })),
    }),
  );
  for (const { name } of manifest.entries) files[name] = entries[name]!;
  return saved(sealed(zipSync(files)));
}

const edited = (bytes: Uint8Array, from: string | RegExp, to: string): Uint8Array => {
  const before = Buffer.from(bytes).toString('utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`nothing to edit: ${String(from)}`);
  return strToU8(after);
};

test('a bundle is told by its first bytes, and every number in it is verified from it alone', async () => {
  const { bytes: paper, study: paperStudy } = await paperBundle();
  expect(looksLikeStudyBundle(paper.subarray(0, 64))).toBe(true);
  const found = await verify(saved(paper));
  expect(found).toMatchObject({ verified: true, study: paperStudy });
  expect(found.checks.filter(({ compared, agree }) => compared !== agree)).toEqual([]);
  expect(found.checks.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'analysis',
      'report: policies',
      'report: sweep',
      'policy to deploy',
      'texts of the report',
    ]),
  );
  expect(found.numbers).toBeGreaterThan(500);
});

test('a changed byte is always found, wherever it is', async () => {
  const { bytes: paper } = await paperBundle();
  const file = saved(paper);
  const flipped = (at: number, mask: number): string => {
    const bytes = Buffer.from(paper);
    bytes[at]! ^= mask;
    writeFileSync(file, bytes);
    return file;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: paper.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, mask) => {
        expect((await refusal(verify(flipped(at, mask)))).kind).toBe('bad-bundle');
      },
    ),
    { numRuns: 300 },
  );
  // The ends, where the zip's own books are, one by one.
  for (const at of [...Array(80).keys()].flatMap((i) => [i, paper.length - 1 - i])) {
    expect((await refusal(verify(flipped(at, 1)))).kind).toBe('bad-bundle');
  }
});

test('a bundle that is cut, lengthened, empty or something else is refused', async () => {
  const { bytes: paper } = await paperBundle();
  const refused = async (bytes: Uint8Array): Promise<string> => (await refusal(verify(saved(bytes)))).kind;
  for (const length of [0, 1, 70, 71, 1000, paper.length - 1]) {
    expect(await refused(paper.subarray(0, length))).toBe('bad-bundle');
  }
  expect(await refused(Buffer.concat([paper, Buffer.from([0])]))).toBe('bad-bundle');
  expect(await refused(zipSync({ a: strToU8('b') }))).toBe('bad-bundle');
  expect((await refusal(verify('/nowhere/at all'))).kind).toBe('file-not-readable');
});

test('a forger who mends checksums and seal is found by the numbers', async () => {
  const { bytes: paper } = await paperBundle();
  const number = forged(paper, (entries) => {
    entries['report.json'] = edited(entries['report.json']!, /"energyJ":\d/, '"energyJ":9');
  });
  const found = await verify(number);
  expect(found.verified).toBe(false);
  const [wrong] = found.checks.filter(({ compared, agree }) => agree < compared);
  expect(wrong!.differing[0]).toMatchObject({ path: expect.stringContaining('energyJ') as string });

  const lastDigit = await verify(
    forged(paper, (entries) => {
      const saving = /"saving":(\d\.\d+)(\d)/;
      entries['study.json'] = edited(
        entries['study.json']!,
        saving,
        Buffer.from(entries['study.json']!)
          .toString()
          .match(saving)![0]
          .replace(/\d$/, (d) => String((Number(d) + 1) % 10)),
      );
    }),
  );
  expect(lastDigit.verified).toBe(false);

  const input = await verify(
    forged(paper, (entries) => {
      entries['small.json'] = edited(entries['small.json']!, /"runtimeS":\d/, '"runtimeS":7');
    }),
  );
  expect(input.verified).toBe(false);
  expect(input.checks.find(({ what }) => what.startsWith('identity'))!.differing[0]!.path).toBe(
    'small profile',
  );

  const words = await verify(
    forged(paper, (entries) => {
      entries['report.json'] = edited(entries['report.json']!, 'Send queries', 'Never send queries');
    }),
  );
  expect(words.verified).toBe(false);
});

test('entries that the manifest does not name, or that are longer than it says, are refused', async () => {
  const { bytes: paper } = await paperBundle();
  const bomb = (() => {
    const entries = unzipSync(paper);
    const files: Zippable = { [BUNDLE_MANIFEST]: entries[BUNDLE_MANIFEST]! };
    for (const name of Object.keys(entries)) files[name] ??= entries[name]!;
    files['study.json'] = new Uint8Array(300 * 1024 * 1024);
    return saved(sealed(zipSync(files, { level: 9 })));
  })();
  expect((await refusal(verify(bomb))).message).toContain('longer than');
  const more = saved(sealed(zipSync({ ...unzipSync(paper), 'zz.txt': strToU8('x') })));
  expect((await refusal(verify(more))).kind).toBe('bad-bundle');
});

test('a measured study is verified down to its trials, and with raw samples down to those', async () => {
  const { lab, study, run } = await measuredLab();
  const without = lab.reports.bundle(study);
  const found = await verify(saved(without.bytes));
  expect(found).toMatchObject({ verified: true });
  expect(found.checks.some(({ what }) => what.endsWith('from its trials'))).toBe(true);
  expect(without.manifest.samples).toBe(false);

  const whole = lab.reports.bundle(study, { samples: true });
  expect(whole.manifest.samples).toBe(true);
  const raw = await verify(saved(whole.bytes));
  expect(raw).toMatchObject({ verified: true });
  expect(raw.checks.find(({ what }) => what.includes('raw samples'))).toMatchObject({
    compared: 10,
    agree: 10,
  });

  const report = lab.reportJson(study);
  expect(report).toContain('M1 Pro: trials resampled; A100 (Swing): means drawn from their standard errors');
  expect(report).toContain('trials resampled; swing-a100.llama-2-7b.grid: means drawn');

  const forgedTrial = await verify(
    forged(without.bytes, (entries) => {
      const name = `runs/${run.id}.json`;
      entries[name] = edited(entries[name]!, '"runtimeS":0.8', '"runtimeS":0.9');
    }),
  );
  expect(forgedTrial.verified).toBe(false);
  expect(forgedTrial.checks.find(({ what }) => what.endsWith('from its trials'))!.differing).not.toEqual([]);
  lab.close();
});

test('a profile from before profiles held their trials’ values is verified all the same', async () => {
  const { lab, study, run } = await measuredLab(withoutTrialValues);
  const { bytes } = lab.reports.bundle(study);
  expect(lab.showStudy(study).inputs.small.cells[0]).not.toHaveProperty('trialValues');
  lab.close();
  const found = await verify(saved(bytes));
  expect(found).toMatchObject({ verified: true });
  expect(found.checks.some(({ what }) => what.endsWith('from its trials'))).toBe(true);
  expect(Object.keys(unzipSync(bytes))).toContain(`runs/${run.id}.json`);
});

test('a bundle opens in another installation, with what is lacking there', async () => {
  const { lab, study, run } = await measuredLab();
  const file = saved(lab.reports.bundle(study, { samples: true }).bytes);
  const report = lab.reportJson(study);
  const small = lab.showStudy(study).inputs.small.id;
  lab.close();
  const away = labIn();
  expect(await away.reports.importBundle(file)).toMatchObject({
    study,
    already: false,
    current: true,
    profiles: [],
    runs: [run.id],
    notes: [],
  });
  expect(away.reportJson(study)).toBe(report);
  expect(away.showProfile(small).kind).toBe('imported');
  expect((await away.saveStudy(away.showStudy(study).study.settings)).id).toBe(study);
  expect(await away.reports.importBundle(file)).toMatchObject({ study, already: true, runs: [] });
  // And on from there, byte for byte.
  expect(Buffer.compare(readFileSync(file), away.reports.bundle(study, { samples: true }).bytes)).toBe(0);
  away.close();
});

test('what is here under the same id and differs stays; the study keeps its own', async () => {
  const { lab, study } = await measuredLab();
  const file = saved(lab.reports.bundle(study).bytes);
  const { small } = lab.showStudy(study).inputs;
  lab.close();
  const folder = temporaryFolder();
  labIn(folder).close();
  const db = openForWriting(folder);
  stored(db, { run: madeRun({ id: 'run-20250101-aaaaaa', state: 'done' }) });
  const other = { ...small, name: 'Another with this id' };
  putMeasuredProfile(db, other, 'run-20250101-aaaaaa');
  db.close();
  const away = labIn(folder);
  const taken = await away.reports.importBundle(file);
  expect(taken.current).toBe(false);
  expect(taken.notes.join(' ')).toContain('was left as it is');
  expect(away.showProfile(small.id).profile.name).toBe('Another with this id');
  expect(away.showStudy(study).inputs.small.name).toBe(small.name);
  away.close();
});

test('nothing is stored of a bundle whose numbers do not hold', async () => {
  const { bytes: paper } = await paperBundle();
  const file = forged(paper, (entries) => {
    entries['report.json'] = edited(entries['report.json']!, /"energyJ":\d/, '"energyJ":9');
  });
  const away = labIn();
  expect((await refusal(away.reports.importBundle(file))).kind).toBe('bad-bundle');
  expect(away.listStudies()).toEqual([]);
  away.close();
});

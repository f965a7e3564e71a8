import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { LabError } from '#core/errors';
import { formatCount } from '#core/format';
import type { LikeForLike } from '#core/likeForLike';
import type { Reproduction } from '#core/reproduction';
import { PAPER_SETTINGS } from '#core/study';
import { queryCount } from '#core/workload';
import { writeWhole } from '../files/writeWhole.ts';
import type { Lab } from '../lab.ts';
import { besideThePaper } from '../lab/likeForLike.ts';
import { guarded } from '../store/storeError.ts';
import type { StoredStudy } from '../store/studies.ts';
import type { Context, Registrar } from './command.ts';
import { likeForLikeText } from './likeForLikeText.ts';
import { figureTable, reconciliationText } from './reproductionText.ts';
import { studyDocument } from './studyAnswer.ts';
import { bullets, facts, heading, paragraphs, wrap } from './text.ts';
import { version } from './version.ts';

interface DemoFlags {
  readonly meter: string;
}

/** What the demonstration measured of this computer, or why it measured nothing. */
type Measured =
  | { readonly run: string; readonly profile: string; readonly name: string; readonly estimate: boolean }
  | { readonly why: string };

interface Demonstration {
  readonly measured: Measured;
  /** the measured profile beside the A100, where they can be compared, or why not */
  readonly own?: StoredStudy | { readonly why: string };
  readonly reproduction: Reproduction;
  readonly stored: StoredStudy;
  /** path of the report */
  readonly report: string;
  /** what would make the measured profile like for like with the A100 */
  readonly match?: LikeForLike;
}

/** `demo`: the whole way on defaults, in the terminal, to a report file. */
export function addDemo(program: Command, { add }: Registrar): void {
  add<DemoFlags>(
    program,
    'demo',
    {
      description:
        'the whole way on defaults: a quick measurement of this computer where it has a meter, the paper’s ' +
        'profiles, Alpaca, the threshold, the verdict, and a report file in the data folder',
      example: 'demo --data ./lab',
    },
    async (context, _args, flags) => {
      const shown = await context.inLabAsync((lab) => demonstrate(lab, flags, context));
      return {
        data: {
          measured: shown.measured,
          reproduction: shown.reproduction,
          study: studyDocument(shown.stored),
          verdict: shown.stored.study.result.verdict,
          report: shown.report,
          likeForLike: shown.match ?? null,
        },
        text: (columns) => demoText(shown, columns),
      };
    },
  ).option(
    '--meter <meter>',
    'of the quick measurement: auto, a kind, replay:FILE or estimate:WATTS',
    'auto',
  );
}

async function demonstrate(lab: Lab, flags: DemoFlags, context: Context): Promise<Demonstration> {
  const measured = await measureQuickly(lab, flags, context);
  const reproduction = lab.reproduce();
  const own = 'profile' in measured ? await besideTheA100(lab, measured.profile) : undefined;
  const match =
    'profile' in measured
      ? besideThePaper(lab, lab.showProfile(measured.profile).profile, { meter: flags.meter })
      : undefined;
  const id = own !== undefined && 'study' in own ? own.study.id : (await lab.saveStudy(PAPER_SETTINGS)).id;
  const folder = path.join(lab.dataFolder, 'reports');
  const report = path.join(folder, `${id}.html`);
  guarded(report, () => mkdirSync(folder, { recursive: true }));
  writeWhole(report, lab.reportHtml(id), { overwrite: true });
  return {
    measured,
    ...(own === undefined ? {} : { own }),
    ...(match === undefined ? {} : { match }),
    reproduction,
    stored: lab.showStudy((await lab.saveStudy(PAPER_SETTINGS)).id),
    report,
  };
}

/** A quick sweep with the embedded engine and made-up weights; without a meter nothing is measured, and why. */
async function measureQuickly(lab: Lab, { meter }: DemoFlags, context: Context): Promise<Measured> {
  const request = {
    engine: 'embedded',
    model: 'synthetic:tiny',
    sweep: 'quick',
    maxTrials: 3,
    idleS: 3,
    meter,
  };
  const { checks } = await lab.runs.preview(request);
  const stop = checks.find((check) => check.verdict === 'stop');
  if (stop !== undefined) {
    if (meter !== 'auto') throw new LabError('bad-setting', stop.message, stop.todo);
    return { why: `${stop.message} ${stop.todo ?? ''}`.trim() };
  }
  context.say('Measuring this computer quickly; Ctrl-C ends it, and what was measured is kept.');
  const interrupted = context.takeInterrupt();
  const end = (): void => lab.runs.interrupt();
  interrupted.addEventListener('abort', end, { once: true });
  try {
    lab.runs.start(request);
    const ended = await lab.runs.ended();
    if (ended?.error !== undefined) return { why: ended.error.message };
    if (ended?.profile === undefined) return { why: 'No trial came to its end.' };
    const { profile } = lab.showProfile(ended.profile);
    return { run: ended.id, profile: profile.id, name: profile.name, estimate: profile.estimate };
  } finally {
    interrupted.removeEventListener('abort', end);
  }
}

/** The measured profile against the paper's A100 on Alpaca, or why the two cannot be compared. */
async function besideTheA100(lab: Lab, profile: string): Promise<StoredStudy | { why: string }> {
  try {
    return lab.showStudy((await lab.saveStudy({ ...PAPER_SETTINGS, small: profile })).id);
  } catch (thrown) {
    if (thrown instanceof LabError) return { why: thrown.message };
    throw thrown;
  }
}

/** The first step's line: what was measured here, or why nothing was. */
function measuredText({ measured, own }: Demonstration): string {
  if ('why' in measured)
    return `nothing was measured here: ${measured.why} The paper's own figures stand for a Mac.`;
  const kind = measured.estimate ? 'an estimate, not a measurement: ' : '';
  const beside =
    own === undefined
      ? ''
      : 'why' in own
        ? ` It cannot be set beside the A100: ${own.why}`
        : ` Beside the A100: ${own.study.result.verdict.text}`;
  return `${kind}${measured.name} (${measured.profile}, ${measured.run}).${beside}`;
}

function demoText(shown: Demonstration, columns: number): string {
  const { reproduction, stored, report, match } = shown;
  const { study, inputs } = stored;
  const { verdict, assumptions } = study.result;
  const warnings = assumptions.filter(({ level }) => level === 'warning');
  return paragraphs(
    heading(`Crossover ${version}: the paper's study on the bundled data`),
    facts(
      [
        ['1 Measure', measuredText(shown)],
        ['2 Profiles', `${inputs.small.name}; ${inputs.large.name}`],
        ['3 Workload', `${inputs.workload.name}: ${formatCount(queryCount(inputs.workload))} queries`],
        ['4 Threshold', "first the paper's two figures, reproduced with all its models:"],
      ],
      columns,
    ),
    figureTable(reproduction),
    reconciliationText(reproduction, columns),
    wrap('Then like for like, Llama-2 7B on both systems:', columns),
    wrap(verdict.text, columns, 2),
    wrap(verdict.condition, columns, 2),
    `5 Check      what it rests on most:\n${bullets(
      warnings.map(({ message }) => ({ mark: '!', text: message })),
      columns,
    )}`,
    likeForLikeText(match, columns),
    `6 Report     ${report}`,
  );
}

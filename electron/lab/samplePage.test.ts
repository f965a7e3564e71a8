import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { EnergySample } from '#core/meter';
import { openForWriting } from '../store/database.ts';
import { createRun } from '../store/runs.ts';
import { readSamples } from '../store/sampleReader.ts';
import { createSampleWriter } from '../store/samples.ts';
import { madeRun } from '../test/madeRun.ts';
import { someSamples } from '../test/madeSamples.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { samplePage } from './samplePage.ts';

test('a page says whether there is more', () => {
  const [one, two] = [1, 2].map((endS): EnergySample => ({ startS: endS - 1, endS, energyJ: { cpu: 1 } }));
  expect(samplePage([], 3)).toEqual({ samples: [], more: false });
  expect(samplePage([one!, two!], 2)).toEqual({ samples: [one, two], more: false });
  expect(samplePage([one!, two!], 1)).toEqual({ samples: [one], more: true });
});

test('page after page gives every stored sample of a span once', () => {
  const db = openForWriting(temporaryFolder());
  // What survives a loss of power is not at issue here.
  db.pragma('synchronous = OFF');
  onTestFinished(() => void db.close());
  let runs = 0;
  fc.assert(
    fc.property(
      someSamples,
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.double({ min: 0.5, max: 1, noNaN: true }),
      (samples, limit, from, to) => {
        const id = `run-${runs++}`;
        createRun(db, madeRun({ id }));
        const writer = createSampleWriter(db, id);
        writer.push(samples);
        writer.close();
        const startS = samples[0]?.startS ?? 0;
        const lengthS = (samples.at(-1)?.endS ?? 0) - startS;
        const span = { startS: startS + from * lengthS, endS: startS + to * lengthS };
        const found: EnergySample[] = [];
        for (let fromS = span.startS, more = true; more; fromS = found.at(-1)?.endS ?? fromS) {
          const page = samplePage(readSamples(db, id, { startS: fromS, endS: span.endS }), limit);
          found.push(...page.samples);
          more = page.more;
        }
        expect(found).toEqual([...readSamples(db, id, span)]);
      },
    ),
    { numRuns: 40 },
  );
});

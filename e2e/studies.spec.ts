import { expect, test } from './fixtures.ts';

const GRID = {
  small: 'm1-pro.llama-2-7b.sweeps',
  large: 'swing-a100.llama-2-7b.sweeps',
  workload: 'gsm8k',
  energyModel: 'grid',
  policy: 'all',
  lambda: 1,
  cost: 'raw',
  boundary: 'like-for-like',
  thresholds: 'every-integer',
  minSaving: 0.01,
};

test('a study runs beside the window, tells how far it is, and carries the devices there are', async ({
  page,
}) => {
  const { wire, told } = await page.evaluate(async (settings) => {
    const told: { what: string; fraction: number }[] = [];
    const stop = window.crossover.on.studyProgress((data) =>
      told.push(data as { what: string; fraction: number }),
    );
    const wire = await window.crossover.request.previewStudy({
      ...settings,
      bootstrap: 200,
      capacity: { devices: { small: 20, large: 4 }, arrivalRate: 0.2 },
    });
    stop();
    return { wire, told };
  }, GRID);
  expect(wire).toMatchObject({ ok: true, value: { capacity: { arrivalRate: 0.2, small: { devices: 20 } } } });
  expect(told.at(-1)?.fraction).toBe(1);
  expect(new Set(told.map(({ what }) => what)).size).toBe(3);
  const list = await page.evaluate(() => window.crossover.request.listStudies());
  expect(list).toEqual({ ok: true, value: [] });

  // New work of a kind stops the last of its kind, and no other.
  const together = await page.evaluate(async (settings) => {
    const { request } = window.crossover;
    return Promise.all([
      request.previewStudy({ ...settings, bootstrap: 200 }),
      request.varyStudy(settings),
      request.varyStudy({ ...settings, lambda: 0.5 }),
    ]);
  }, GRID);
  expect(together).toMatchObject([
    { ok: true },
    { ok: false, error: { kind: 'interrupted' } },
    {
      ok: true,
      value: expect.arrayContaining([expect.objectContaining({ factor: 'lambda', value: '0.5' })]),
    },
  ]);
});

test('a study under way is cancelled, and nothing of it is stored', async ({ page }) => {
  const wire = await page.evaluate(async (settings) => {
    const begun = new Promise<void>((resolve) => {
      window.crossover.on.studyProgress(() => resolve());
    });
    const running = window.crossover.request.saveStudy({ ...settings, bootstrap: 100_000 });
    await begun;
    await window.crossover.request.cancelStudy('save');
    return { saved: await running, list: await window.crossover.request.listStudies() };
  }, GRID);
  expect(wire).toMatchObject({ saved: { ok: false, error: { kind: 'interrupted' } }, list: { value: [] } });
});

test('two studies are stored, named, set side by side, and removed', async ({ page }) => {
  const found = await page.evaluate(async (settings) => {
    const { request } = window.crossover;
    const save = async (changes: object): Promise<string> => {
      const wire = (await request.saveStudy({ ...settings, ...changes })) as { value: { id: string } };
      return wire.value.id;
    };
    const [a, b] = [await save({}), await save({ lambda: 0.5 })];
    return {
      renamed: await request.changeStudy({ study: a, name: 'Mine' }),
      compared: await request.compareStudies({ a, b }),
      removed: await request.removeStudy(b),
      left: await request.listStudies(),
      unknown: await request.removeStudy(b),
    };
  }, GRID);
  expect(found).toMatchObject({
    renamed: { ok: true, value: { name: 'Mine' } },
    compared: { ok: true, value: { settings: [{ setting: 'lambda', a: 1, b: 0.5 }], inputs: [] } },
    removed: { ok: true },
    left: { ok: true, value: [{ name: 'Mine' }] },
    unknown: { ok: false, error: { kind: 'unknown-study' } },
  });
});

import { expect, inMain, test } from './fixtures.ts';

test('the page has no Node, no Electron and only the named bridge', async ({ page }) => {
  const seen = await page.evaluate(() => ({
    process: typeof (globalThis as Record<string, unknown>)['process'],
    require: typeof (globalThis as Record<string, unknown>)['require'],
    bridge: Object.keys(window.crossover).sort(),
    origin: location.origin,
  }));
  expect(seen).toEqual({
    process: 'undefined',
    require: 'undefined',
    bridge: ['on', 'pathOf', 'request'],
    origin: 'crossover://lab',
  });
});

test('the window is sandboxed and isolated', async ({ app, page }) => {
  await page.waitForLoadState();
  const preferences = await inMain(app, ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences: () => Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false });
});

test('nothing remote loads, nothing navigates, nothing opens', async ({ app, page, complaints }) => {
  const reached = await page.evaluate(async () => {
    try {
      await fetch('http://127.0.0.1:9/');
      return 'reached';
    } catch {
      return 'refused';
    }
  });
  expect(reached).toBe('refused');
  await page.evaluate(() => window.open('https://example.org/'));
  await page.evaluate(() => (location.href = 'https://example.org/'));
  expect(await page.evaluate(() => location.href)).toBe('crossover://lab/');
  expect(await inMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  const inline = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    document.body.append(script);
    return (globalThis as Record<string, unknown>)['injected'] ?? 'blocked';
  });
  expect(inline).toBe('blocked');
  // The policy's own reports of the attempts above.
  expect(complaints.length).toBeGreaterThan(0);
  complaints.length = 0;
});

test('a request that is not in the contract’s form is refused with a reason', async ({ page }) => {
  const wire = await page.evaluate(() =>
    window.crossover.request.saveStudy({ small: 'a', large: 'b', workload: 'c', lambda: 7 }),
  );
  expect(wire).toMatchObject({ ok: false, error: { kind: 'bad-setting' } });
  const unknown = await page.evaluate(() => window.crossover.request.showProfile('../../etc/passwd'));
  expect(unknown).toMatchObject({ ok: false, error: { kind: 'unknown-profile' } });
});

test('pages outside the lab’s own folder are not served', async ({ app, page }) => {
  await page.waitForLoadState();
  const statuses = await inMain(app, async ({ net }) =>
    Promise.all(
      [
        'crossover://lab/../main/index.js',
        'crossover://lab/%2e%2e/main/index.js',
        'crossover://other/index.html',
      ].map(async (url) => (await net.fetch(url)).status),
    ),
  );
  expect(statuses).toEqual([404, 404, 404]);
});

import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { formatPercent, numberLocale, PLAIN_LOCALE } from '#core/format';
import { answerAsShown, showNumbersAs } from './shownNumbers.ts';

afterEach(() => showNumbersAs(PLAIN_LOCALE));
const said = async (): Promise<string> => {
  await setImmediate();
  return formatPercent(0.074);
};

test('what is shown alone has the signs of the window, to its last sentence', async () => {
  showNumbersAs('de-DE');
  expect(await answerAsShown('previewStudy', said)).toBe('7,4%');
});

test('what is stored or written to a file has those of English, beside one that is shown', async () => {
  showNumbersAs('de-DE');
  const [shown, saved, exported] = await Promise.all([
    answerAsShown('checkImport', said),
    answerAsShown('saveStudy', said),
    answerAsShown('exportReport', said),
  ]);
  expect([shown, saved, exported, await said()]).toEqual(['7,4%', '7.4%', '7.4%', '7.4%']);
});

test('a language that is not known is taken for English', () => {
  showNumbersAs('no language at all');
  expect(answerAsShown('previewStudy', numberLocale)).toBe(PLAIN_LOCALE);
});

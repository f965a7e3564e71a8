import { AsyncLocalStorage } from 'node:async_hooks';
import { askNumbersOf, knownLocale, PLAIN_LOCALE } from '#core/format';
import type { RequestName } from '#ipc/names';

/**
 * Sentences with numbers that are made for the window have the signs that it shows; whatever is stored or written to a
 * file has those of English. So only what writes nothing is answered with the window's signs.
 */
const ONLY_SHOWN: ReadonlySet<RequestName> = new Set<RequestName>([
  'inspectComputer',
  'previewStudy',
  'compareSystems',
  'varyStudy',
  'simulateStudy',
  'previewRun',
  'sizeRun',
  'checkImport',
]);

const answering = new AsyncLocalStorage<string>();
askNumbersOf(() => answering.getStore());
let chosen: string = PLAIN_LOCALE;

/** @param tag the language whose signs the window shows, BCP 47; one that is not known is taken for English */
export function showNumbersAs(tag: string): void {
  chosen = knownLocale(tag);
}

/** Answers a request, with the window's signs where nothing of the answer is kept. */
export function answerAsShown<T>(name: RequestName, work: () => T): T {
  return ONLY_SHOWN.has(name) ? answering.run(chosen, work) : work();
}

import { expect, test } from 'vitest';
import { explain, GLOSSARY, type Term } from './glossary.ts';

const terms = Object.keys(GLOSSARY) as Term[];

test('every explanation is one to three plain sentences', () => {
  for (const term of terms) {
    const text = explain(term);
    const sentences = text.split(/(?<=[.!?])\s+/);
    expect(sentences.length, term).toBeLessThanOrEqual(3);
    for (const sentence of sentences) {
      expect(sentence, term).toMatch(/^[A-Zλ0-9].*\.$/u);
      expect(sentence.split(/\s+/).length, `${term}: ${sentence}`).toBeLessThanOrEqual(42);
    }
    // Neither an exclamation, nor an abbreviation that ends no sentence, nor a command's flag.
    expect(text, term).not.toMatch(/!|e\.g\.|i\.e\.|etc\.|--/);
  }
});

test('every term has a name of its own, and no explanation is that of another', () => {
  expect(new Set(terms.map((term) => GLOSSARY[term].name.toLowerCase())).size).toBe(terms.length);
  expect(new Set(terms.map(explain)).size).toBe(terms.length);
});

/** Words of the trade that nobody need know, each with the term that explains it. */
const TRADE: readonly (readonly [word: RegExp, term: Term])[] = [
  [/\btokens?\b/i, 'token'],
  [/\bquer(y|ies)\b/i, 'query'],
  [/\brails?\b/i, 'rail'],
  [/\bcells?\b/i, 'cell'],
  [/\btrials?\b/i, 'trial'],
  [/\bwindows?\b/i, 'window'],
  [/\braw samples?\b/i, 'sample'],
  [/\bsweeps?\b/i, 'sweep'],
  [/\bgrid\b/i, 'grid'],
  [/\bmeters?\b/i, 'meter'],
  [/\bidle\b/i, 'idle'],
  [/\bgross\b/i, 'aboveIdle'],
  [/\bprofiles?\b/i, 'profile'],
  [/\bworkloads?\b/i, 'workload'],
  [/\bpolic(y|ies)\b/i, 'policy'],
  [/\bthresholds?\b/i, 'threshold'],
  [/\boracle\b/i, 'oracle'],
  [/\bregret\b/i, 'regret'],
  [/\bPareto\b/i, 'front'],
  [/λ/u, 'lambda'],
  [/\bsingle system\b/i, 'single'],
  [/\bstud(y|ies)\b/i, 'study'],
  [/\bboundar(y|ies)\b/i, 'boundary'],
  [/\bresamples?\b/i, 'resample'],
  [/\bprefill\b/i, 'prefill'],
  [/\bdecode\b/i, 'decode'],
  [/\bKV cache\b/i, 'kvCache'],
  [/\bPUE\b/, 'pue'],
  [/\barrival rate\b/i, 'arrivalRate'],
  [/\bmodelled\b/i, 'modelled'],
  [/\bextrapolat/i, 'extrapolated'],
  [/\bbreak-even\b/i, 'breakEven'],
  [/\blike for like\b/i, 'likeForLike'],
];

/** What is named beside its own meaning in plain words, and needs no entry. */
const NEVER = [
  /\bquantiles?\b/i,
  /\bvariance\b/i,
  /\bstochastic\b/i,
  /\bdual\b/i,
  /\bconvex\b/i,
  /\bhyperparameter/i,
  /\butilisation\b/i,
  /\bbootstrap\b/i,
  /\breplicate/i,
  /\bmarginal\b/i,
  /\bheld out\b/i,
  /\binfeasible\b/i,
];

test('no explanation rests on a word that is explained nowhere, nor on itself', () => {
  for (const term of terms) {
    for (const word of NEVER) expect(explain(term), term).not.toMatch(word);
  }
  for (const [word, term] of TRADE) {
    expect(GLOSSARY, String(word)).toHaveProperty(term);
    // What explains a word says it in others first: it does not begin with the word itself.
    expect(explain(term).split(/\s+/).slice(0, 2).join(' '), term).not.toMatch(word);
  }
});

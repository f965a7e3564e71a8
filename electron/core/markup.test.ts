import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, formula, Markup, markup } from './markup.ts';

test('whatever is put into a template stays text', () => {
  expect(markup`<b title="${'"><script>'}">${"a < b & 'c'"}</b>`.text).toBe(
    '<b title="&quot;&gt;&lt;script&gt;">a &lt; b &amp; &#39;c&#39;</b>',
  );
});

test('markup within markup is not escaped again, lists are joined, nothing is nothing', () => {
  const items = ['x', 'y'].map((item) => markup`<li>${item}</li>`);
  expect(markup`<ul>${items}${undefined}</ul>${3}${new Markup('<hr>')}`.text).toBe(
    '<ul><li>x</li><li>y</li></ul>3<hr>',
  );
});

test('no escaped text can open a tag, leave an attribute or hold a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // eslint-disable-next-line no-control-regex
      expect(escapeText(text)).not.toMatch(/[<>"'\u0000-\u0008]|&(?!amp;|lt;|gt;|quot;|#39;)/);
    }),
  );
});

test('names in other scripts and emoji pass as they are', () => {
  expect(escapeText('苹果 מחשב 🖥')).toBe('苹果 מחשב 🖥');
});

test('a formula has subscripts, superscripts, italic letters and upright units', () => {
  expect(formula('e_{s}(p) = 2^{k}  [J]').text).toBe(
    '<i>e</i><sub><i>s</i></sub>(<i>p</i>) = 2<sup><i>k</i></sup>  [J]',
  );
  expect(formula('Σ_{k ≤ T} a < b').text).toBe('Σ<sub><i>k</i> ≤ <i>T</i></sub> <i>a</i> &lt; <i>b</i>');
});

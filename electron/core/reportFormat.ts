/** The forms of a report, in the order in which they are offered. */
export const REPORT_FORMATS = [
  {
    id: 'html',
    endings: ['.html', '.htm'],
    name: 'HTML',
    what: 'One file that opens anywhere, with every figure',
  },
  {
    id: 'pdf',
    endings: ['.pdf'],
    name: 'PDF',
    what: 'Pages with numbers and bookmarks, to print or to send',
  },
  { id: 'md', endings: ['.md'], name: 'Markdown', what: 'For wikis and repositories' },
  { id: 'csv', endings: ['.csv'], name: 'CSV', what: 'One number a row, with its unit' },
  { id: 'json', endings: ['.json'], name: 'JSON', what: 'Everything, for programs' },
  {
    id: 'bundle',
    endings: ['.crossover', '.zip'],
    name: 'bundle',
    what: 'All that the numbers come from, so that others can verify them',
  },
] as const;

/** Those of a comparison of several systems. */
export const COMPARISON_FORMATS = REPORT_FORMATS.filter(({ id }) => id !== 'bundle');

/** The papers that a PDF is made for. */
export const PAPERS = ['A4', 'Letter'] as const;
export type Paper = (typeof PAPERS)[number];

/** Whether a text names one of them. */
export function isPaper(text: string): text is Paper {
  return PAPERS.some((paper) => paper === text);
}

export type ReportFormat = (typeof REPORT_FORMATS)[number]['id'];

/** The paper that people of a language's place print on. */
export function paperOf(language: string): Paper {
  return /^(?:en-(?:US|CA|PH)|es-(?:MX|CL|CO|US|VE)|fr-CA)\b/.test(language) ? 'Letter' : 'A4';
}

/** What can be taken out of a study: its report in any form, and its policy to deploy. */
export const EXPORTS = [
  ...REPORT_FORMATS,
  { id: 'policy', name: 'policy', what: 'The policy to deploy: JSON, JavaScript, Python, LiteLLM' },
] as const;
export type Export = (typeof EXPORTS)[number]['id'];

import type { EnergySample } from '#core/meter';

/** The first samples of many, and whether there are more. */
export interface SamplePage {
  readonly samples: EnergySample[];
  readonly more: boolean;
}

/** Takes so many samples, and looks whether there is another. */
export function samplePage(samples: Iterable<EnergySample>, limit: number): SamplePage {
  const page: EnergySample[] = [];
  for (const sample of samples) {
    if (page.length >= limit) return { samples: page, more: true };
    page.push(sample);
  }
  return { samples: page, more: false };
}

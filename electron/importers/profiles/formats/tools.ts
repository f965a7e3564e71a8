import type { ImportFormat } from '../importFormat.ts';
import { aiperf } from './aiperf.ts';
import { codecarbon } from './codecarbon.ts';
import { joulewise } from './joulewise.ts';
import { llamaBench } from './llamaBench.ts';
import { mlEnergyLeaderboard } from './mlEnergyLeaderboard.ts';
import { mlEnergyResults } from './mlEnergyResults.ts';
import { NOT_QUERIES } from './notQueries.ts';
import { optimumBenchmark } from './optimumBenchmark.ts';
import type { TextFormat } from './parsed.ts';
import { splitwise } from './splitwise.ts';
import { vllmBench } from './vllmBench.ts';
import { zeus } from './zeus.ts';

/** Formats of other tools whose text is read whole; those that are surer of less come last. */
export const TEXT_FORMATS: readonly TextFormat[] = [
  zeus,
  codecarbon,
  splitwise,
  mlEnergyLeaderboard,
  mlEnergyResults,
  llamaBench,
  joulewise,
  vllmBench,
  optimumBenchmark,
];

/** The formats of other tools, and those of their files that are refused with a reason. */
export const TOOL_FORMATS: readonly ImportFormat[] = [...NOT_QUERIES, ...TEXT_FORMATS, aiperf];

// Before each file of unit tests: where the analysing thread is.
import { inject } from 'vitest';
import { useAnalysisWorker } from '../electron/workers/workerPool.ts';

useAnalysisWorker(inject('analysisWorker'));

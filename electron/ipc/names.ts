/** The names of all requests, for the preload, which validates nothing and must stay small. */
export const REQUEST_NAMES = [
  'describeLab',
  'inspectComputer',
  'listProfiles',
  'showProfile',
  'exportProfile',
  'listWorkloads',
  'showWorkload',
  'saveStudy',
  'listStudies',
  'exportReport',
  'revealExport',
  'previewRun',
  'allowPowermetrics',
  'startRun',
  'resumeRun',
  'pauseRun',
  'continueRun',
  'cancelRun',
  'showActiveRun',
  'listRuns',
  'showRun',
  'readPower',
  'readSamples',
  'changeRun',
  'deleteRun',
  'exportRun',
  'exportPicture',
  'chooseFile',
  'listModels',
  'removeModels',
  'loadPreferences',
  'savePreferences',
  'openSource',
  'announceUsable',
] as const;

/** The names of all events. */
export const EVENT_NAMES = ['menuCommand', 'runNews'] as const;

export type RequestName = (typeof REQUEST_NAMES)[number];
export type EventName = (typeof EVENT_NAMES)[number];

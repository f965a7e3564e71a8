import { computed, type ComputedRef, type Ref } from 'vue';
import { formatExact } from '#core/format';
import { GLOSSARY, type Term } from '#core/glossary';
import { PLACES, type Place } from '#core/preferences';
import { freeProjectName, type Project } from '#core/project';
import { calledRecent, folderOf } from '#core/recentFile';
import { EXPORTS, type Export } from '#core/reportFormat';
import { PAPER_SETTINGS } from '#core/study';
import type { Copyable } from '../copy/copyable.ts';
import { BASIS_CHOICES, ENERGY_CHOICES, NUMBER_CHOICES } from './unitChoices.ts';
import type { LabState } from './useLab.ts';
import { calledStudy } from './useProjects.ts';
import { RECENT_WORDS } from './useRecent.ts';

/** Something that can be done from anywhere: by its keys, or found by its name. */
export interface Command {
  readonly id: string;
  readonly group: 'Go' | 'Do' | 'File' | 'Project' | 'Study' | 'Profile' | 'Workload' | 'Copy' | 'Word';
  readonly title: string;
  /** a second line */
  readonly hint?: string;
  /** what is pressed with ⌘ or Ctrl, as "K" or "⇧Z" */
  readonly keys?: string;
  /** absent for a word, whose hint is all there is */
  readonly run?: () => void;
}

/** What commands need beside the lab. */
export interface CommandSurroundings {
  readonly exportReport: (format: Export) => void;
  readonly openShortcuts: () => void;
  readonly openPalette: () => void;
  readonly openUnits: () => void;
  /** what can be copied of the page */
  readonly copyables: Readonly<Ref<readonly Copyable[]>>;
  readonly copy: (what: Copyable) => void;
  readonly openFiles: () => void;
  readonly openRecent: (id: string) => void;
}

export const PLACE_NAMES: Readonly<Record<Place, string>> = {
  start: 'Start',
  measure: 'Measure this Mac',
  profiles: 'Profiles',
  workload: 'Workload',
  threshold: 'Find the threshold',
  reproduce: 'Reproduce the paper',
  check: 'Check it holds',
  report: 'Report',
  studies: 'Studies',
};

const PLACE_KEYS: Readonly<Record<Place, string>> = {
  start: '0',
  measure: '1',
  profiles: '2',
  workload: '3',
  threshold: '4',
  reproduce: 'P',
  check: '5',
  report: '6',
  studies: '7',
};

const EXPORT_KEYS: Partial<Record<Export, string>> = { html: 'E', json: '⇧E' };

/** Everything that can be done from anywhere, what has keys first. */
export function useCommands(
  lab: LabState,
  {
    exportReport,
    openShortcuts,
    openPalette,
    openUnits,
    openFiles,
    openRecent,
    copyables,
    copy,
  }: CommandSurroundings,
): ComputedRef<readonly Command[]> {
  const fixed: readonly Command[] = [
    ...PLACES.map((place): Command => ({
      id: `go ${place}`,
      group: 'Go',
      title: PLACE_NAMES[place],
      keys: PLACE_KEYS[place],
      run: () => lab.go(place),
    })),
    { id: 'palette', group: 'Do', title: 'Find anything', keys: 'K', run: openPalette },
    { id: 'open', group: 'Do', title: 'Open files…', keys: 'O', run: openFiles },
    { id: 'undo', group: 'Do', title: 'Undo the last change of the study', keys: 'Z', run: lab.draft.undo },
    { id: 'redo', group: 'Do', title: 'Redo the change', keys: '⇧Z', run: lab.draft.redo },
    ...EXPORTS.map(({ id, name, what }): Command => ({
      id: `export ${id}`,
      group: 'Do',
      title: id === 'policy' ? 'Export the policy' : `Export the report as ${name}`,
      hint: what,
      ...(EXPORT_KEYS[id] === undefined ? {} : { keys: EXPORT_KEYS[id] }),
      run: () => exportReport(id),
    })),
    { id: 'shortcuts', group: 'Do', title: 'Keyboard shortcuts', keys: '/', run: openShortcuts },
    { id: 'units', group: 'Do', title: 'Units and numbers', keys: ',', run: openUnits },
    ...unitCommands(lab),
    ...(['system', 'light', 'dark'] as const).map((theme): Command => ({
      id: `theme ${theme}`,
      group: 'Do',
      title: theme === 'system' ? 'Theme: follow the system' : `Theme: ${theme}`,
      run: () => lab.setTheme(theme),
    })),
    {
      id: 'paper',
      group: 'Study',
      title: "Open the paper's study",
      run: () => {
        lab.draft.replace(PAPER_SETTINGS);
        lab.go('threshold');
      },
    },
  ];
  const words = (Object.keys(GLOSSARY) as Term[]).map((term): Command => ({
    id: `word ${term}`,
    group: 'Word',
    title: GLOSSARY[term].name,
    hint: GLOSSARY[term].text,
  }));
  return computed(() => [
    ...fixed,
    ...lab.recent.files.value.map((files): Command => ({
      id: `recent ${files.id}`,
      group: 'File',
      title: `Open ${calledRecent(files)} once more`,
      hint: `${RECENT_WORDS[files.kind]} · ${folderOf(files)}`,
      run: () => openRecent(files.id),
    })),
    ...(lab.recent.files.value.length === 0
      ? []
      : [
          {
            id: 'clear recent',
            group: 'Do',
            title: 'Clear the list of recent files',
            run: () => void lab.recent.clear(),
          } satisfies Command,
        ]),
    {
      id: 'new project',
      group: 'Project',
      title: 'New project',
      run: () => {
        const name = freeProjectName(lab.projects.list.value.map((project) => project.name));
        void lab.projects.make(name).then(() => lab.go('start'));
      },
    },
    ...(lab.projects.current.value === undefined ? [] : currentProject(lab, lab.projects.current.value)),
    ...lab.projects.list.value.map((project): Command => ({
      id: `project ${project.id}`,
      group: 'Project',
      title: project.name,
      hint: project.current ? 'the project that is open' : 'opens this project',
      run: () => void lab.projects.open(project.id),
    })),
    ...lab.catalogue.studies.value.map((study): Command => ({
      id: `study ${study.id}`,
      group: 'Study',
      title: calledStudy(study),
      hint: `${study.name === '' ? '' : `${study.title} · `}${study.settings.policy} · λ ${formatExact(study.settings.lambda)} · ${study.storedAt.slice(0, 10)}`,
      run: () => {
        lab.draft.replace(study.settings);
        lab.go('threshold');
      },
    })),
    ...lab.catalogue.comparisons.value.map((comparison): Command => ({
      id: `comparison ${comparison.id}`,
      group: 'Study',
      title: calledStudy(comparison),
      hint: `comparison of ${comparison.settings.profiles.length} systems · λ ${formatExact(comparison.settings.lambda)} · ${comparison.storedAt.slice(0, 10)}`,
      run: () => {
        lab.reported.value = comparison;
        lab.go('studies');
      },
    })),
    ...lab.catalogue.profiles.value.map((profile): Command => ({
      id: `profile ${profile.id}`,
      group: 'Profile',
      title: profile.name,
      hint: profile.id,
      run: () => {
        lab.setOverlay([...new Set([...lab.overlay.value, profile.id])]);
        lab.go('profiles');
      },
    })),
    ...lab.catalogue.workloads.value.map((workload): Command => ({
      id: `workload ${workload.id}`,
      group: 'Workload',
      title: workload.name,
      hint: workload.id,
      run: () => {
        lab.draft.change({ workload: workload.id });
        lab.go('workload');
      },
    })),
    ...copyables.value.map((what, place): Command => ({
      id: `copy ${place}`,
      group: 'Copy',
      title: what.kind === 'table' ? `Copy the table: ${what.name}` : `Copy ${what.name}`,
      run: () => copy(what),
    })),
    ...words,
  ]);
}

/** Every choice of units by its name. */
function unitCommands(lab: LabState): readonly Command[] {
  const command = (name: string, label: string, changes: Parameters<LabState['setUnits']>[0]): Command => ({
    id: `units ${name} ${label}`,
    group: 'Do',
    title: `Units: ${name}, ${label}`,
    run: () => lab.setUnits(changes),
  });
  return [
    ...ENERGY_CHOICES.map(({ value, label }) => command('energy', label, { energy: value })),
    ...BASIS_CHOICES.map(({ value, label }) => command('totals', label, { basis: value })),
    ...NUMBER_CHOICES.map(({ value, label }) => command('numbers', label, { numbers: value })),
  ];
}

/** What can be done with the project that is open; its name is given from its menu. */
function currentProject(
  { projects }: LabState,
  { id, name }: Pick<Project, 'id' | 'name'>,
): readonly Command[] {
  return [
    {
      id: 'duplicate project',
      group: 'Project',
      title: `Duplicate ${name}`,
      hint: 'with its studies and what is being worked on',
      run: () => void projects.duplicate(id),
    },
    {
      id: 'delete project',
      group: 'Project',
      title: `Delete ${name}`,
      hint: 'can be taken back until Crossover is closed',
      run: () => void projects.remove({ id, name }),
    },
  ];
}

/**
 * Commands that have every word that was typed, in their title, group or second line. Titles in which words begin so
 * come first, then titles that have them anywhere, then the others.
 */
export function findCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const ranked = commands.flatMap((command) => {
    const title = ` ${plain(`${command.group} ${command.title}`).replace(/[^\p{L}\p{N}]+/gu, ' ')}`;
    const all = `${title} ${plain(command.title)} ${plain(command.hint ?? '')}`;
    if (!words.every((word) => all.includes(word))) return [];
    const rank = words.every((word) => title.includes(` ${word}`))
      ? 0
      : words.every((word) => title.includes(word))
        ? 1
        : 2;
    return [{ command, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ command }) => command);
}

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The command whose keys were pressed; ⌘Z in a text field is the field's own. */
export function commandOf(
  event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>,
  commands: readonly Command[],
  inText: boolean,
): Command | undefined {
  if (!(event.metaKey || event.ctrlKey) || event.altKey) return undefined;
  const shifted = event.shiftKey && /^[a-z]$/i.test(event.key);
  const keys = `${shifted ? '⇧' : ''}${event.key.toUpperCase()}`;
  const found = commands.find((command) => command.keys === keys);
  return inText && (found?.id === 'undo' || found?.id === 'redo') ? undefined : found;
}

/** ⌘ on a Mac, Ctrl elsewhere. */
export const modifier = (platform: string): string => (/Mac/.test(platform) ? '⌘' : 'Ctrl+');

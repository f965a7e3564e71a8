/** For the tests of the collecting scripts: a stand-in for the collector, and where things are. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, test } from 'vitest';

export const scripts = fileURLToPath(new URL('.', import.meta.url));
export const script = (name: string): string => path.join(scripts, name);
export const onUnix = test.skipIf(process.platform === 'win32');

export function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'crossover-collect-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export function executable(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/**
 * A stand-in for the collector's command: it writes down what it was asked, one word a line, and leaves a bundle. With
 * `fail` in its flags it fails the first time; with `wait` it waits until it is told to end, and then is paused.
 */
export const STAND_IN = `#!/usr/bin/env bash
log=$(dirname "$0")/asked.txt
printf '%s\\n' "$@" >>"$log"; printf -- '---\\n' >>"$log"
if [ "$1" = measure ]; then
  case " $* " in
    *' fail '*) marker=$(dirname "$0")/failed; [ -e "$marker" ] || { touch "$marker"; exit 4; } ;;
    *' wait '*) trap 'exit 130' TERM; touch "$(dirname "$0")/waiting"; while :; do sleep 0.05; done ;;
  esac
  exit 0
fi
while [ "$#" -gt 0 ]; do [ "$1" = --out ] && echo bundle >"$2"; shift; done
`;

export function asked(home: string): string[][] {
  const text = readFileSync(path.join(home, 'asked.txt'), 'utf8');
  return text
    .split('---\n')
    .slice(0, -1)
    .map((words) => words.trimEnd().split('\n'));
}

export const environment = (home: string, changes: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  CROSSOVER_NODE: process.execPath,
  ...changes,
});

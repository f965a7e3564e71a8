/** For tests: what stands in for the system's dialog. */
import { spawn } from 'node:child_process';
import type { Dialog } from '../meters/elevated.ts';

/** Asks nobody and runs the command as this user. */
export const standInDialog: Dialog = (command) =>
  new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.once('close', (code) => resolve({ code, complaint }));
  });

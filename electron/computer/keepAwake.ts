import { spawn, type ChildProcess } from 'node:child_process';
import { findOnPath } from './readers.ts';

/** The system's own program that keeps a computer awake, with its arguments; undefined where there is none. */
export function awakeCommand(
  platform: NodeJS.Platform = process.platform,
  found: (program: string) => string | undefined = (program) =>
    findOnPath(program, process.env['PATH'] ?? '', platform),
): readonly [program: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['/usr/bin/caffeinate', '-i', '-m', '-w', String(process.pid)];
  const inhibit = platform === 'linux' ? found('systemd-inhibit') : undefined;
  if (inhibit === undefined || found('systemctl') === undefined) return undefined;
  return [
    inhibit,
    '--what=sleep:idle',
    '--who=Crossover',
    '--why=measuring',
    '--mode=block',
    'sleep',
    'infinity',
  ];
}

/**
 * Keeps the computer awake until the returned function is called (or this process ends).
 * @returns undefined where nothing here can
 */
export function keepAwake(): (() => void) | undefined {
  const command = awakeCommand();
  if (command === undefined) return undefined;
  const [program, ...args] = command;
  let child: ChildProcess | undefined = spawn(program, args, { stdio: 'ignore' });
  child.on('error', () => (child = undefined));
  const end = (): void => {
    child?.kill();
    child = undefined;
    process.off('exit', end);
  };
  process.on('exit', end);
  return end;
}

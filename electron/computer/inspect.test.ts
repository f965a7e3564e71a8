import { expect, test } from 'vitest';
import { computerReportSchema, offerSchema } from '#core/computer';
import { describeComputer } from '../lab/computer.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { inspect } from './inspect.ts';
import { findOnPath, hereReaders, type Readers } from './readers.ts';

function computer(
  changes: Partial<Readers>,
  files: Record<string, string> = {},
  programs: string[] = [],
): Readers {
  return {
    platform: 'linux',
    arch: 'x64',
    chip: 'A chip',
    cores: 8,
    memoryBytes: 16e9,
    release: '6.1',
    readFile: (file) => files[file],
    fileExists: (file) => file in files,
    findProgram: (name) => (programs.includes(name) ? `/usr/bin/${name}` : undefined),
    freeBytes: () => 1e9,
    ...changes,
  };
}

const available = ({ meters, engines }: ReturnType<typeof inspect>): string[] =>
  [...meters, ...engines].filter((offer) => offer.available).map(({ id }) => id);

test('a Mac with Apple silicon has IOReport and powermetrics, and macmon where it is installed', () => {
  const files = {
    '/usr/bin/powermetrics': '',
    '/System/Library/CoreServices/SystemVersion.plist':
      '<dict><key>ProductVersion</key>\n\t<string>15.4</string></dict>',
  };
  const mac = computer({ platform: 'darwin', arch: 'arm64', chip: 'Apple M1 Pro' }, files, [
    'macmon',
    'ollama',
  ]);
  expect(available(inspect(mac))).toEqual(['ioreport', 'powermetrics', 'macmon', 'embedded', 'ollama']);
  expect(inspect(mac).computer).toMatchObject({ chip: 'Apple M1 Pro', os: 'macOS 15.4', arch: 'arm64' });
  expect(available(inspect({ ...mac, findProgram: () => undefined }))).toEqual([
    'ioreport',
    'powermetrics',
    'embedded',
  ]);
});

test('a Mac with an Intel chip has powermetrics alone', () => {
  const mac = computer({ platform: 'darwin', release: '22.6' }, { '/usr/bin/powermetrics': '' }, ['macmon']);
  expect(available(inspect(mac))).toEqual(['powermetrics', 'embedded']);
  expect(inspect(mac).computer.os).toBe('macOS (Darwin 22.6)');
});

test('Linux has RAPL where its counter can be read, and says how where it cannot', () => {
  const counter = '/sys/class/powercap/intel-rapl:0/energy_uj';
  const open = computer({}, { [counter]: '123', '/etc/os-release': 'NAME=x\nPRETTY_NAME="Debian 12"\n' }, [
    'nvidia-smi',
  ]);
  expect(available(inspect(open))).toEqual(['rapl', 'nvidia-smi', 'embedded']);
  expect(inspect(open).computer.os).toBe('Debian 12 (kernel 6.1)');
  const closed = inspect({ ...open, readFile: () => undefined });
  expect(closed.meters.find(({ id }) => id === 'rapl')).toMatchObject({
    available: false,
    why: expect.stringContaining('only root may read it') as string,
  });
});

test('a computer without a meter is told so, and that the lab works all the same', () => {
  const { missing } = inspect(computer({ platform: 'win32' }));
  expect(missing.join(' ')).toContain('No power meter was found');
  expect(missing.join(' ')).toContain('works here all the same');
});

test('the embedded engine comes along, and an estimate is offered by name where there is no meter', () => {
  const { engines, missing } = inspect(computer({}, {}, ['llama-server']));
  expect(engines[0]).toMatchObject({ id: 'embedded', available: true });
  expect(missing[0]).toContain('--meter estimate:WATTS');
  expect(missing[0]).toContain('says so everywhere');
});

test('where the system does not name the chip, its files do', () => {
  const chip = (files: Record<string, string>): string =>
    inspect(computer({ chip: 'unknown' }, files)).computer.chip;
  expect(chip({ '/proc/cpuinfo': 'processor : 0\nmodel name\t: AMD EPYC 7742\n' })).toBe('AMD EPYC 7742');
  expect(chip({ '/proc/device-tree/model': 'Raspberry Pi 5\0' })).toBe('Raspberry Pi 5');
  expect(chip({})).toBe('not known');
});

test('each offer says why in a sentence', () => {
  for (const readers of [
    computer({}),
    computer({ platform: 'darwin', arch: 'arm64' }),
    computer({ platform: 'win32' }),
  ]) {
    const { meters, engines } = inspect(readers);
    for (const offer of [...meters, ...engines]) {
      expect(offerSchema.parse(offer).why).toMatch(/^\S.*\.$/);
    }
  }
});

test('this computer can be described, before there is a data folder', () => {
  const report = describeComputer(
    { dataFolder: `${temporaryFolder()}/not/yet`, version: '1.2.3' },
    undefined,
    hereReaders(),
  );
  expect(computerReportSchema.parse(report)).toMatchObject({
    runtime: { crossover: '1.2.3', node: process.versions.node, sqlite: 'not loaded' },
    data: { databaseVersion: 0, profiles: 0, freeBytes: expect.any(Number) as number },
  });
  expect(report.computer.cores).toBeGreaterThan(0);
});

test('a program is found on the search path, and a folder of that name is not one', () => {
  const [node = '', folder] = [process.execPath, temporaryFolder()];
  const at = node.slice(0, node.lastIndexOf('/'));
  expect(findOnPath('node', `relative:${folder}:${at}`, 'linux')).toBe(`${at}/node`);
  expect(findOnPath('no-such-program', at, 'linux')).toBeUndefined();
  expect(findOnPath('.', folder, 'linux')).toBeUndefined();
});

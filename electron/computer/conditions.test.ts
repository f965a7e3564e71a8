import { expect, test } from 'vitest';
import { checkConditions } from '#core/preflight';
import { conditions, hereConditionReaders, powerState, type ConditionReaders } from './conditions.ts';

const readers = (changes: Partial<ConditionReaders>): ConditionReaders => ({
  platform: 'linux',
  output: () => Promise.resolve(undefined),
  text: () => undefined,
  names: () => [],
  load: () => 0.5,
  cores: 4,
  ...changes,
});

test('a Mac tells its power source, its low-power mode and its temperature', async () => {
  const answers: Record<string, string> = {
    '-g batt': "Now drawing from 'Battery Power'\n -InternalBattery-0 80%; discharging",
    '-g': ' lowpowermode         1\n sleep 1',
    '-g therm': 'CPU_Speed_Limit \t= 70',
  };
  const mac = readers({
    platform: 'darwin',
    output: (_, args) => Promise.resolve(answers[args.join(' ')]),
  });
  expect(await powerState(mac)).toEqual({
    powerSource: 'battery',
    lowPowerMode: true,
    thermal: 'speed limited to 70%',
  });
});

test('a cool Mac on mains', async () => {
  const answers: Record<string, string> = {
    '-g batt': "Now drawing from 'AC Power'",
    '-g': ' lowpowermode         0',
    '-g therm': 'Note: No thermal warning level has been recorded',
  };
  const mac = readers({ platform: 'darwin', output: (_, args) => Promise.resolve(answers[args.join(' ')]) });
  expect(await powerState(mac)).toEqual({ powerSource: 'ac', lowPowerMode: false, thermal: 'nominal' });
});

test('a Linux laptop off its mains is on battery', async () => {
  const files: Record<string, string> = {
    '/sys/class/power_supply/AC/type': 'Mains\n',
    '/sys/class/power_supply/AC/online': '0\n',
    '/sys/class/power_supply/BAT0/type': 'Battery\n',
    '/sys/class/power_supply/BAT0/status': 'Discharging\n',
  };
  const laptop = readers({ names: () => ['AC', 'BAT0'], text: (file) => files[file] });
  expect(await powerState(laptop)).toEqual({ powerSource: 'battery' });
});

test('what a system does not tell is absent', async () => {
  expect(await conditions(readers({}))).toEqual({ backgroundCores: 0.5, cores: 4 });
  expect(await powerState(readers({ platform: 'win32' }))).toEqual({});
  const unknown = await conditions(readers({ load: () => undefined }));
  expect(unknown).toEqual({ cores: 4 });
  const [background] = checkConditions({ ...unknown, keepsAwake: true }).filter(
    ({ id }) => id === 'background',
  );
  expect(background).toMatchObject({
    verdict: 'warning',
    message: 'what else is running could not be found out',
  });
});

test('this computer tells its load where its system keeps one', async () => {
  const { backgroundCores } = await conditions(hereConditionReaders);
  expect(typeof backgroundCores).toBe(process.platform === 'win32' ? 'undefined' : 'number');
});

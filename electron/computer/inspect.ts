import type { ComputerReport, Offer } from '#core/computer';
import type { Readers } from './readers.ts';

/** What a look at the computer finds; the lab adds its own data and the runtime. */
export type Inspection = Pick<ComputerReport, 'computer' | 'meters' | 'engines' | 'missing'>;

/** Looks at the computer: no network, no other program is run, nothing is changed, and it never throws. */
export function inspect(readers: Readers): Inspection {
  const meters = [
    ioReport(readers),
    powermetrics(readers),
    macmon(readers),
    rapl(readers),
    nvidiaSmi(readers),
  ];
  const engines = [
    embedded(),
    server(readers, 'llama-server', 'llama-server', 'llama.cpp'),
    server(readers, 'ollama', 'Ollama', 'Ollama'),
  ];
  return { computer: describe(readers), meters, engines, missing: missing(meters) };
}

function describe(readers: Readers): ComputerReport['computer'] {
  const { chip, cores, memoryBytes, arch } = readers;
  return {
    chip: chip !== '' && chip !== 'unknown' ? chip : chipFromFiles(readers),
    cores,
    memoryBytes,
    os: operatingSystem(readers),
    arch,
  };
}

function chipFromFiles({ readFile }: Readers): string {
  const named = /^(?:model name|Hardware|Model)\s*:\s*(.+)$/m.exec(readFile('/proc/cpuinfo') ?? '')?.[1];
  const board = readFile('/proc/device-tree/model')?.replaceAll('\0', '');
  return (named ?? board ?? 'not known').trim();
}

function operatingSystem({ platform, release, readFile }: Readers): string {
  if (platform === 'darwin') {
    const list = readFile('/System/Library/CoreServices/SystemVersion.plist') ?? '';
    const version = /<key>ProductVersion<\/key>\s*<string>([^<]+)<\/string>/.exec(list)?.[1];
    return version === undefined ? `macOS (Darwin ${release})` : `macOS ${version}`;
  }
  if (platform === 'linux') {
    const name = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(readFile('/etc/os-release') ?? '')?.[1];
    return `${name ?? 'Linux'} (kernel ${release})`;
  }
  return `${platform === 'win32' ? 'Windows' : platform} ${release}`;
}

const onAppleSilicon = ({ platform, arch }: Readers): boolean => platform === 'darwin' && arch === 'arm64';

function ioReport(readers: Readers): Offer {
  return {
    id: 'ioreport',
    name: 'IOReport',
    // The library lives in the system's shared cache, so its file cannot be looked for.
    available: onAppleSilicon(readers),
    why: onAppleSilicon(readers)
      ? 'It is part of macOS on Apple silicon and needs no administrator rights.'
      : 'It is part of macOS on Apple silicon alone.',
    gives: 'energy of CPU, GPU, ANE and DRAM',
  };
}

function powermetrics({ platform, fileExists }: Readers): Offer {
  const available = platform === 'darwin' && fileExists('/usr/bin/powermetrics');
  return {
    id: 'powermetrics',
    name: 'powermetrics',
    available,
    why: available
      ? 'It comes with macOS and needs administrator rights: the window asks for them once a session, on the command line type sudo -v first.'
      : platform === 'darwin'
        ? '/usr/bin/powermetrics is not there, although macOS comes with it.'
        : 'It comes with macOS alone.',
    gives: "power of CPU, GPU and ANE, and each process's share",
  };
}

function macmon(readers: Readers): Offer {
  const found = onAppleSilicon(readers) ? readers.findProgram('macmon') : undefined;
  return {
    id: 'macmon',
    name: 'macmon',
    available: found !== undefined,
    why:
      found !== undefined
        ? `Found at ${found}.`
        : onAppleSilicon(readers)
          ? 'It is not on the path; brew install macmon puts it there.'
          : 'It runs on Macs with Apple silicon alone.',
    gives: 'power of CPU, GPU, ANE and of the whole machine',
  };
}

function rapl({ platform, readFile, fileExists }: Readers): Offer {
  const counter = '/sys/class/powercap/intel-rapl:0/energy_uj';
  const available = platform === 'linux' && readFile(counter) !== undefined;
  return {
    id: 'rapl',
    name: 'RAPL',
    available,
    why: available
      ? `${counter} can be read.`
      : platform !== 'linux'
        ? 'Linux alone offers it.'
        : fileExists(counter)
          ? `${counter} is there, but only root may read it; sudo chmod a+r ${counter} opens it until the next start.`
          : 'This computer has no RAPL counters, or its virtual machine hides them.',
    gives: 'energy of the CPU package',
  };
}

function nvidiaSmi({ findProgram }: Readers): Offer {
  const found = findProgram('nvidia-smi');
  return {
    id: 'nvidia-smi',
    name: 'nvidia-smi',
    available: found !== undefined,
    why: found !== undefined ? `Found at ${found}.` : "It is not on the path; it comes with NVIDIA's driver.",
    gives: 'power of each NVIDIA GPU',
  };
}

function embedded(): Offer {
  return {
    id: 'embedded',
    name: 'Embedded engine',
    available: true,
    why: 'It comes with Crossover. Made-up weights in the shape of a model need no download.',
    gives: 'queries of exactly m input and n output tokens, with no server',
  };
}

function server({ findProgram }: Readers, program: string, name: string, project: string): Offer {
  const found = findProgram(program);
  return {
    id: program,
    name,
    available: found !== undefined,
    why:
      found !== undefined ? `Found at ${found}.` : `${program} is not on the path; it comes with ${project}.`,
    gives: `queries on a model that ${project} serves`,
  };
}

function missing(meters: readonly Offer[]): string[] {
  const found = meters.filter((meter) => meter.available);
  if (found.length > 0) return [];
  return [
    'No power meter was found on this computer: measuring energy needs a Mac with Apple silicon, a Linux computer ' +
      'with RAPL, or an NVIDIA GPU. Without one, --meter estimate:WATTS computes an estimate from a stated power, ' +
      'and says so everywhere. Bundled profiles need no meter: the way to a report works here all the same.',
  ];
}

/**
 * What common devices can draw at most and draw when idle, W.
 *
 * Sources: the makers' data sheets for the maximum of a board ("NVIDIA A100 Tensor Core GPU Datasheet", and so on for
 * V100, T4, A10, A30, A40, L4, L40, L40S, H100, H200, B200, GB200, RTX; "AMD Instinct MI250X, MI300X Data Sheet"), SXM where
 * there are several. Macs: what the whole machine draws from the wall, from Apple's "Mac mini" and "Mac Studio power
 * consumption and thermal output" (support.apple.com/103253 and 102027); for chips of portable Macs alone, the adapter
 * that comes with them. Idle powers of GPUs are what the logs of the paper and of Zeus show, or a tenth of the maximum.
 */
export interface Device {
  readonly name: string;
  /** of one device */
  readonly ratedW: number;
  readonly idleW: number;
  /** `soc`: CPU and GPU together in a Mac; `gpu`: one board */
  readonly kind: 'gpu' | 'soc';
}

const gpu = (pattern: string, name: string, ratedW: number, idleW: number): readonly [RegExp, Device] => [
  new RegExp(String.raw`(?<![a-z0-9])(?:${pattern})(?![a-z0-9])`, 'i'),
  { name, ratedW, idleW, kind: 'gpu' },
];
const soc = (chip: string, ratedW: number): readonly [RegExp, Device] => [
  new RegExp(String.raw`(?<![a-z0-9])${chip.replace(' ', String.raw`[\s_-]*`)}(?![a-z0-9])`, 'i'),
  { name: chip, ratedW, idleW: 0.05, kind: 'soc' },
];

/** The more exact names come first. */
const DEVICES: readonly (readonly [RegExp, Device])[] = [
  gpu('gb200', 'GB200', 1200, 120),
  gpu('b200', 'B200', 1000, 100),
  gpu('b100', 'B100', 700, 80),
  gpu('gh200', 'GH200', 1000, 80),
  gpu('h200', 'H200', 700, 70),
  gpu('h100|h800', 'H100', 700, 60),
  gpu('h20', 'H20', 500, 50),
  gpu('a100|a800', 'A100', 400, 40),
  gpu('v100', 'V100', 300, 22),
  gpu('p100', 'P100', 300, 25),
  gpu('l40s', 'L40S', 350, 30),
  gpu('l40', 'L40', 300, 30),
  gpu('l4', 'L4', 72, 10),
  gpu('t4', 'T4', 70, 8),
  gpu('a10g', 'A10G', 300, 15),
  gpu('a10', 'A10', 150, 15),
  gpu('a30', 'A30', 165, 20),
  gpu('a40', 'A40', 300, 20),
  gpu('(?:rtx[\\s_-]*)?a6000|6000[\\s_-]*ada', 'RTX 6000', 300, 15),
  gpu('(?:rtx[\\s_-]*)?5090', 'RTX 5090', 575, 15),
  gpu('(?:rtx[\\s_-]*)?4090', 'RTX 4090', 450, 10),
  gpu('(?:rtx[\\s_-]*)?3090', 'RTX 3090', 350, 10),
  gpu('mi325x?', 'MI325X', 1000, 100),
  gpu('mi300x?', 'MI300X', 750, 90),
  gpu('mi250x?', 'MI250X', 560, 80),
  soc('M1 Ultra', 215),
  soc('M1 Max', 115),
  soc('M1 Pro', 96),
  soc('M1', 39),
  soc('M2 Ultra', 295),
  soc('M2 Max', 145),
  soc('M2 Pro', 100),
  soc('M2', 50),
  soc('M3 Ultra', 270),
  soc('M3 Max', 140),
  soc('M3 Pro', 96),
  soc('M3', 70),
  soc('M4 Max', 145),
  soc('M4 Pro', 140),
  soc('M4', 65),
  soc('M5 Max', 140),
  soc('M5 Pro', 140),
  soc('M5', 70),
];

/** The device that a text speaks of, "argonne-swing, 8 x A100 40 GB"; undefined when it names none that is known. */
export function deviceOf(text: string): Device | undefined {
  return DEVICES.find(([pattern]) => pattern.test(text))?.[1];
}

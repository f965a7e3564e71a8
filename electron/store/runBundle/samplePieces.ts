import type { LabError } from '#core/errors';
import type { EnergySample } from '#core/meter';
import { MOST_IN_PIECE } from '#core/runBundle';
import { decodeSamples, encodeSamples, sampleAt } from '../sampleChunk.ts';

const LENGTH_BYTES = 4;
/** Where a piece says how many samples it has. */
const COUNT_AT = 4;
/** Longer than any piece of so many samples, with every rail: 12 columns of doubles. */
const LONGEST_PIECE = 1024 + 12 * 8 * MOST_IN_PIECE;

/**
 * The samples of a bundle, piece by piece.
 * @param content the bytes of samples.bin, cut anywhere
 * @param broken the error for what is no piece, out of order, or not exactly what Crossover writes
 */
export function* samplePieces(
  content: Iterable<Uint8Array>,
  broken: (reason: string) => LabError,
): Generator<EnergySample[]> {
  let rest = Buffer.alloc(0);
  let latestS = -Infinity;
  let fewer = false;
  for (const bytes of content) {
    rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
    let at = 0;
    for (;;) {
      if (rest.length - at < LENGTH_BYTES) break;
      const length = rest.readUInt32LE(at);
      if (length > LONGEST_PIECE || length < COUNT_AT + LENGTH_BYTES)
        throw broken('its samples are not readable');
      if (rest.length - at - LENGTH_BYTES < length) break;
      const samples = decodePiece(rest.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length), broken);
      if (fewer) throw broken('a piece of its samples within them is not full');
      fewer = samples.length < MOST_IN_PIECE;
      for (const sample of samples) {
        const { startS, endS } = sample;
        if (!(startS >= latestS && endS > startS && Number.isFinite(endS))) {
          throw broken('its samples are not in the order of time');
        }
        if (!isMeasured(sample)) throw broken('an energy among its samples is no number');
        latestS = startS;
      }
      yield samples;
      at += LENGTH_BYTES + length;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw broken('its samples are cut');
}

function isMeasured({ energyJ, cpuShare = 0 }: EnergySample): boolean {
  return Object.values(energyJ).every(Number.isFinite) && cpuShare >= 0 && cpuShare <= 1;
}

/** Written again, the samples must be the same bytes: then nothing of them is unknown here, and nothing is lost. */
function decodePiece(bytes: Buffer, broken: (reason: string) => LabError): EnergySample[] {
  const count = bytes.readUInt32LE(COUNT_AT);
  if (count === 0 || count > MOST_IN_PIECE) throw broken(`a piece of its samples has ${count}`);
  let samples: EnergySample[];
  try {
    const columns = decodeSamples(bytes);
    samples = Array.from({ length: count }, (_, i) => sampleAt(columns, i));
    if (Buffer.compare(encodeSamples(samples), bytes) === 0) return samples;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  throw broken('its samples are not what Crossover writes');
}

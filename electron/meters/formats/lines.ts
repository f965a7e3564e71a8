import { LabError } from '#core/errors';

/** No line, sample or document of a power log is longer; what is, is not a power log. */
const LONGEST = 16 * 1024 * 1024;

/** Cuts text that comes in pieces at a mark; what follows the last mark stays until more comes. */
export function splitter(mark: string): {
  push: (text: string) => string[];
  /** What is left after the last mark. */
  rest: () => string;
} {
  /** what follows the last mark, in the pieces in which it came, so that a long one is not searched again and again */
  let open: string[] = [];
  let length = 0;
  /** its end, in which a mark may have begun */
  let end = '';
  const follow = (text: string): void => {
    open.push(text);
    length += text.length;
    end = mark.length === 1 ? '' : (end + text).slice(1 - mark.length);
    checkLength(length);
  };
  return {
    push: (text) => {
      const [first = '', ...pieces] = (end + text).split(mark);
      if (pieces.length === 0) {
        follow(text);
        return [];
      }
      const wholeLength = length - end.length + first.length;
      open.push(text.slice(0, Math.max(0, wholeLength - length)));
      pieces.unshift(open.join('').slice(0, wholeLength));
      [open, length, end] = [[], 0, ''];
      follow(pieces.pop()!);
      return pieces;
    },
    rest: () => open.join(''),
  };
}

/** @throws LabError "bad-trace" */
function checkLength(length: number): void {
  if (length <= LONGEST) return;
  throw new LabError(
    'bad-trace',
    'A single sample of the power log is longer than 16 MB, so it is none.',
    'Nothing was read from it. Check that the file is a power log as its tool wrote it.',
  );
}

/** Lines, without their ends. */
export function lineSplitter(): ReturnType<typeof splitter> {
  const { push, rest } = splitter('\n');
  const bare = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
  return { push: (text) => push(text).map(bare), rest: () => bare(rest()) };
}

/** The cells of a line of CSV without quotes, trimmed. */
export function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim());
}

/**
 * A number at the start of a cell, whatever unit follows ("52.88 W").
 * @returns undefined for "[N/A]", an empty cell and the like
 */
export function numberIn(cell: string | undefined): number | undefined {
  const match = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i.exec(cell?.trim() ?? '');
  return match === null ? undefined : Number(match[0]);
}

const TASKS = '<key>tasks</key>';
const PID = '<key>pid</key>';

/**
 * A property list of powermetrics with only some of its tasks. It holds hundreds, with all that is known of each, five
 * times a second: to read them all would take several hundredths of a core, and two or three are of interest.
 * @param pids the processes to keep; all tasks together are kept too
 * @returns the list as it was where its tasks are not in the usual form, or are not summed up
 */
export function withFewTasks(xml: string, pids: readonly number[]): string {
  const from = xml.indexOf(TASKS);
  const start = xml.indexOf('<array>', from) + '<array>'.length;
  if (from < 0 || xml.slice(from + TASKS.length, start).trim() !== '<array>') return xml;
  const wanted = new Set(pids);
  const kept: string[] = [];
  let isSummed = false;
  let last = -1;
  for (let at = xml.indexOf(PID, start); at >= 0; at = xml.indexOf(PID, at + PID.length)) {
    last = at;
    const pid = integerAfter(xml, at + PID.length);
    if (pid !== -2 && !(pid !== undefined && wanted.has(pid))) continue;
    const [opening, closing] = dictAround(xml, at);
    if (opening < start || closing < 0) return xml;
    kept.push(xml.slice(opening, closing));
    isSummed ||= pid === -2;
  }
  // The list ends after its last task.
  const end = last < 0 ? -1 : dictAround(xml, last)[1];
  if (end < 0 || !/^\s*<\/array>/.test(xml.slice(end, end + 60))) return xml;
  isSummed ||= xml.includes('<key>all_tasks</key>', end);
  return isSummed ? `${xml.slice(0, start)}${kept.join('')}${xml.slice(end)}` : xml;
}

/** Where the dictionary begins and ends that a key at `at` is in; −1 where it does not end. */
function dictAround(xml: string, at: number): [opening: number, closing: number] {
  const opening = xml.lastIndexOf('<dict>', at);
  let depth = 1;
  let next = xml.indexOf('<dict>', at);
  for (let close = xml.indexOf('</dict>', at); close >= 0; close = xml.indexOf('</dict>', close + 1)) {
    for (; next >= 0 && next < close; next = xml.indexOf('<dict>', next + 1)) depth += 1;
    depth -= 1;
    if (depth === 0) return [opening, close + '</dict>'.length];
  }
  return [opening, -1];
}

/** The integer of the element that follows; undefined where none does. */
function integerAfter(xml: string, from: number): number | undefined {
  const match = /^\s*<integer>\s*(-?\d+)\s*<\/integer>/.exec(xml.slice(from, from + 60));
  return match === null ? undefined : Number(match[1]);
}

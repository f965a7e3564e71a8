const DAY_S = 86_400;

/**
 * Dates and times such as "2024/04/02 07:36:21.246", as s since the first day's midnight, so that small numbers keep
 * their milliseconds. Logs have no zone, and only differences count.
 * @returns a function that gives undefined for anything else, cut ones included
 */
export function wallClock(): (text: string) => number | undefined {
  let origin: number | undefined;
  return (text) => {
    const match = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d)\.(\d{1,9})$/.exec(text.trim());
    if (match === null) return undefined;
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
    const midnight = Date.UTC(year!, month! - 1, day) / 1000;
    origin ??= midnight;
    return midnight - origin + hour! * 3600 + minute! * 60 + Number(`${second}.${match[7]}`);
  };
}

/** Times of day such as "7:36:22:035" as seconds that go on after midnight. */
export function timeOfDay(): (text: string) => number | undefined {
  let days = 0;
  let last = 0;
  return (text) => {
    const match = /^(\d{1,2}):(\d\d):(\d\d)[:.](\d{1,3})$/.exec(text.trim());
    if (match === null) return undefined;
    const [hour, minute, second] = match.slice(1, 4).map(Number);
    const ofDay = hour! * 3600 + minute! * 60 + second! + Number(match[4]!.padEnd(3, '0')) / 1000;
    if (ofDay + days * DAY_S < last - DAY_S / 2) days += 1;
    last = ofDay + days * DAY_S;
    return last;
  };
}

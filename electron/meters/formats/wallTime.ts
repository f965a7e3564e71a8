const DAY_S = 86_400;

/**
 * Dates and times such as "2024/04/02 07:36:21.246", as s since the first day's midnight, so that small numbers keep
 * their milliseconds. Logs have no zone: the midnight is told as if it were one of UTC.
 */
export function wallClock(): {
  /** undefined for anything else, cut ones included */
  read: (text: string) => number | undefined;
  /** the first day's midnight, s since 1970; undefined before the first time */
  originS: () => number | undefined;
} {
  let origin: number | undefined;
  return {
    read: (text) => {
      const match = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d)\.(\d{1,9})$/.exec(text.trim());
      if (match === null) return undefined;
      const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
      const midnight = Date.UTC(year!, month! - 1, day) / 1000;
      origin ??= midnight;
      return midnight - origin + hour! * 3600 + minute! * 60 + Number(`${second}.${match[7]}`);
    },
    originS: () => origin,
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

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The midnight of a day such as "Apr-02-2024_07-36-21", s since 1970, as if it were one of UTC. */
export function midnightOf(text: string): number | undefined {
  const match = /^([A-Z][a-z]{2})-(\d\d)-(\d{4})_/.exec(text.trim());
  const month = MONTHS.indexOf(match?.[1] ?? '');
  return match === null || month < 0 ? undefined : Date.UTC(Number(match[3]), month, Number(match[2])) / 1000;
}

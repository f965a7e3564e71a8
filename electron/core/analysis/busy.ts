/** How busy the devices of one system are in the mean. */
export interface Busy {
  /** devices that are busy in the mean (erlang); it can be more than there are */
  readonly busy: number;
  /** share of its devices' time that they are busy; null without devices; 1 or more: the queue grows without end */
  readonly utilisation: number | null;
}

/**
 * How busy devices are that take one query at a time.
 * @param busyS runtimes of the queries that a system takes, s in all
 * @param spanS how long those queries take to arrive, s
 */
export function busyOf(busyS: number, spanS: number, devices: number): Busy {
  return { busy: busyS / spanS, utilisation: devices === 0 ? null : busyS / (devices * spanS) };
}

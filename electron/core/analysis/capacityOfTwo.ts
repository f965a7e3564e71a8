/** What an optimum adds up to. Of several assignments in given shares, these are in the same shares. */
interface Load {
  readonly cost: number;
  readonly energyJ: number;
  readonly runtimeS: number;
  /** s of work for the devices of each system */
  readonly firstS: number;
  readonly secondS: number;
  /** queries on the first system */
  readonly taken: number;
}

/** What the optimum under a capacity adds up to. */
export type OptimumOfTwo = Omit<Load, 'firstS' | 'secondS'>;

/** What the queries of each pair cost on two systems, and how many there are. */
export interface TwoSystems {
  readonly count: Float64Array;
  readonly energyJ: readonly [Float64Array, Float64Array];
  readonly runtimeS: readonly [Float64Array, Float64Array];
  readonly form: { readonly perJoule: number; readonly perSecond: number };
}

/**
 * Finds the least cost that the devices of two systems can carry, exactly and without a program, again and again for other
 * costs of the same number of pairs.
 *
 * Where the time of one system alone is short, this is a fractional knapsack: queries leave it in the order of what leaving
 * costs per second, and at the end those of one pair are shared out. Where both are short, the time of the second gets
 * a price: the least cost plus priced time is a knapsack again, concave and piecewise linear in the price, and where two
 * knapsacks of the same price lie on both sides of the limit, the optimum is both of them in shares (G. B. Dantzig,
 * "Discrete-variable extremum problems", Operations Research 5 (1957); J. E. Kelley, "The cutting-plane method", 1960).
 */
export class CapacityOfTwo {
  private readonly gain: Float64Array;
  private readonly order: Uint32Array;
  private readonly ratio: Float64Array;

  constructor(size: number) {
    this.gain = new Float64Array(size);
    this.ratio = new Float64Array(size);
    this.order = new Uint32Array(size);
  }

  /**
   * @param firstS s that the devices of the first system have while the queries come
   * @param secondS the same of the second
   * @returns undefined where they cannot carry the queries, however they are sent
   */
  find(systems: TwoSystems, firstS: number, secondS: number): OptimumOfTwo | undefined {
    const free = this.knapsack(systems, Infinity, 0);
    if (within(free.firstS, firstS) && within(free.secondS, secondS)) return free;
    if (within(free.secondS, secondS)) {
      const held = this.knapsack(systems, firstS, 0);
      if (within(held.firstS, firstS) && within(held.secondS, secondS)) return held;
    }
    return this.priced(systems, firstS, secondS);
  }

  /** The optimum where the second system's time is short, whether or not the first's is. */
  private priced(systems: TwoSystems, firstS: number, secondS: number): OptimumOfTwo | undefined {
    let over = this.knapsack(systems, firstS, 0);
    if (within(over.secondS, secondS)) return over;
    let under = this.knapsack(systems, firstS, Infinity);
    if (!within(under.secondS, secondS)) return undefined;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const price = (under.cost - over.cost) / (over.secondS - under.secondS);
      if (!(price >= 0 && price < Infinity)) break;
      const next = this.knapsack(systems, firstS, price);
      const least = over.cost + price * over.secondS;
      if (!(next.cost + price * next.secondS < least - SAME * Math.abs(least))) break;
      if (next.secondS > secondS) over = next;
      else under = next;
    }
    const share = (over.secondS - secondS) / (over.secondS - under.secondS);
    return mixed(over, under, Math.min(1, Math.max(0, share)));
  }

  /**
   * The least cost, each second of the second system at a price, with the first held to its time; at an infinite price
   * the second's time alone counts.
   */
  private knapsack(systems: TwoSystems, firstS: number, price: number): Load {
    const { count, energyJ, runtimeS, form } = systems;
    const { gain, ratio, order } = this;
    let used = 0;
    let candidates = 0;
    const sum = { cost: 0, energyJ: 0, runtimeS: 0, firstS: 0, secondS: 0, taken: 0 };
    const add = (i: number, system: 0 | 1, queries: number): void => {
      const energy = queries * energyJ[system][i]!;
      const runtime = queries * runtimeS[system][i]!;
      sum.energyJ += energy;
      sum.runtimeS += runtime;
      sum.cost += form.perJoule * energy + form.perSecond * runtime;
      if (system === 0) {
        sum.firstS += runtime;
        sum.taken += queries;
      } else {
        sum.secondS += runtime;
      }
    };
    for (let i = 0; i < count.length; i++) {
      const costs = (system: 0 | 1): number =>
        form.perJoule * energyJ[system][i]! + form.perSecond * runtimeS[system][i]!;
      // What a query saves by going to the first system.
      gain[i] = price === Infinity ? runtimeS[1][i]! : costs(1) + price * runtimeS[1][i]! - costs(0);
      if (gain[i]! >= 0 && count[i]! > 0) {
        ratio[i] = gain[i]! / runtimeS[0][i]!;
        order[candidates++] = i;
        used += count[i]! * runtimeS[0][i]!;
      } else {
        add(i, 1, count[i]!);
      }
    }
    this.fill(firstS, candidates, used, count, runtimeS[0], add);
    return sum;
  }

  /**
   * Sends candidates to the first system, the greatest gain per second first, until its time is used up, and the others to
   * the second. Only where the time ends is looked for, by ever smaller parts: nothing is sorted.
   */
  private fill(
    firstS: number,
    candidates: number,
    used: number,
    count: Float64Array,
    runtimeS: Float64Array,
    add: (i: number, system: 0 | 1, queries: number) => void,
  ): void {
    const { order, ratio } = this;
    const send = (from: number, to: number, system: 0 | 1, share = 1): void => {
      for (let k = from; k < to; k++) add(order[k]!, system, share * count[order[k]!]!);
    };
    let low = 0;
    let high = candidates;
    let left = firstS;
    if (used <= left) {
      send(low, high, 0);
      return;
    }
    while (low < high) {
      const pivot = medianOfThree(
        ratio[order[low]!]!,
        ratio[order[(low + high) >> 1]!]!,
        ratio[order[high - 1]!]!,
      );
      // Greater ones before `from`, smaller ones from `to` on.
      let [from, at, to] = [low, low, high];
      let greaterS = 0;
      let equalS = 0;
      while (at < to) {
        const i = order[at]!;
        const workS = count[i]! * runtimeS[i]!;
        if (ratio[i]! > pivot) {
          greaterS += workS;
          order[at++] = order[from]!;
          order[from++] = i;
        } else if (ratio[i]! < pivot) {
          order[at] = order[--to]!;
          order[to] = i;
        } else {
          equalS += workS;
          at += 1;
        }
      }
      if (greaterS > left) {
        send(from, high, 1);
        high = from;
        continue;
      }
      send(low, from, 0);
      left -= greaterS;
      if (equalS > left) {
        // One is as good as the other: each gives the same share.
        const share = Math.max(0, left / equalS);
        send(from, to, 0, share);
        send(from, to, 1, 1 - share);
        send(to, high, 1);
        return;
      }
      send(from, to, 0);
      left -= equalS;
      low = to;
    }
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** So many prices are tried at most; each lies closer to the one that counts, and a few suffice. */
const MOST_ROUNDS = 60;
const SAME = 1e-12;

/** Whether work fits into time, rounding aside. */
function within(work: number, time: number): boolean {
  return work <= time * (1 + 1e-12);
}

function mixed(a: Load, b: Load, share: number): Load {
  const mix = (of: (load: Load) => number): number => of(a) + share * (of(b) - of(a));
  return {
    cost: mix(({ cost }) => cost),
    energyJ: mix(({ energyJ }) => energyJ),
    runtimeS: mix(({ runtimeS }) => runtimeS),
    firstS: mix(({ firstS }) => firstS),
    secondS: mix(({ secondS }) => secondS),
    taken: mix(({ taken }) => taken),
  };
}

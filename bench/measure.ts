import type { Contender } from './contender.ts';
import { type LoadResult, runLoad, type WireRequest } from './load.ts';
import { cpuOf, cpuOfTree } from './processes.ts';
import { inTurn } from './requests.ts';

/** A slice of load on one contender. */
export type Slice = {
  /** Requests a second. */
  readonly rate: number;
  /** Microseconds of CPU a request: of the server, and of all of Postgres' processes. */
  readonly server: number;
  readonly postgres: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
};

/** How long each warms up: so long after its first request a server still compiles what it runs most. */
export const WARM_SECONDS = 6;

/** Someone who can be measured. */
export type Measurable = {
  readonly name: string;
  /** `warming`: as fast as it goes, and answers that are not good are no failure yet. */
  readonly slice: (seconds: number, warming?: boolean) => Promise<Slice>;
};

/** What several rounds came to: medians, and ratios within each round. */
export type Measured = Slice & {
  readonly name: string;
  /** The first contender's rate, Postgres' CPU and p99 to this one's. */
  readonly ratio: number;
  readonly postgresRatio: number;
  readonly p99Ratio: number;
};

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half] as number;
  return ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
};

/** A server under load. */
export const underLoad = (
  contender: Contender,
  postgres: number,
  load: { readonly requests: readonly WireRequest[]; readonly connections: number; readonly rate?: number },
): Measurable => ({
  name: contender.name,
  slice: async (seconds, warming = false) => {
    const next = inTurn(load.requests);
    const before = [cpuOf(contender.pid), cpuOfTree(postgres)] as const;
    const { port } = contender;
    const { rate, ...asking } = load;
    const result: LoadResult = await runLoad({
      port,
      seconds,
      next,
      ...asking,
      rate: warming ? undefined : rate,
    });
    if (result.failures > 0 && !warming)
      throw new Error(
        `${contender.name}: ${result.failures} answers were not good, such as ${result.failure}`,
      );
    const each = (now: number, then: number): number => ((now - then) / result.requests) * 1e6;
    return {
      rate: result.requests / result.seconds,
      server: each(cpuOf(contender.pid), before[0]),
      postgres: each(cpuOfTree(postgres), before[1]),
      p50: result.p50,
      p99: result.p99,
    };
  },
});

/** Measures in slices, each contender in turn, so that what else the machine does hits all alike. */
export const measure = async (
  contenders: readonly Measurable[],
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
): Promise<readonly Measured[]> => {
  const slices = contenders.map((): Slice[] => []);
  for (const contender of contenders) await contender.slice(WARM_SECONDS, true);
  for (let round = 0; round < rounds; round++)
    // Who follows whom changes with each round.
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (turn + round) % contenders.length;
      slices[at]?.push(await (contenders[at] as Measurable).slice(seconds));
    }
  const [first = []] = slices;
  return contenders.map(({ name }, at) => {
    const mine = slices[at] ?? [];
    const middle = (of: (slice: Slice) => number): number => median(mine.map(of));
    const ratio = (of: (slice: Slice) => number): number =>
      median(mine.map((slice, round) => of(first[round] as Slice) / of(slice)));
    return {
      name,
      rate: middle(({ rate }) => rate),
      server: middle(({ server }) => server),
      postgres: middle(({ postgres }) => postgres),
      p50: middle(({ p50 }) => p50),
      p99: middle(({ p99 }) => p99),
      ratio: ratio(({ rate }) => rate),
      postgresRatio: ratio(({ postgres }) => postgres),
      p99Ratio: ratio(({ p99 }) => p99),
    };
  });
};

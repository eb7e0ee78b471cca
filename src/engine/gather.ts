import type { Outcome, Statement } from '../db/index.ts';
import { isPgError } from '../db/index.ts';
import { findColumn, findRelation, type ModelIndex } from '../model/index.ts';
import { countOnceSql, gatherSql } from '../query/index.ts';
import type { AnswerBody } from './answer.ts';
import { bindParams } from './bind.ts';
import type { Job } from './job.ts';
import { readNumber } from './outcome.ts';

/** Pages of this many bytes lately are gathered. */
const LARGEST = 64 * 1024;

/** So many rows may be held at once to be counted. */
const MOST_HELD = 1000;

/** The page and its total from one look at the rows, if that is to be had and there never were many. */
const countedStatement = ({ cached, ask, circumstances }: Job, index: ModelIndex): Statement | undefined => {
  if (cached.most === undefined || cached.most > MOST_HELD) return undefined;
  cached.counted ??=
    countOnceSql(cached.plan, (name, column) => {
      const relation = findRelation(index, name);
      if (relation?.kind !== 'table') return false;
      return column === '*' || findColumn(index, relation, column) !== undefined;
    }) ?? 'never';
  if (cached.counted === 'never') return undefined;
  const { text, params } = cached.counted;
  return { text, key: `${cached.key}:counted`, params: bindParams(params, ask, circumstances) };
};

/**
 * The main statement with its rows gathered into one value: a message of the protocol for each row costs more than the
 * row, here and in Postgres. Only for pages that are known to be small, as Postgres holds all of it in its memory;
 * undefined for all others.
 */
export const gatheredStatement = (job: Job, index: ModelIndex): Statement | undefined => {
  const { cached, main } = job;
  if (cached.largest === undefined || cached.largest > LARGEST) return undefined;
  const counted = countedStatement(job, index);
  if (counted !== undefined) return counted;
  cached.gathered ??= gatherSql(cached.plan) ?? 'never';
  if (cached.gathered === 'never') return undefined;
  return { text: cached.gathered, key: `${cached.key}:gathered`, params: main.params };
};

/** What a gathered page came to. */
export type Gathered = {
  readonly body: AnswerBody;
  readonly rows: number;
  readonly total: number | undefined;
};

/** Reads the one row of a gathered page: all rows as they go out, their number, and the total where one is told. */
export const readGathered = ({ rows: [row] }: Outcome): Gathered => ({
  // The row is a view of what the network gave, which must not be kept for so little.
  body: { kind: 'whole', bytes: Buffer.from(row?.[0] ?? '[]') },
  rows: readNumber(row?.[1]) ?? 0,
  total: readNumber(row?.[2]),
});

/** Whether a page was too much to be one value: out of memory (53200), or longer than a value can be (54000). */
export const isTooMuch = (error: unknown): boolean =>
  isPgError(error) && (error.code === '53200' || error.code === '54000');

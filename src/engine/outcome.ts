import { problem, Refusal } from '../base/index.ts';
import { countAffected, type Outcome, type Row } from '../db/index.ts';
import type { Guard, Plan } from '../plan/index.ts';
import { type Compiled, versionOf } from '../query/index.ts';
import type { Ask } from '../request/index.ts';
import type { Answer, AnswerBody } from './answer.ts';
import { addRows, emptyCsv, Frame, type Framing, framingOf } from './frame.ts';
import type { Job } from './job.ts';
import type { StreamColumns } from './stream.ts';

const NOTHING = Buffer.alloc(0);
const NULL_JSON = Buffer.from('null');
const NEWLINE = Buffer.from('\n');

/** Postgres' type oid of bytea (pg_type.dat). */
const BYTEA = 17;

const readText = (value: Buffer | null | undefined): string | undefined => value?.toString('utf8');

export const readNumber = (value: Buffer | null | undefined): number | undefined =>
  value ? Number(value.toString('latin1')) : undefined;

/** What functions of the database have set for the answer's head, and the rows a write inserted. */
export type ResponseSettings = {
  readonly headers: string | undefined;
  readonly status: string | undefined;
  readonly inserted: number | undefined;
};

export const NO_SETTINGS: ResponseSettings = { headers: undefined, status: undefined, inserted: undefined };

/** Reads the outcome of `ASK_RESPONSE`. */
export const readResponse = (outcome: Outcome | undefined): ResponseSettings => {
  const row = outcome?.rows[0];
  return row === undefined
    ? NO_SETTINGS
    : { headers: readText(row[0]), status: readText(row[1]), inserted: readNumber(row[2]) };
};

/** The outcomes of a job's statements, told apart. */
export type JobOutcomes = {
  readonly main: Outcome;
  readonly estimate: Outcome | undefined;
  readonly response: ResponseSettings;
};

/** Tells the outcomes of `jobStatements` apart. */
export const readOutcomes = (job: Job, outcomes: readonly Outcome[]): JobOutcomes => {
  const after = job.preamble.length + (job.estimate === undefined ? 0 : 1);
  const main = outcomes[after];
  if (main === undefined) throw new TypeError('the main statement has no outcome');
  return {
    main,
    estimate: job.estimate === undefined ? undefined : outcomes[after - 1],
    response: job.asksResponse ? readResponse(outcomes[after + 1]) : NO_SETTINGS,
  };
};

/** The number of rows that Postgres' planner expects (`EXPLAIN (FORMAT JSON)`). */
export const readEstimate = (outcome: Outcome | undefined): number | undefined => {
  const value = outcome?.rows[0]?.[0];
  if (!value) return undefined;
  const plans = JSON.parse(value.toString('utf8')) as readonly {
    readonly Plan?: { readonly 'Plan Rows'?: number };
  }[];
  return plans[0]?.Plan?.['Plan Rows'];
};

/** The column of the main statement that tells the total, if one does. */
export const totalColumn = ({ second, third }: Compiled): number | undefined =>
  third === 'total' ? 2 : second === 'total' ? 1 : undefined;

/** Which columns of the main statement tell more than their row. */
export const streamColumns = (plan: Plan, compiled: Compiled): StreamColumns => ({
  total: totalColumn(compiled),
  header: plan.output.mode === 'csv' ? 1 : undefined,
});

const whole = (bytes: Buffer): AnswerBody => ({ kind: 'whole', bytes });

/** EXPLAIN gives a row for each line of text, and one for JSON. */
export const explainBody = (rows: readonly Row[]): AnswerBody =>
  whole(Buffer.concat(rows.flatMap((row) => [row[0] ?? NOTHING, NEWLINE])));

/** The framing of an output that has rows. */
export const requireFraming = (plan: Plan): Framing => {
  const framing = framingOf(plan.output);
  if (framing === undefined) throw new TypeError(`output ${plan.output.mode} has no rows`);
  return framing;
};

/** Rows, framed. */
export const framedBody = (plan: Plan, rows: readonly Row[]): AnswerBody => {
  const csv = plan.output.mode === 'csv';
  if (csv && rows.length === 0) return whole(emptyCsv);
  const frame = new Frame(requireFraming(plan));
  addRows(frame, rows, csv);
  frame.close();
  return whole(frame.take());
};

/** A handler's value: bytes as bytes, anything else as its text. */
const handlerBody = (main: Outcome): AnswerBody => {
  const value = main.rows[0]?.[0] ?? NOTHING;
  const isBytes = main.columns?.[0]?.type === BYTEA && value.length > 0;
  return whole(isBytes ? Buffer.from(value.toString('latin1', 2), 'hex') : Buffer.from(value));
};

/** The body of an answer and the number of rows in it. */
export const makeBody = (plan: Plan, main: Outcome): { readonly body: AnswerBody; readonly rows: number } => {
  const { rows } = main;
  switch (plan.output.mode) {
    case 'none': {
      const count =
        plan.verb !== 'write'
          ? (readNumber(rows[0]?.[1]) ?? 0)
          : plan.location === undefined
            ? countAffected(main.command)
            : rows.length;
      return { body: whole(NOTHING), rows: count };
    }
    case 'value':
      return {
        body: whole(Buffer.from(rows[0]?.[0] ?? NULL_JSON)),
        rows: plan.singleRow ? 1 : countAffected(main.command),
      };
    case 'handler':
      return { body: handlerBody(main), rows: readNumber(rows[0]?.[1]) ?? 0 };
    default:
      return { body: framedBody(plan, rows), rows: rows.length };
  }
};

const refuseIf = (guard: Guard, ask: Ask, rows: number): void => {
  switch (guard.kind) {
    case 'single':
      if (rows !== 1) throw new Refusal(problem('PGRST116', { details: `The result contains ${rows} rows` }));
      break;
    case 'max-affected':
      if (rows > (ask.preferences.maxAffected ?? rows))
        throw new Refusal(problem('PGRST124', { details: `The query affects ${rows} rows` }));
      break;
    case 'put-key':
      if (rows !== 1) throw new Refusal(problem('PGRST115'));
      break;
    case 'item':
      if (rows === 0) throw new Refusal(problem('ASH404'));
  }
};

/** @throws Refusal where the number of rows is not what the request allows */
export const checkGuards = (plan: Plan, ask: Ask, rows: number): void => {
  for (const guard of plan.guards) refuseIf(guard, ask, rows);
};

/** Where to find the row that was inserted; only if it was one. */
export const readLocation = (plan: Plan, rows: readonly Row[]): Answer['location'] => {
  const [row] = rows;
  if (row === undefined || rows.length !== 1 || plan.location === undefined) return undefined;
  return [...plan.location].sort().map((column, i) => [column, readText(row[i]) ?? null] as const);
};

/** The version of the row that an answer is about, and when it was changed. */
export const readVersion = (
  { version }: Compiled,
  row: Row | undefined,
): Pick<Answer, 'version' | 'modified'> => {
  if (version === undefined || row === undefined) return {};
  const told = row[version.tag === 'row' ? 0 : version.tag] ?? undefined;
  const tag = version.tag === 'row' ? told && versionOf(told) : told?.toString('latin1');
  const modified = version.modified === undefined ? undefined : readNumber(row[version.modified]);
  return { ...(tag === undefined ? {} : { version: tag }), ...(modified === undefined ? {} : { modified }) };
};

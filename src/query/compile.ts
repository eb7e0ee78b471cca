import { type Explain, type Plan, SCALAR } from '../plan/index.ts';
import { callSql } from './call.ts';
import { countSql, readSql } from './read.ts';
import { INSERTED, writeSql } from './write.ts';
import { makeWriter, nameSql, type PlanStatement, RESULT, type Writer } from './writer.ts';

/**
 * The statements of a plan. The main one gives one row for each row of the answer (or one row, see
 * `Output`), its first column the row as it goes out. Where rows are counted apart, the second is
 * the total.
 */
export type Compiled = {
  readonly main: PlanStatement;
  /** The main statement's second column: the total of rows, or the number of rows that went into the one. */
  readonly second: 'total' | 'rows' | 'csv header' | undefined;
  /** And its third column. */
  readonly third: 'total' | undefined;
  /** Counts the rows by itself, where the page has none that could carry the total. */
  readonly total: PlanStatement | undefined;
  /** Postgres' estimate of the number of rows (`EXPLAIN`). */
  readonly estimate: PlanStatement | undefined;
  /** The values are columns of text, those of the primary key. */
  readonly location: boolean;
};

/** `response.headers`, `response.status` and the number of inserted rows, after the main statement. */
export const RESPONSE_SETTINGS: PlanStatement = {
  text: `SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('${INSERTED}', true), '')`,
  params: [],
};

/** A row of the answer: a name that no column of it will have. */
const ROW = '_ashlar_row';

const stripSql = (json: string, strip: boolean): string => (strip ? `json_strip_nulls(${json})` : json);

const EXPLAIN_OPTIONS = {
  analyze: 'ANALYZE',
  verbose: 'VERBOSE',
  settings: 'SETTINGS',
  buffers: 'BUFFERS',
  wal: 'WAL',
} as const;

const explainSql = (explain: Explain | undefined, text: string): string =>
  explain === undefined
    ? text
    : `EXPLAIN (${[`FORMAT ${explain.format.toUpperCase()}`, ...explain.options.map((option) => EXPLAIN_OPTIONS[option])].join(', ')}) ${text}`;

/** The statement that the rows come from, if it is not the read itself. */
const withSql = (writer: Writer, plan: Plan): string => {
  const source =
    plan.write !== undefined
      ? writeSql(writer, plan.write)
      : plan.call !== undefined
        ? callSql(writer, plan.call)
        : undefined;
  return source === undefined ? '' : `WITH ${RESULT} AS (${source}) `;
};

const countsExactly = (plan: Plan): boolean => plan.count === 'exact' || plan.count === 'estimated';

/** Whether the total has to be counted apart from the page. */
const countsApart = (plan: Plan): boolean => plan.verb !== 'write' && plan.paged && countsExactly(plan);

const totalSql = (writer: Writer, plan: Plan): string => {
  if (plan.countLimit === undefined) return countSql(writer, plan.read, 'count(*)');
  // One more than the maximum tells that there are more; how many more is then estimated.
  return `SELECT count(*) FROM (${countSql(writer, plan.read, '1')} LIMIT ${plan.countLimit + 1}) AS counted`;
};

/** One row of the answer as it goes out. */
const rowSql = (plan: Plan): string => {
  const row = plan.row === 'scalar' ? `to_json(${ROW}.${SCALAR})` : `row_to_json(${ROW}.*)`;
  switch (plan.output.mode) {
    case 'rows':
    case 'value':
      return stripSql(row, plan.output.stripNulls);
    case 'csv':
      // Text of a row doubles backslashes, which CSV does not know of (RFC 4180).
      return String.raw`replace(substring(${ROW}::text, 2, length(${ROW}::text) - 2), E'\\\\', E'\\')`;
    case 'geojson':
      return `ST_AsGeoJSON(${ROW})`;
    case 'handler': {
      const { function: handler, relation } = plan.output;
      if (handler === undefined) return `${ROW}.${SCALAR}`;
      if (plan.row === 'scalar') return `${nameSql(handler)}(${ROW}.${SCALAR})`;
      return `${nameSql(handler)}(${ROW}${relation === undefined ? '' : `::${nameSql(relation)}`})`;
    }
    case 'none':
      return 'NULL';
  }
};

/**
 * The answer as one value, as it is explained: Postgres' plan for the whole of it, framing included.
 * (Rows that are really sent come one by one, so that long answers need no memory.)
 */
const answerSql = (plan: Plan): string => {
  const row = plan.row === 'scalar' ? `${ROW}.${SCALAR}` : ROW;
  switch (plan.output.mode) {
    case 'rows':
      return `coalesce(${stripSql(`json_agg(${row})`, plan.output.stripNulls)}, '[]')`;
    case 'value':
      return `coalesce(${stripSql(`json_agg(${row})`, plan.output.stripNulls)} -> 0, 'null')`;
    case 'csv':
    case 'geojson':
      return `coalesce(string_agg(${rowSql(plan)}::text, E'\\n'), '')`;
    case 'handler':
    case 'none':
      return rowSql(plan);
  }
};

/** A write that shows nothing is just that statement: its tag tells how many rows it changed. */
const compilePlainWrite = (plan: Plan): PlanStatement | undefined => {
  if (plan.write === undefined || plan.output.mode !== 'none') return undefined;
  const writer = makeWriter();
  if (plan.location === undefined)
    return { text: explainSql(plan.explain, writeSql(writer, plan.write)), params: writer.params };
  // As JSON prints them, without the quotes: these values go into a URL.
  const key = [...plan.location].sort().map((name) => `to_json(${quote(name)}) #>> '{}'`);
  const select = `SELECT ${key.join(', ')} FROM ${RESULT}`;
  return {
    text: explainSql(plan.explain, `${withSql(writer, plan)}${select}`),
    params: writer.params,
  };
};

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A column's name in the header line of CSV, in quotes where it needs them (RFC 4180). */
const CSV_NAME = String.raw`CASE WHEN k ~ E'[",\r\n]' THEN '"' || replace(k, '"', '""') || '"' ELSE k END`;

const compileMain = (plan: Plan): Pick<Compiled, 'main' | 'second' | 'third'> => {
  const plain = compilePlainWrite(plan);
  if (plain !== undefined) return { main: plain, second: undefined, third: undefined };
  const writer = makeWriter();
  const source = withSql(writer, plan);
  const rows = readSql(writer, plan.read);
  const apart = countsApart(plan);
  const total = apart ? `, (${totalSql(writer, plan)})` : '';
  const finish = (select: string): PlanStatement => ({
    text: `${source}SELECT ${select}${total} FROM (${rows}) AS ${ROW}`,
    params: writer.params,
  });
  if (plan.explain !== undefined) {
    const count = apart ? `(${totalSql(writer, plan)})` : 'NULL::bigint';
    const select = `SELECT ${count}, ${plan.singleRow ? '1' : `count(${ROW})`}, ${plan.verb === 'write' ? 'NULL, ' : ''}${answerSql(plan)} FROM (${rows}) AS ${ROW}`;
    const text = explainSql(plan.explain, `${source}${select}`);
    return { main: { text, params: writer.params }, second: undefined, third: undefined };
  }
  switch (plan.output.mode) {
    case 'none':
    case 'handler': {
      const count = plan.singleRow ? '1' : 'count(*)';
      return {
        main: finish(`${rowSql(plan)}, ${count}`),
        second: 'rows',
        third: apart ? 'total' : undefined,
      };
    }
    case 'csv': {
      const header = `CASE WHEN row_number() OVER () = 1 THEN (SELECT string_agg(${CSV_NAME}, ',') FROM json_object_keys(row_to_json(${ROW}.*)) AS k) END`;
      return {
        main: finish(`${rowSql(plan)}, ${header}`),
        second: 'csv header',
        third: apart ? 'total' : undefined,
      };
    }
    default:
      return { main: finish(rowSql(plan)), second: apart ? 'total' : undefined, third: undefined };
  }
};

const compileTotal = (plan: Plan): PlanStatement | undefined => {
  // A routine that may write is not called a second time.
  if (!countsApart(plan) || !plan.readOnly) return undefined;
  const writer = makeWriter();
  return { text: `${withSql(writer, plan)}${totalSql(writer, plan)}`, params: writer.params };
};

const compileEstimate = (plan: Plan): PlanStatement | undefined => {
  if (plan.verb !== 'read' || (plan.count !== 'planned' && plan.count !== 'estimated')) return undefined;
  const writer = makeWriter();
  return { text: `EXPLAIN (FORMAT JSON) ${countSql(writer, plan.read, '1')}`, params: writer.params };
};

/**
 * Writes the statements of a plan. Pure: the same plan, the same statements.
 *
 * @example compile(plan).main.text // SELECT row_to_json(_ashlar_row.*) FROM (SELECT …) AS _ashlar_row
 */
export const compile = (plan: Plan): Compiled => ({
  ...compileMain(plan),
  total: compileTotal(plan),
  estimate: compileEstimate(plan),
  location: plan.location !== undefined,
});

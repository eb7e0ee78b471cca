import type { QualifiedName } from '../base/index.ts';
import {
  type ColumnExpression,
  type Explain,
  type Plan,
  type ReadPlan,
  SCALAR,
  type VersionPlan,
} from '../plan/index.ts';
import type { Slot } from '../request/index.ts';
import { quoteIdent } from '../sql/index.ts';
import { callSql } from './call.ts';
import { type ExistsSql, predicateSql } from './condition.ts';
import { countSql, readOneSql, readSql } from './read.ts';
import { modifiedSql, versionSql } from './version.ts';
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
  /** The columns of the main statement that tell the row's version and when it was changed. */
  readonly version:
    | {
        /** `row`: the row itself tells it, as its JSON is of all columns. */
        readonly tag: number | 'row';
        readonly modified: number | undefined;
      }
    | undefined;
  /** Tells whether the item that the path begins with is there, and its version: for when nothing came or was done. */
  readonly probe: PlanStatement | undefined;
};

/** `response.headers`, `response.status` and the number of inserted rows, after the main statement. */
export const RESPONSE_SETTINGS: PlanStatement = {
  text: `SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('${INSERTED}', true), '')`,
  params: [],
};

const ROW_ALIAS = '_ashlar_row';

/** A row of the answer as a whole: with `.*` it is that even where a column has the alias for a name. */
const ROW = `${ROW_ALIAS}.*`;

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
  const row = plan.row === 'scalar' ? `to_json(${ROW_ALIAS}.${SCALAR})` : `row_to_json(${ROW})`;
  switch (plan.output.mode) {
    case 'rows':
    case 'value':
      return stripSql(row, plan.output.stripNulls);
    case 'csv':
      // Text of a row doubles backslashes, which CSV does not know of (RFC 4180).
      return String.raw`replace(substring((${ROW})::text, 2, length((${ROW})::text) - 2), E'\\\\', E'\\')`;
    case 'geojson':
      return `ST_AsGeoJSON(${ROW})`;
    case 'handler': {
      const { function: handler, relation } = plan.output;
      if (handler === undefined) return `${ROW_ALIAS}.${SCALAR}`;
      if (plan.row === 'scalar') return `${nameSql(handler)}(${ROW_ALIAS}.${SCALAR})`;
      return `${nameSql(handler)}(${relation === undefined ? ROW : `(${ROW})::${nameSql(relation)}`})`;
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
  const row = plan.row === 'scalar' ? `${ROW_ALIAS}.${SCALAR}` : ROW;
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
  if (plan.version !== undefined && plan.write.kind !== 'delete') return undefined;
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

/** The header line of CSV, beside the first row. */
const csvHeaderSql = `CASE WHEN row_number() OVER () = 1 THEN (SELECT string_agg(${CSV_NAME}, ',') FROM json_object_keys(row_to_json(${ROW})) AS k) END`;

const noEmbeds: ExistsSql = (as) => {
  throw new TypeError(`a key has no embed ${as}`);
};

/** Whether the JSON of a row that is read is that which its version is made of. */
const rowTellsVersion = ({ verb, version, plain, read, output, locks }: Plan): boolean => {
  if (verb !== 'read' || locks === true || plain !== true || version?.columns.includes('*') !== true)
    return false;
  if (output.mode !== 'value' || output.stripNulls) return false;
  // Once: asked for twice, each column is there twice.
  const shown = plainColumns(read);
  return read.columns.length <= 1 && shown?.size === 1 && shown.has('*');
};

/** What tells the version of a row, as further columns. */
const versionColumns = (plan: Plan): string => {
  const { version, read, output } = plan;
  if (version === undefined) return '';
  const told = rowTellsVersion(plan) ? [] : [versionSql(read.alias, version.columns)];
  if (version.modified !== undefined) told.push(modifiedSql(read.alias, version.modified));
  // What a handler makes of rows is an aggregate, and so must be what stands beside it.
  return told.map((column) => (output.mode === 'handler' ? `, max(${column})` : `, ${column}`)).join('');
};

const compileMain = (plan: Plan): Pick<Compiled, 'main' | 'second' | 'third' | 'version'> => {
  const plain = compilePlainWrite(plan);
  if (plain !== undefined) return { main: plain, second: undefined, third: undefined, version: undefined };
  if (plan.version !== undefined && plan.explain === undefined) return compileOne(plan, plan.version);
  const writer = makeWriter();
  const source = withSql(writer, plan);
  const rows = readSql(writer, plan.read);
  const apart = countsApart(plan);
  const total = apart ? `, (${totalSql(writer, plan)})` : '';
  const finish = (select: string): PlanStatement => ({
    text: `${source}SELECT ${select}${total} FROM (${rows}) AS ${ROW_ALIAS}`,
    params: writer.params,
  });
  if (plan.explain !== undefined) {
    const count = apart ? `(${totalSql(writer, plan)})` : 'NULL::bigint';
    const select = `SELECT ${count}, ${plan.singleRow ? '1' : `count(${ROW})`}, ${plan.verb === 'write' ? 'NULL, ' : ''}${answerSql(plan)} FROM (${rows}) AS ${ROW_ALIAS}`;
    const text = explainSql(plan.explain, `${source}${select}`);
    return { main: { text, params: writer.params }, second: undefined, third: undefined, version: undefined };
  }
  switch (plan.output.mode) {
    case 'none':
    case 'handler': {
      const count = plan.singleRow ? '1' : 'count(*)';
      return {
        main: finish(`${rowSql(plan)}, ${count}`),
        second: 'rows',
        third: apart ? 'total' : undefined,
        version: undefined,
      };
    }
    case 'csv': {
      return {
        main: finish(`${rowSql(plan)}, ${csvHeaderSql}`),
        second: 'csv header',
        third: apart ? 'total' : undefined,
        version: undefined,
      };
    }
    default:
      return {
        main: finish(rowSql(plan)),
        second: apart ? 'total' : undefined,
        third: undefined,
        version: undefined,
      };
  }
};

/** Pages of at most so many rows may be gathered. */
const GATHERED = 200;

/**
 * The main statement of a page with its rows gathered into one JSON array, their number, and the total if it is counted:
 * the same bytes, the same parameters. Undefined where there is no bound to the number of rows, or more than rows.
 *
 * @example gatherSql(plan) // SELECT coalesce(json_agg(_ashlar_row.*), '[]'), count(*) FROM (SELECT …) AS _ashlar_row
 */
export const gatherSql = (plan: Plan): string | undefined => {
  const { limit } = plan.read.page;
  if (plan.verb !== 'read' || plan.output.mode !== 'rows' || plan.row === 'scalar') return undefined;
  // Between values that are JSON already json_agg puts other characters.
  if (plan.explain !== undefined || plan.version !== undefined || plan.output.stripNulls) return undefined;
  if (limit?.from !== 'number' || limit.value > GATHERED) return undefined;
  const writer = makeWriter();
  const rows = readSql(writer, plan.read);
  const total = countsApart(plan) ? `, (${totalSql(writer, plan)})` : '';
  return `SELECT coalesce(json_agg(${ROW}), '[]'), count(*)${total} FROM (${rows}) AS ${ROW_ALIAS}`;
};

/** What a page shows and is ordered by, if that is nothing but columns; `*` for all of them. */
const plainColumns = ({ columns, order, embeds }: ReadPlan): ReadonlySet<string> | undefined => {
  const isPlain = ({ path, search, transform, wholeRow }: ColumnExpression): boolean =>
    path.length === 0 && search === undefined && transform === undefined && !wholeRow;
  const named = [...columns, ...order].map(({ column }) => column);
  if (embeds.length > 0 || columns.some(({ aggregate }) => aggregate !== undefined)) return undefined;
  if (!named.every(isPlain)) return undefined;
  return new Set([...(columns.length === 0 ? ['*'] : []), ...named.map(({ name }) => name)]);
};

/**
 * What `gatherSql` gives, from rows that are looked at once: all that are counted are held, and the page is taken from
 * them. Faster where they are few; they must not be many. Undefined where they would hold more than columns of a
 * table, as what is computed is computed for all of them.
 *
 * @param isStored whether the relation is a table and this one of its columns, or `*`
 * @example countOnceSql(plan, isStored) // WITH … AS MATERIALIZED (SELECT …) SELECT coalesce(json_agg(…), '[]'), count(*), (SELECT count(*) FROM …) …
 */
export const countOnceSql = (
  plan: Plan,
  isStored: (relation: QualifiedName, column: string) => boolean,
): PlanStatement | undefined => {
  const { read } = plan;
  const { source, alias, order } = read;
  // In no order the page ends where it is full, and looks at few rows by itself.
  if (plan.count !== 'exact' || plan.countLimit !== undefined || order.length === 0) return undefined;
  if (source.kind !== 'relation' || gatherSql(plan) === undefined) return undefined;
  const columns = plainColumns(read);
  if (columns === undefined || ![...columns].every((name) => isStored(source.relation, name)))
    return undefined;
  const writer = makeWriter();
  const owner = quoteIdent(alias);
  const held = columns.has('*') ? [`${owner}.*`] : [...columns].map((name) => `${owner}.${quoteIdent(name)}`);
  const counted = countSql(writer, read, held.join(', '));
  const rows = readSql(writer, { ...read, source: { kind: 'result' }, where: [] });
  return {
    text: `WITH ${RESULT} AS MATERIALIZED (${counted}) SELECT coalesce(json_agg(${ROW}), '[]'), count(*), (SELECT count(*) FROM ${RESULT}) FROM (${rows}) AS ${ROW_ALIAS}`,
    params: writer.params,
  };
};

/** The column that a read finds its rows by, if it is one column that equals one literal and nothing else. */
export type KeyFilter = { readonly relation: QualifiedName; readonly column: string; readonly slot: Slot };

/** Whether a plan reads an item: one row with its version, which may not be there. */
const readsItem = ({ item, version, read, output, guards, locks }: Plan): boolean =>
  version !== undefined &&
  item?.alias === read.alias &&
  output.mode === 'value' &&
  locks !== true &&
  guards.every(({ kind }) => kind === 'item');

/** Whether a plan reads rows, and nothing is said of how many there are to be. */
const readsRows = ({ version, output, guards }: Plan): boolean =>
  version === undefined && output.mode === 'rows' && guards.length === 0;

/** Tells whether a read is one that `manyKeysSql` can write. */
export const keyFilterOf = (plan: Plan): KeyFilter | undefined => {
  const { read } = plan;
  if (plan.verb !== 'read' || plan.row === 'scalar' || !(readsRows(plan) || readsItem(plan)))
    return undefined;
  if (plan.explain !== undefined || plan.count !== undefined) return undefined;
  if (read.page.limit !== undefined || read.page.offset !== undefined) return undefined;
  const [predicate] = read.where;
  if (read.source.kind !== 'relation' || read.where.length !== 1 || predicate?.kind !== 'filter')
    return undefined;
  const { operation, column } = predicate;
  const plain = column.path.length === 0 && column.search === undefined && column.transform === undefined;
  if (!plain || predicate.negated || operation.kind !== 'compare') return undefined;
  if (operation.operator !== 'eq' || operation.quantifier !== undefined) return undefined;
  return { relation: read.source.relation, column: column.name, slot: operation.value };
};

/**
 * The main statement of a read by key for several keys at once: its parameter is their array, it gives the place of the
 * key in there and what the statement for one gives. Undefined where it would take more parameters.
 *
 * @param type the key's column, as SQL names it
 * @example manyKeysSql(plan, filter, 'integer') // SELECT … FROM unnest($1::integer[]) WITH ORDINALITY AS …, LATERAL (SELECT …) AS …
 */
export const manyKeysSql = (plan: Plan, { slot }: KeyFilter, type: string): string | undefined => {
  const writer = makeWriter({ slot, sql: '_ashlar_key.value' });
  const from =
    plan.version === undefined
      ? `LATERAL (${readSql(writer, plan.read)}) AS ${ROW_ALIAS}`
      : readOneSql(writer, plan.read, ROW_ALIAS);
  if (writer.params.length > 0) return undefined;
  return `SELECT _ashlar_key.place, ${rowSql(plan)}${versionColumns(plan)} FROM unnest($1::${type}[]) WITH ORDINALITY AS _ashlar_key(value, place), ${from}`;
};

/** The statement of an answer of one row, with what tells its version. */
const compileOne = (
  plan: Plan,
  version: VersionPlan,
): Pick<Compiled, 'main' | 'second' | 'third' | 'version'> => {
  const writer = makeWriter();
  const source = withSql(writer, plan);
  const csv = plan.output.mode === 'csv';
  const second = csv ? `, ${csvHeaderSql}` : plan.output.mode === 'handler' ? ', pg_catalog.count(*)' : '';
  const from = readOneSql(writer, plan.read, ROW_ALIAS);
  const lock = plan.locks === true ? ` FOR NO KEY UPDATE OF ${quoteIdent(plan.read.alias)}` : '';
  const next = second === '' ? 1 : 2;
  const tag = rowTellsVersion(plan) ? 'row' : next;
  return {
    main: {
      text: `${source}SELECT ${rowSql(plan)}${second}${versionColumns(plan)} FROM ${from}${lock}`,
      params: writer.params,
    },
    second: csv ? 'csv header' : second === '' ? undefined : 'rows',
    third: undefined,
    version: { tag, modified: version.modified === undefined ? undefined : tag === 'row' ? next : next + 1 },
  };
};

const compileProbe = ({ item, version, read, verb, locks }: Plan): PlanStatement | undefined => {
  if (item === undefined) return undefined;
  const writer = makeWriter();
  const where = item.key.map((predicate) => predicateSql(writer, item.alias, predicate, noEmbeds));
  // Of an item that others are related to, it only matters that it is there.
  const told = (verb === 'write' || locks === true) && item.alias === read.alias ? version : undefined;
  const columns = told === undefined ? 'NULL' : versionSql(item.alias, told.columns);
  const modified = told?.modified === undefined ? '' : `, ${modifiedSql(item.alias, told.modified)}`;
  const alias = item.alias === item.relation.name ? '' : ` AS ${quoteIdent(item.alias)}`;
  return {
    text: `SELECT ${columns}${modified} FROM ${nameSql(item.relation)}${alias} WHERE ${where.join(' AND ')}`,
    params: writer.params,
  };
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
  probe: compileProbe(plan),
});

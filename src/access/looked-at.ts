import type { Session } from '../db/index.ts';
import type { Column, Model, Relation } from '../model/index.ts';

/** What decides about rows: the expressions of policies, the functions that they call, the queries of views. */
export type DecidingText = {
  readonly text: string;
  /** Columns that it reads, `relation.number`; of functions in other languages than SQL this is by their names. */
  readonly columns: ReadonlySet<string>;
  /** The table whose policy it is, or the view; 0: a function. */
  readonly of: number;
  /** A function's name; else empty. */
  readonly name: string;
  /** The constants in it and, of a function, in what calls it. */
  readonly constants: readonly string[];
  readonly numbers: readonly number[];
};

const decidingSql = `
with deciding (text, of, name, classid, objid) as (
  select concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
         p.polrelid::bigint, '', 'pg_policy'::regclass::oid, p.oid
  from pg_policy p
  union all
  select pg_get_viewdef(c.oid), c.oid::bigint, '', 'pg_rewrite'::regclass::oid, r.oid
  from pg_class c join pg_rewrite r on r.ev_class = c.oid and r.ev_type = '1'
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  union all
  select case when p.prosqlbody is null then p.prosrc else pg_get_function_sqlbody(p.oid) end,
         0, p.proname, 'pg_proc'::regclass::oid, p.oid
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and p.prokind = 'f'
    and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')
)
select coalesce(json_agg(json_build_object(
  'text', coalesce(d.text, ''), 'of', d.of, 'name', d.name,
  'columns', (select coalesce(json_agg(distinct x.refobjid || '.' || x.refobjsubid), '[]') from pg_depend x
              where x.classid = d.classid and x.objid = d.objid and x.refclassid = 'pg_class'::regclass and x.refobjsubid > 0)
)), '[]')::text as answer
from deciding d`;

/** Names in a text, in lower case; constants are no names. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .replace(/'(?:[^']|'')*'/g, ' ')
      .toLowerCase()
      .match(/[a-z_][a-z0-9_]*/g) ?? [],
  );

/** Reads all that decides about rows. */
export const readDecidingTexts = async (session: Session, model: Model): Promise<readonly DecidingText[]> => {
  const [row] = await session.query(decidingSql);
  const read = JSON.parse(row?.answer ?? '[]') as readonly {
    text: string;
    of: number;
    name: string;
    columns: readonly string[];
  }[];
  return read.map(({ text, of, name, columns }) => {
    const callers =
      of === 0
        ? read.filter((other) => other.text !== text && namesIn(other.text).has(name.toLowerCase()))
        : [];
    const saying = [text, ...callers.map((caller) => caller.text)];
    const common = {
      text,
      of,
      name,
      constants: [...new Set(saying.flatMap(constantsIn))],
      numbers: [...new Set(saying.flatMap(numbersIn))],
    };
    return {
      ...common,
      columns: new Set(of !== 0 || columns.length > 0 ? columns : columnsNamedIn(text, model)),
    };
  });
};

/** Columns of the tables that a text names, as far as it names them, too. */
const columnsNamedIn = (text: string, model: Model): readonly string[] => {
  const names = namesIn(text);
  return model.relations
    .filter((relation) => names.has(relation.name.toLowerCase()))
    .flatMap((relation) =>
      relation.columns
        .filter((column) => names.has(column.name.toLowerCase()))
        .map((column) => `${relation.oid}.${column.number}`),
    );
};

/** What is asked for as a constant in a text: 'admin' of `role = 'admin'`; not the keys of JSON, not names of things. */
export const constantsIn = (text: string): readonly string[] => {
  const found = new Set<string>();
  for (const match of text.matchAll(
    /(->>?\s*|\bE)?'((?:[^']|'')*)'(::(?:regclass|regproc|interval)\b)?(?:::text\))?/g,
  )) {
    if (match[1] !== undefined || match[3] !== undefined) continue;
    const value = (match[2] ?? '').replaceAll("''", "'");
    if (value !== '' && value.length <= 60 && !value.startsWith('request.') && !value.startsWith('%'))
      found.add(value);
  }
  return [...found].sort();
};

export const numbersIn = (text: string): readonly number[] =>
  [...new Set(text.replace(/'(?:[^']|'')*'/g, ' ').match(/(?<![\w.])\d{1,9}(?![\w.])/g) ?? [])]
    .map(Number)
    .sort((a, b) => a - b);

/** The texts that read a column. */
export const textsReading = (
  texts: readonly DecidingText[],
  relation: Relation,
  column: Column,
): readonly DecidingText[] => texts.filter(({ columns }) => columns.has(`${relation.oid}.${column.number}`));

/**
 * The texts that decide about a relation's rows: its policies or its query, those of the tables that these read,
 * and the functions that they call.
 */
export const textsOf = (texts: readonly DecidingText[], relation: number): readonly DecidingText[] => {
  const found = new Set(texts.filter(({ of }) => of === relation));
  for (const text of found) {
    const names = namesIn(text.text);
    const read = new Set([...text.columns].map((column) => Number(column.split('.')[0])));
    for (const other of texts)
      if (other.of === 0 ? names.has(other.name.toLowerCase()) : read.has(other.of)) found.add(other);
  }
  return [...found];
};

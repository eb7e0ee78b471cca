/**
 * How long it takes to read a query string: `node bench/parse.ts`.
 * Prints microseconds a query string, the median over all of them, each the best of several rounds.
 */
import { parseQuery } from '../src/request/index.ts';

const tables = ['posts', 'comments', 'users', 'orders', 'order_items', 'films', 'directors', 'invoices'];
const columns = ['id', 'name', 'title', 'created_at', 'author_id', 'price', 'status', 'email', 'is_active'];

/** Always the same numbers, so that two runs measure the same. */
let seed = 1;
const below = (limit: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
};
const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
const some = (least: number, most: number, make: () => string): string =>
  Array.from({ length: least + below(most - least + 1) }, make).join(',');

const column = (): string => one(columns);
const item = (): string =>
  one([
    column,
    column,
    column,
    () => `${column()}::text`,
    () => `label:${column()}`,
    () => `meta->address->>city`,
    () => `total:${column()}.sum()`,
  ])();
const embed = (depth: number): string => {
  const inner = some(1, 4, item) + (depth > 0 && below(3) === 0 ? `,${embed(depth - 1)}` : '');
  return one([
    `${one(tables)}(${inner})`,
    `author:users!${one(tables)}_author_id_fkey(${inner})`,
    `${one(tables)}!inner(${inner})`,
    `...${one(tables)}(${inner})`,
  ]);
};
const select = (): string => `select=${some(1, 6, item)}${below(2) === 0 ? `,${embed(1)}` : ''}`;
const filter = (): string =>
  one([
    () => `id=eq.${below(100000)}`,
    () => `${column()}=eq.${one(['active', 'draft', 'anna@example.org'])}`,
    () => `created_at=gte.2026-0${1 + below(9)}-01`,
    () => `status=in.(${some(2, 8, () => one(['new', 'paid', 'shipped', '"to be, sent"']))})`,
    () => `title=ilike.*${one(['cat', 'dog', 'river'])}*`,
    () => 'deleted_at=is.null',
    () => `${one(tables)}.${column()}=not.eq.${below(100)}`,
    () => `or=(${column()}.eq.${below(9)},and(${column()}.gt.${below(9)},${column()}.is.true))`,
    () => 'body=fts(english).river',
    () => `tags=cs.{${some(1, 3, () => one(['a', 'b', 'c']))}}`,
  ])();
const order = (): string => `order=${column()}.desc.nullslast,id`;
const page = (): string => `limit=${one([10, 20, 50])}&offset=${below(20) * 10}`;
const query = (): string =>
  [select(), ...Array.from({ length: below(4) }, filter), below(2) ? order() : '', below(2) ? page() : '']
    .filter((part) => part !== '')
    .join('&');

/** As a browser's URLSearchParams writes it, and with it most clients. */
const encode = (text: string): string => new URLSearchParams(text.replaceAll('+', '%2B')).toString();

const measure = (queries: readonly string[]): readonly number[] => {
  const best = queries.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 30; round++) {
    for (const [i, text] of queries.entries()) {
      const start = process.hrtime.bigint();
      for (let repeat = 0; repeat < 10; repeat++) parseQuery(text, { routine: false });
      const each = Number(process.hrtime.bigint() - start) / 10_000;
      if (each < (best[i] as number)) best[i] = each;
    }
  }
  return best.sort((a, b) => a - b);
};

const report = (title: string, queries: readonly string[]): void => {
  const refused = queries.filter((text) => !parseQuery(text, { routine: false }).ok);
  if (refused.length > 0) throw new Error(`The benchmark asks what cannot be read: ${refused[0]}`);
  const times = measure(queries);
  const length = queries.reduce((sum, text) => sum + text.length, 0) / queries.length;
  const at = (part: number): string => (times[Math.floor(times.length * part)] as number).toFixed(2);
  console.log(
    `${title}: median ${at(0.5)} µs, 95th percentile ${at(0.95)} µs (${queries.length} queries of ${Math.round(length)} characters)`,
  );
};

const queries = Array.from({ length: 1500 }, query);
report('plain', queries);
report('percent-encoded', queries.map(encode));

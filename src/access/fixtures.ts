import type { PgError } from '../db/index.ts';
import type { Column, ForeignKey, Model, Relation } from '../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../sql/index.ts';
import { easeVariant } from './ease-variant.ts';
import { findImpliedKeys } from './implied-keys.ts';
import type { DecidingText } from './looked-at.ts';
import { findOwnerColumns } from './owner-columns.ts';
import type { RowChecks } from './row-checks.ts';
import type { Stage } from './stage.ts';
import { makeUser, makeUsers, type User } from './users.ts';
import { makeValue, type Value } from './values.ts';
import { findVariants, printVariant, type Variant } from './variants.ts';

/** What a row was made of: the values that were given, without those that the database adds. */
export type Recipe = { readonly [column: string]: Value };

/** A row that was made, or found, to be tried. */
export type FixtureRow = {
  /** Whose it is; undefined: nobody's. */
  readonly user: User | undefined;
  /** For a person: `bob's, published = false`. */
  readonly label: string;
  /** `tableoid/ctid` */
  readonly place: string;
  readonly json: { readonly [column: string]: Value };
  /** Undefined: it was there before. */
  readonly recipe: Recipe | undefined;
  /** What is particular about it and about what it refers to; empty: nothing. */
  readonly traits: string;
};

type Wish = {
  readonly user: User | undefined;
  /** `alice's`, and what else is to be said before its values. */
  readonly whose: string;
  /** What is particular about it; may be given up where checks do not allow it. */
  readonly variant: Variant;
  /** Its references and owners. */
  readonly values: Recipe;
  /** What is particular about what it refers to. */
  readonly below: string;
  /** The label tells no values: they are its user's. */
  readonly plain?: boolean;
};

/** What came of making a row. */
type Made = {
  readonly row: Pick<FixtureRow, 'place' | 'json'> | undefined;
  readonly recipe: Recipe;
  readonly error: PgError | undefined;
};

/** A check, a column that must not be empty, or a value that is none of its type. */
const isAboutValues = (error: PgError | undefined): boolean =>
  error !== undefined && (error.code === '23514' || error.code === '23502' || error.code.startsWith('22'));

type Parents = {
  readonly values: Recipe;
  readonly traits: string;
  /** One of them is somebody's. */
  readonly owned: boolean;
};

export type Fixture = {
  readonly relation: Relation;
  readonly owners: readonly Column[];
  readonly rows: readonly FixtureRow[];
  /** Rows that could be made, for trying INSERT. */
  readonly candidates: readonly {
    readonly user: User | undefined;
    readonly label: string;
    readonly recipe: Recipe;
  }[];
  /** Why there are no rows, or not all of those that were wanted. */
  readonly trouble: string | undefined;
};

export type Fixtures = {
  readonly users: readonly User[];
  readonly of: (relation: Relation) => Fixture | undefined;
};

const MAX_ROWS = 8;
const MAX_FOUND = 10;
const MAX_SPECIAL = 6;
/** How many forms of its values a row is tried in. */
const LOOKS = 9;
/** How often less is asked for, where checks refuse a row. */
const MAX_EASED = 40;

const isTable = (relation: Relation): boolean =>
  (relation.kind === 'table' || relation.kind === 'partitioned table') && !relation.isPartition;

/** Tables, those that others refer to first. In a circle, whichever has the fewest references that must be set. */
const inOrder = (tables: readonly Relation[], keys: readonly ForeignKey[]): readonly Relation[] => {
  const left = new Map(tables.map((table) => [table.oid, table]));
  const references = new Map(
    tables.map((table) => {
      const own = keys.filter((key) => key.relation === table.oid && key.foreignRelation !== table.oid);
      return [table.oid, own.map((key) => ({ to: key.foreignRelation, required: isRequired(table, key) }))];
    }),
  );
  const missing = ({ oid }: Relation): number =>
    (references.get(oid) ?? []).reduce(
      (sum, { to, required }) => sum + (left.has(to) ? (required ? 1_000 : 1) : 0),
      0,
    );
  const ordered: Relation[] = [];
  while (left.size > 0) {
    let next: Relation | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const table of left.values()) {
      const count = missing(table);
      if (count < fewest) [next, fewest] = [table, count];
      if (count === 0) break;
    }
    if (next === undefined) break;
    ordered.push(next);
    left.delete(next.oid);
  }
  return ordered;
};

const isRequired = (table: Relation, key: ForeignKey): boolean =>
  key.columns.some((number) => table.columns.find((column) => column.number === number)?.nullable === false);

const columnOf = (relation: Relation, number: number): Column | undefined =>
  relation.columns.find((column) => column.number === number);

const isSettable = (column: Column): boolean => column.generated === null && column.identity !== 'always';

/** Whether each user can have one row at most. */
const isOnePerUser = (relation: Relation, owners: readonly Column[]): boolean =>
  relation.uniqueKeys.some((key) => key.length === 1 && owners.some(({ name }) => name === key[0]));

/**
 * Makes rows in all tables that matter, as the one who owns them: for two users, for nobody, and each with the
 * values that policies tell apart; references are kept and checks satisfied as well as can be done by trying.
 */
export class FixtureMaker {
  readonly #stage: Stage;
  readonly #model: Model;
  readonly #texts: readonly DecidingText[];
  readonly #checks: RowChecks;
  /** The references that are kept, and those that are meant. */
  readonly #keys: readonly ForeignKey[];
  readonly #superuser: boolean;
  readonly #fixtures = new Map<number, Fixture>();
  /** In which form of its values a table took a row. */
  readonly #looks = new Map<number, number>();
  #counter = 0;

  constructor(
    stage: Stage,
    model: Model,
    texts: readonly DecidingText[],
    checks: RowChecks,
    superuser: boolean,
  ) {
    this.#stage = stage;
    this.#model = model;
    this.#texts = texts;
    this.#checks = checks;
    this.#keys = [...model.foreignKeys, ...findImpliedKeys(model, texts)];
    this.#superuser = superuser;
  }

  async make(wanted: readonly Relation[], onTable: (done: number, of: number) => void): Promise<Fixtures> {
    const tables = inOrder(this.#closure(wanted), this.#keys);
    const owners = new Map(
      tables.map((table) => [table.oid, findOwnerColumns(this.#model, this.#texts, table)]),
    );
    const all = [...owners.values()].flat();
    const integers =
      all.length > 0 && all.every(({ baseType }) => baseType === 'integer' || baseType === 'bigint');
    const users: User[] = [...makeUsers(integers), ...this.#specialUsers(tables, owners, integers)];
    for (const [i, table] of tables.entries()) {
      this.#fixtures.set(table.oid, await this.#fill(table, owners.get(table.oid) ?? [], users));
      onTable(i + 1, tables.length);
    }
    await this.#settle();
    return { users, of: (relation) => this.#fixtures.get(relation.oid) };
  }

  /** Users whose row in a table of users has something that others' have not; some by each table. */
  #specialUsers(
    tables: readonly Relation[],
    owners: ReadonlyMap<number, readonly Column[]>,
    integers: boolean,
  ): readonly User[] {
    const users: User[] = [];
    const lists = tables.flatMap((table) => {
      const own = owners.get(table.oid) ?? [];
      // What an account is like, the token tells.
      if (table.schema === 'auth' || !isOnePerUser(table, own)) return [];
      return [{ table, variants: this.#variants(table, own).slice(1) }];
    });
    for (let i = 0; lists.some(({ variants }) => i < variants.length); i++)
      for (const { table, variants } of lists) {
        const variant = variants[i];
        if (variant === undefined || users.length === MAX_SPECIAL) continue;
        const text = `${table.name}.${printVariant(variant)}`;
        const traits = { relation: table.oid, variant, text };
        users.push(makeUser(`a user with ${text}`, users.length + 4, integers, traits));
      }
    return users;
  }

  /** The tables that are asked about, and all that those refer to or are decided by. */
  #closure(wanted: readonly Relation[]): readonly Relation[] {
    const byOid = new Map(this.#model.relations.map((relation) => [relation.oid, relation]));
    const needed = new Set<number>();
    const add = (oid: number): void => {
      const relation = byOid.get(oid);
      if (relation === undefined || needed.has(oid)) return;
      needed.add(oid);
      for (const key of this.#keys) if (key.relation === oid) add(key.foreignRelation);
      for (const { of, columns } of this.#texts)
        if (of === oid) for (const column of columns) add(Number(column.split('.')[0]));
    };
    for (const { oid } of wanted) add(oid);
    // What functions look at decides, too, wherever they are called from.
    for (const { of, columns } of this.#texts)
      if (of === 0) for (const column of columns) add(Number(column.split('.')[0]));
    const users = this.#model.relations.find(({ schema, name }) => schema === 'auth' && name === 'users');
    return [...needed]
      .flatMap((oid) => byOid.get(oid) ?? [])
      .filter((relation) => isTable(relation) && relation.schema !== 'ashlar')
      .filter(
        (relation) => relation !== users || this.#keys.some((key) => key.foreignRelation === users?.oid),
      );
  }

  #variants(table: Relation, owners: readonly Column[]): readonly Variant[] {
    const keys = this.#keys.filter((key) => key.relation === table.oid);
    const skip = new Set([
      ...owners.map(({ name }) => name),
      ...keys.flatMap(({ columns }) => columns.map((number) => columnOf(table, number)?.name ?? '')),
      ...table.primaryKey,
      // What no two rows share makes no kind of rows.
      ...table.uniqueKeys.filter((key) => key.length === 1).flat(),
    ]);
    return findVariants(this.#texts, table, skip);
  }

  async #fill(table: Relation, owners: readonly Column[], users: readonly User[]): Promise<Fixture> {
    const found = await this.#findRows(table, owners, users);
    const variants = this.#variants(table, owners);
    const single = isOnePerUser(table, owners);
    const rows: FixtureRow[] = [];
    const candidates: Fixture['candidates'][number][] = [];
    let trouble: string | undefined;
    for (const wish of this.#wishes(table, owners, variants, users, single)) {
      const { row, recipe, error, variant } = await this.#grant(table, wish, found[0]?.json, single);
      const { user, whose, below } = wish;
      const traits = [printVariant(variant), below].filter((part) => part !== '').join(', ');
      const label = traits === '' || wish.plain ? whose : `${whose}, ${traits}`;
      // Values that are none of the column's type say nothing about rights.
      if (!error?.code.startsWith('22')) candidates.push({ user, label, recipe });
      if (row !== undefined) rows.push({ ...row, user, label, traits, recipe });
      else trouble ??= `${label}: ${error?.message}`;
    }
    return { relation: table, owners, rows: [...rows, ...found], candidates, trouble };
  }

  /** Rows that are there already: what a policy may single out that we do not think of. */
  async #findRows(
    table: Relation,
    owners: readonly Column[],
    users: readonly User[],
  ): Promise<readonly FixtureRow[]> {
    const tried = await this.#stage.run(
      `select tableoid::bigint || '/' || ctid::text as place, to_jsonb(t)::text as json from ${quoteQualified(table)} t limit ${MAX_FOUND}`,
    );
    if (!tried.ok) return [];
    return tried.rows.map((row, i) => {
      const json = JSON.parse(row.json as string) as FixtureRow['json'];
      // A trigger may have made rows for our users.
      const user = users.find(({ id }) => owners.some(({ name }) => String(json[name]) === id));
      return {
        user,
        label:
          user === undefined ? `row ${i + 1} of those that were there` : `${user.name}'s, made by a trigger`,
        place: row.place as string,
        json,
        recipe: undefined,
        traits: '',
      };
    });
  }

  /** Which rows a table should have. */
  *#wishes(
    table: Relation,
    owners: readonly Column[],
    variants: readonly Variant[],
    users: readonly User[],
    single: boolean,
  ): Generator<Wish> {
    const [alice, bob] = users as readonly [User, User, ...User[]];
    const wish = (
      user: User | undefined,
      whose: string,
      variant: Variant,
      parents: Parents | undefined,
      owner: string | null,
      more = '',
    ): Wish => ({
      user,
      whose: more === '' ? whose : `${whose}, ${more}`,
      variant,
      values: {
        ...parents?.values,
        ...Object.fromEntries(owners.map((column) => [column.name, owner] as const)),
      },
      below: parents?.traits ?? '',
    });
    if (single) {
      for (const user of users) {
        const own = user.traits?.relation === table.oid ? user.traits.variant : (variants[0] ?? {});
        const made = wish(user, `${user.name}'s`, own, this.#parents(table, owners, user, 0), user.id);
        yield user.traits === undefined ? made : { ...made, plain: true };
      }
      return;
    }
    // Where the row itself says who belongs to what, being in it is what makes the other's thing one's own.
    const joins = table.uniqueKeys.some(
      (key) => key.length > 1 && owners.some(({ name }) => key.includes(name)),
    );
    for (const user of [alice, bob]) {
      const parents = this.#parentCount(table, user);
      const count = Math.min(MAX_ROWS, Math.max(this.#wantedBy(table), variants.length * parents));
      for (let i = 0; i < count; i++)
        yield wish(
          user,
          `${user.name}'s`,
          variants[i % variants.length] ?? {},
          this.#parents(table, owners, user, joins ? i : Math.floor(i / variants.length)),
          user.id,
        );
      // One below another thing of theirs: of several, the first is shared by those who join it.
      if (!joins && parents > 1 && count <= variants.length)
        yield wish(user, `${user.name}'s`, variants[0] ?? {}, this.#parents(table, owners, user, 1), user.id);
    }
    if (table.schema === 'auth' && table.name === 'users') return;
    if (owners.length > 0 && !joins && this.#parents(table, owners, bob, 0) !== undefined)
      for (const [user, other] of [
        [alice, bob],
        [bob, alice],
      ] as const)
        yield wish(
          user,
          `${user.name}'s`,
          variants[0] ?? {},
          this.#parents(table, owners, other, 0),
          user.id,
          `below something of ${other.name}'s`,
        );
    const third = makeUser('a third person', 3, /^\d+$/.test(alice.id));
    const refersToUsers = this.#keys.some(
      (key) =>
        key.relation === table.oid &&
        key.columns.some((number) => owners.some((column) => column.number === number)),
    );
    for (const variant of variants) {
      const parents = this.#parents(table, owners, undefined, 0);
      // What refers to somebody's is theirs, where nothing else says whose it is.
      const nobodys = owners.length === 0 ? !parents?.owned : owners.every(({ nullable }) => nullable);
      if (nobodys) yield wish(undefined, "nobody's", variant, parents, null);
      if (owners.length > 0 && !refersToUsers)
        yield wish(undefined, "a third person's", variant, parents, third.id);
    }
  }

  /** How many rows of a user others want to refer to. */
  #wantedBy(table: Relation): number {
    const children = this.#keys.filter(
      (key) => key.foreignRelation === table.oid && key.relation !== table.oid,
    );
    return children.some((key) => {
      const child = this.#model.relations.find(({ oid }) => oid === key.relation);
      return child?.uniqueKeys.some((unique) =>
        key.columns.some((number) => unique.includes(columnOf(child, number)?.name ?? '')),
      );
    })
      ? 3
      : 1;
  }

  /** How many different rows of a user there are to refer to. */
  #parentCount(table: Relation, user: User): number {
    const counts = this.#keys
      .filter((key) => key.relation === table.oid && key.foreignRelation !== table.oid)
      .map(
        (key) =>
          (this.#fixtures.get(key.foreignRelation)?.rows ?? []).filter((row) => row.user?.id === user.id)
            .length,
      );
    return Math.max(1, Math.min(6, ...(counts.length === 0 ? [1] : [Math.max(...counts)])));
  }

  /** The references of a row, and what is particular about their ends; undefined: it has none but those by its owner. */
  #parents(
    table: Relation,
    owners: readonly Column[],
    user: User | undefined,
    i: number,
  ): Parents | undefined {
    const values: Record<string, Value> = {};
    const traits: string[] = [];
    let owned = false;
    for (const key of this.#keys) {
      if (key.relation !== table.oid || key.foreignRelation === table.oid) continue;
      if (key.columns.some((number) => owners.some((column) => column.number === number))) continue;
      const parent = this.#fixtures.get(key.foreignRelation);
      if (parent === undefined) continue;
      const made = parent.rows.filter(({ recipe }) => recipe !== undefined);
      const same = made.filter((row) => row.user?.id === user?.id);
      const choice = same.length > 0 ? same : made.length > 0 ? made : parent.rows;
      const row = choice[i % Math.max(1, choice.length)];
      if (row === undefined) continue;
      owned ||= row.user !== undefined;
      if (row.traits !== '') traits.push(`${parent.relation.name}: ${row.traits}`);
      for (const [at, number] of key.columns.entries()) {
        const own = columnOf(table, number);
        const target = columnOf(parent.relation, key.foreignColumns[at] as number);
        if (own !== undefined && target !== undefined) values[own.name] ??= row.json[target.name] ?? null;
      }
    }
    return Object.keys(values).length === 0
      ? undefined
      : { values, traits: traits.length === 0 ? '' : `below ${traits.join(' and ')}`, owned };
  }

  /** A row's values, complete: those that are given, and some for all that must not be empty. */
  recipe(table: Relation, given: Recipe, look = 0, template?: FixtureRow['json']): Recipe {
    const n = 700_000 + ++this.#counter;
    const values: Record<string, Value> = {};
    const unique = new Set(table.uniqueKeys.flat());
    for (const column of table.columns) {
      if (!isSettable(column)) continue;
      const { name } = column;
      if (name in given) {
        values[name] = given[name] as Value;
        continue;
      }
      if (column.default !== null || column.identity !== null) continue;
      const needed = !column.nullable;
      if (!needed && template === undefined) continue;
      const copied = template?.[name];
      if (copied !== undefined && copied !== null && !unique.has(name)) values[name] = copied;
      else if (needed || unique.has(name)) {
        const value = makeValue(column, n, look);
        if (value !== undefined) values[name] = value;
      }
    }
    return values;
  }

  /** Makes the row that is wished for, or one that is as near to it as the table's checks allow. */
  async #grant(
    table: Relation,
    wish: Wish,
    template: FixtureRow['json'] | undefined,
    adopts: boolean,
  ): Promise<Made & { readonly variant: Variant }> {
    const make = async (variant: Variant): Promise<Made & { readonly variant: Variant }> => ({
      ...(await this.#insert(table, { ...wish.values, ...variant }, template, adopts)),
      variant,
    });
    const first = await make(wish.variant);
    const queue = [first];
    const asked = new Set([JSON.stringify(wish.variant)]);
    const plain = (name: string): Value | undefined => {
      const column = table.columns.find((candidate) => candidate.name === name);
      return column === undefined ? undefined : makeValue(column, ++this.#counter, 1);
    };
    for (const { row, error, variant } of queue) {
      if (row !== undefined || !isAboutValues(error)) break;
      const looked =
        error?.code === '23502'
          ? Object.keys(variant).filter((name) => name === error.column)
          : (this.#checks.get(`${table.oid}/${error?.constraint}`) ?? Object.keys(variant));
      const free = looked.filter((name) => !(name in wish.values));
      for (const easier of easeVariant(variant, free, plain)) {
        const key = JSON.stringify(Object.keys(easier).map((name) => [name, easier[name]]));
        if (asked.has(key) || asked.size > MAX_EASED) continue;
        asked.add(key);
        const made = await make(easier);
        if (made.row !== undefined) return made;
        queue.push(made);
      }
    }
    return first;
  }

  async #insert(
    table: Relation,
    given: Recipe,
    template: FixtureRow['json'] | undefined,
    adopts: boolean,
  ): Promise<Made> {
    let error: PgError | undefined;
    let recipe: Recipe = {};
    const known = this.#looks.get(table.oid);
    for (let look = known ?? 0; look < LOOKS + 1; look++) {
      // The first try is ours, the second is after a row that is there, the others are for what checks may ask.
      recipe = this.recipe(table, given, Math.max(0, look - 1), look === 1 ? template : undefined);
      const tried = await this.#stage.run(insertSql(table, recipe, true));
      if (tried.ok) {
        const [row] = tried.rows;
        this.#looks.set(table.oid, look);
        return {
          row: { place: row?.place as string, json: JSON.parse(row?.json as string) },
          recipe,
          error: undefined,
        };
      }
      error ??= tried.error;
      if (tried.error.code === '23505') {
        const adopted = adopts ? await this.#adopt(table, recipe, given) : undefined;
        return { row: adopted, recipe, error: tried.error };
      }
      // Where others were taken in this form, it is what was wished for that is refused.
      if (known !== undefined) break;
      if (!isAboutValues(tried.error)) break;
    }
    // What was given and is not there any more, a trigger has taken away.
    const taken = error?.code === '23502' && recipe[error.column ?? ''] != null;
    if (!this.#superuser || (error?.code.startsWith('23') && !taken))
      return { row: undefined, recipe, error };
    // A trigger of the project's own may want more than we know of; without triggers the row can be made.
    const quiet = await this.#stage.run(
      `set local session_replication_role = replica; ${insertSql(table, recipe, true)}`,
    );
    await this.#stage.query('set local session_replication_role = origin');
    const [row] = quiet.ok ? quiet.rows : [];
    return row === undefined
      ? { row: undefined, recipe, error }
      : {
          row: { place: row.place as string, json: JSON.parse(row.json as string) },
          recipe,
          error: undefined,
        };
  }

  /** A trigger has made the row already, such as the profile of a new user: it gets the values that were wanted. */
  async #adopt(
    table: Relation,
    recipe: Recipe,
    given: Recipe,
  ): Promise<Pick<FixtureRow, 'place' | 'json'> | undefined> {
    for (const key of table.uniqueKeys) {
      if (!key.every((name) => recipe[name] !== undefined && recipe[name] !== null && name in given))
        continue;
      const where = key.map((name) => `t.${quoteIdent(name)} = j.${quoteIdent(name)}`).join(' and ');
      const set = Object.keys(given)
        .filter((name) => !key.includes(name))
        .map((name) => `${quoteIdent(name)} = j.${quoteIdent(name)}`);
      if (set.length === 0) set.push(`${quoteIdent(key[0] as string)} = t.${quoteIdent(key[0] as string)}`);
      const tried = await this.#stage.run(
        `update ${quoteQualified(table)} t set ${set.join(', ')}
         from jsonb_populate_record(null::${quoteQualified(table)}, ${quoteLiteral(JSON.stringify(recipe))}::jsonb) j
         where ${where} returning t.tableoid::bigint || '/' || t.ctid::text as place, to_jsonb(t)::text as json`,
      );
      const [row] = tried.ok ? tried.rows : [];
      if (row !== undefined)
        return { place: row.place as string, json: JSON.parse(row.json as string) as FixtureRow['json'] };
    }
    return undefined;
  }

  /** What triggers have moved or changed meanwhile is found again by its key. */
  async #settle(): Promise<void> {
    for (const [oid, fixture] of this.#fixtures) {
      const { relation } = fixture;
      if (fixture.rows.length === 0) continue;
      const places = fixture.rows.map(({ place }) => place);
      const here = await this.#stage.query(
        `select tableoid::bigint || '/' || ctid::text as place, to_jsonb(t)::text as json from ${quoteQualified(relation)} t
         where ${atPlaces(places)}`,
      );
      const byPlace = new Map(here.map((row) => [row.place, row.json as string]));
      const rows: FixtureRow[] = [];
      for (const row of fixture.rows) {
        const json = byPlace.get(row.place);
        if (json !== undefined) rows.push({ ...row, json: JSON.parse(json) as FixtureRow['json'] });
        else {
          const moved = await this.#findByKey(relation, row);
          if (moved !== undefined) rows.push(moved);
        }
      }
      // One that was found may be one that was made, too.
      const once = new Map<string, FixtureRow>();
      for (const row of rows) if (!once.has(row.place)) once.set(row.place, row);
      this.#fixtures.set(oid, { ...fixture, rows: [...once.values()] });
    }
  }

  async #findByKey(relation: Relation, row: FixtureRow): Promise<FixtureRow | undefined> {
    if (relation.primaryKey.length === 0) return undefined;
    const where = relation.primaryKey
      .map(
        (name) =>
          `to_jsonb(t) -> ${quoteLiteral(name)} = ${quoteLiteral(JSON.stringify(row.json[name] ?? null))}::jsonb`,
      )
      .join(' and ');
    const [found] = await this.#stage.query(
      `select tableoid::bigint || '/' || ctid::text as place, to_jsonb(t)::text as json from ${quoteQualified(relation)} t where ${where}`,
    );
    return found === undefined
      ? undefined
      : {
          ...row,
          place: found.place as string,
          json: JSON.parse(found.json as string) as FixtureRow['json'],
        };
  }
}

/** SQL: the rows at these places. */
export const atPlaces = (places: readonly string[]): string => {
  const ctids = [...new Set(places.map((place) => place.slice(place.indexOf('/') + 1)))];
  return `ctid = any('{${ctids.map((ctid) => `"${ctid}"`).join(',')}}'::tid[])`;
};

/** SQL: inserts a row of these values, converted to the types of the columns. */
export const insertSql = (relation: Relation, recipe: Recipe, returning: boolean): string => {
  const name = quoteQualified(relation);
  const back = returning
    ? " returning tableoid::bigint || '/' || ctid::text as place, to_jsonb(t)::text as json"
    : '';
  const columns = Object.keys(recipe).map(quoteIdent).join(', ');
  return columns === ''
    ? `insert into ${name} as t default values${back}`
    : `insert into ${name} as t (${columns}) select ${columns} from jsonb_populate_record(null::${name}, ${quoteLiteral(JSON.stringify(recipe))}::jsonb)${back}`;
};

import fc from 'fast-check';
import {
  CHARACTERS,
  type Column,
  type ColumnType,
  type ForeignKey,
  type Json,
  MOODS,
  printArray,
  printValue,
  type Schema,
  type Table,
} from './schema.ts';

/** How a table is embedded in another. */
export type Relation = {
  /** As it stands in `select`, without alias: names in their parts. */
  readonly said: readonly [relation: string, hint?: string];
  readonly target: string;
  readonly many: boolean;
  /** Own column and the target's (or the junction's). */
  readonly pairs: readonly (readonly [own: string, other: string])[];
  readonly junction?: {
    readonly table: string;
    readonly pairs: readonly (readonly [junction: string, target: string])[];
  };
};

export type JsonPath = { readonly keys: readonly (string | number)[]; readonly text: boolean };

export type Operation =
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: Json }
  | { readonly kind: 'any' | 'all'; readonly operator: Comparison; readonly values: readonly Json[] }
  | { readonly kind: 'in'; readonly values: readonly Json[] }
  | { readonly kind: 'is'; readonly value: 'null' | 'not_null' | 'true' | 'false' | 'unknown' }
  | { readonly kind: 'isdistinct'; readonly value: Json }
  | { readonly kind: 'sets'; readonly operator: 'cs' | 'cd' | 'ov'; readonly value: Json };

export type Comparison = 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte' | 'like' | 'ilike' | 'match' | 'imatch';

export type Filter = {
  readonly kind: 'filter';
  readonly column: Column;
  readonly path: JsonPath | undefined;
  readonly negated: boolean;
  readonly operation: Operation;
};

export type Condition =
  | Filter
  | {
      readonly kind: 'logic';
      readonly operator: 'and' | 'or';
      readonly negated: boolean;
      readonly terms: readonly Condition[];
    }
  /** The embed of this number in the node has no rows (or has some). */
  | { readonly kind: 'empty'; readonly embed: number; readonly negated: boolean };

export type Selected = {
  readonly column: Column;
  readonly path: JsonPath | undefined;
  readonly cast: boolean;
  readonly alias: string | undefined;
};

export type Aggregate = {
  readonly function: 'count' | 'sum' | 'avg' | 'min' | 'max';
  /** Undefined: `count()`. */
  readonly column: Column | undefined;
  readonly alias: string;
};

export type Order = {
  /** Number of the to-one embed that the column is of, where it has to be selected. */
  readonly embed: number | undefined;
  readonly column: Column;
  readonly path: JsonPath | undefined;
  readonly direction: 'asc' | 'desc' | undefined;
  readonly nulls: 'first' | 'last' | undefined;
};

export type Embed = {
  readonly relation: Relation;
  readonly alias: string | undefined;
  readonly inner: boolean;
  readonly spread: boolean;
  readonly node: Node;
};

/** What is asked of one table. */
export type Node = {
  readonly table: Table;
  readonly star: boolean;
  readonly columns: readonly Selected[];
  readonly aggregates: readonly Aggregate[];
  readonly embeds: readonly Embed[];
  readonly where: readonly Condition[];
  /** Empty, or ending with the key, so that no two rows are the same. */
  readonly order: readonly Order[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
};

export type Request = { readonly schema: Schema; readonly node: Node; readonly count: boolean };

/** Under which name an embed shows, and is spoken of. */
export const embedName = ({ alias, relation }: Embed): string => alias ?? relation.said[0];

const flip = (pairs: ForeignKey['columns']): ForeignKey['columns'] =>
  pairs.map(([own, target]) => [target, own] as const);

/** All that can be embedded in a table. */
export const relationsOf = (schema: Schema, table: Table): readonly Relation[] => {
  const relations: Relation[] = [];
  for (const { name, table: from, target, columns, unique } of schema.foreignKeys) {
    const self = from === target;
    const column = columns[0]?.[0] as string;
    if (from === table.name)
      relations.push({ said: self ? [column] : [target, name], target, many: false, pairs: columns });
    if (target === table.name)
      relations.push({
        said: [from, self ? column : name],
        target: from,
        many: !unique,
        pairs: flip(columns),
      });
  }
  for (const junction of schema.junctions) {
    const [one, other] = schema.foreignKeys.filter((foreignKey) => foreignKey.table === junction);
    if (one === undefined || other === undefined || one.target === other.target) continue;
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      if (from.target === table.name)
        relations.push({
          said: [to.target, junction],
          target: to.target,
          many: true,
          pairs: flip(from.columns),
          junction: { table: junction, pairs: to.columns },
        });
  }
  return relations;
};

const textArbitrary = (characters: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...characters), { maxLength }).map((all) => all.join(''));

const freshValue = (type: ColumnType): fc.Arbitrary<Json> => {
  switch (type) {
    case 'integer':
    case 'bigint':
      return fc.integer({ min: -3, max: 6 });
    case 'numeric(8,2)':
      return fc.integer({ min: -300, max: 700 }).map((cents) => cents / 100);
    case 'text':
      return textArbitrary(CHARACTERS, 3);
    case 'boolean':
      return fc.boolean();
    case 'date':
      return fc.constantFrom('2010-01-01', '2015-06-15', '2030-12-31');
    case 'mood':
      return fc.constantFrom(...MOODS);
    case 'jsonb':
      return fc.constantFrom<Json>({}, { a: 1 }, { b: null }, [], [1], 2, 'a', { a: {} });
    case 'text[]':
      return fc.array(textArbitrary(CHARACTERS, 2), { maxLength: 2 });
    case 'integer[]':
      return fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 });
  }
};

/** A literal for a column: often one that is there. */
const literal = (table: Table, { name, type }: Column): fc.Arbitrary<Json> => {
  const present = table.rows.map((row) => row[name] ?? null).filter((value) => value !== null);
  const fresh = freshValue(type);
  return present.length === 0
    ? fresh
    : fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...present) }, { weight: 1, arbitrary: fresh });
};

const PATTERN_CHARACTERS = [...'aabB%%_*.:', 'é', '日', '😀'];
const patterns = textArbitrary(PATTERN_CHARACTERS, 4);
const expressions = fc.constantFrom('a', '^a', 'b$', '[ab]+', '^$', '^.{2}$', 'A|c', '\\.', '日');

const ORDERED = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte'] as const;

const patternOperation = (): fc.Arbitrary<Operation> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('compare' as const),
      operator: fc.constantFrom('like' as const, 'ilike' as const),
      value: patterns,
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      operator: fc.constantFrom('match' as const, 'imatch' as const),
      value: expressions,
    }),
    fc.record({
      kind: fc.constantFrom('any' as const, 'all' as const),
      operator: fc.constantFrom('like' as const, 'ilike' as const),
      values: fc.array(patterns, { maxLength: 3 }),
    }),
  );

const scalarOperation = (value: fc.Arbitrary<Json>): fc.Arbitrary<Operation> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('compare' as const),
      operator: fc.constantFrom(...ORDERED),
      value,
    }),
    fc.record({
      kind: fc.constant('in' as const),
      // A list of one empty text is the empty list, in the language.
      values: fc.array(value, { maxLength: 3 }).filter((values) => values.length !== 1 || values[0] !== ''),
    }),
    fc.record({
      kind: fc.constantFrom('any' as const, 'all' as const),
      operator: fc.constantFrom('eq' as const, 'gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
      values: fc.array(value, { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('isdistinct' as const), value }),
    fc.record({
      kind: fc.constant('is' as const),
      value: fc.constantFrom('null' as const, 'not_null' as const),
    }),
  );

const setOperation = (value: fc.Arbitrary<Json>, jsonb: boolean): fc.Arbitrary<Operation> =>
  fc.record({
    kind: fc.constant('sets' as const),
    operator: jsonb
      ? fc.constantFrom('cs' as const, 'cd' as const)
      : fc.constantFrom('cs' as const, 'cd' as const, 'ov' as const),
    value,
  });

const operationFor = (table: Table, column: Column): fc.Arbitrary<Operation> => {
  const value = literal(table, column);
  const presence = fc.record({
    kind: fc.constant('is' as const),
    value: fc.constantFrom('null' as const, 'not_null' as const),
  });
  switch (column.type) {
    case 'text':
      return fc.oneof(scalarOperation(value), patternOperation());
    case 'boolean':
      return fc.oneof(
        scalarOperation(value),
        fc.record({
          kind: fc.constant('is' as const),
          value: fc.constantFrom('true' as const, 'false' as const, 'unknown' as const),
        }),
      );
    case 'jsonb':
      return fc.oneof(
        setOperation(value, true),
        presence,
        fc.record({
          kind: fc.constant('compare' as const),
          operator: fc.constantFrom('eq' as const, 'neq' as const),
          value,
        }),
      );
    case 'text[]':
    case 'integer[]':
      return fc.oneof(
        setOperation(value, false),
        presence,
        fc.record({
          kind: fc.constant('compare' as const),
          operator: fc.constantFrom('eq' as const, 'neq' as const),
          value,
        }),
      );
    default:
      return scalarOperation(value);
  }
};

/** One time in four. */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const jsonPath = (text: fc.Arbitrary<boolean>): fc.Arbitrary<JsonPath> =>
  fc.record({
    keys: fc.array(fc.constantFrom<string | number>('a', 'b', 'long', 0, 1, -1), {
      minLength: 1,
      maxLength: 3,
    }),
    text,
  });

const pickColumn = (table: Table): fc.Arbitrary<Column> => fc.constantFrom(...table.columns);

const filterArbitrary = (table: Table): fc.Arbitrary<Filter> =>
  pickColumn(table).chain((column) => {
    const plain = fc.record<Filter>({
      kind: fc.constant('filter'),
      column: fc.constant(column),
      path: fc.constant(undefined),
      negated: fc.boolean(),
      operation: operationFor(table, column),
    });
    if (column.type !== 'jsonb') return plain;
    const led = fc.record<Filter>({
      kind: fc.constant('filter'),
      column: fc.constant(column),
      path: jsonPath(fc.constant(true)),
      negated: fc.boolean(),
      operation: fc.oneof(
        scalarOperation(textArbitrary([...'aab0124 ', 'true', 'null'], 2)),
        patternOperation(),
      ),
    });
    return fc.oneof(plain, led);
  });

/** `embeds`: how many there will be at most; numbers of embeds that are not there are left out later. */
const conditionArbitrary = (table: Table, depth: number): fc.Arbitrary<Condition> => {
  const filter = filterArbitrary(table);
  if (depth === 0) return filter;
  return fc.oneof(
    { weight: 4, arbitrary: filter },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('logic' as const),
        operator: fc.constantFrom('and' as const, 'or' as const),
        negated: fc.boolean(),
        terms: fc.array(conditionArbitrary(table, depth - 1), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('empty' as const),
        embed: fc.nat(1),
        negated: fc.boolean(),
      }),
    },
  );
};

const orderArbitrary = (table: Table): fc.Arbitrary<Omit<Order, 'embed'>> =>
  fc
    .record({
      column: pickColumn(table),
      path: jsonPath(fc.constant(true)),
      direction: fc.constantFrom('asc' as const, 'desc' as const, undefined),
      nulls: fc.constantFrom('first' as const, 'last' as const, undefined),
    })
    .map((order) => (order.column.type === 'jsonb' ? order : { ...order, path: undefined }));

/** Drops what speaks of embeds that are not there. */
const settleCondition = (condition: Condition, embeds: number): Condition | undefined => {
  switch (condition.kind) {
    case 'filter':
      return condition;
    case 'empty':
      return condition.embed < embeds ? condition : undefined;
    case 'logic': {
      const terms = condition.terms.flatMap((term) => settleCondition(term, embeds) ?? []);
      return terms.length === 0 ? undefined : { ...condition, terms };
    }
  }
};

const keyOrder = (table: Table): readonly Order[] =>
  table.key.map((name) => ({
    embed: undefined,
    column: table.columns.find((column) => column.name === name) as Column,
    path: undefined,
    direction: undefined,
    nulls: undefined,
  }));

const findTable = (schema: Schema, name: string): Table =>
  schema.tables.find((table) => table.name === name) as Table;

const embedArbitrary = (schema: Schema, table: Table, depth: number): fc.Arbitrary<readonly Embed[]> => {
  const relations = relationsOf(schema, table);
  if (depth === 0 || relations.length === 0) return fc.constant([]);
  return fc.array(
    fc.constantFrom(...relations).chain((relation) =>
      fc
        .record({
          inner: sometimes(fc.constant(true)),
          spread: sometimes(fc.constant(true)),
          aliased: fc.boolean(),
          node: nodeArbitrary(schema, findTable(schema, relation.target), depth - 1, {
            root: false,
            many: relation.many,
          }),
        })
        .map(({ inner, spread, aliased, node }): Embed => {
          const spreads =
            spread === true && node.aggregates.length === 0 && (!relation.many || node.embeds.length === 0);
          // Its columns become arrays, whose order says which items belong together.
          const order =
            spreads && relation.many && node.order.length === 0 ? keyOrder(node.table) : node.order;
          return {
            relation,
            alias: aliased ? 'embedded' : undefined,
            inner: inner === true,
            spread: spreads,
            node: { ...node, order },
          };
        }),
    ),
    { maxLength: 2 },
  );
};

const NUMBERS: ReadonlySet<ColumnType> = new Set(['integer', 'numeric(8,2)']);
const GROUPED: ReadonlySet<ColumnType> = new Set([
  'integer',
  'bigint',
  'text',
  'boolean',
  'date',
  'mood',
  'numeric(8,2)',
]);
const COMPARED: ReadonlySet<ColumnType> = new Set([
  'integer',
  'bigint',
  'numeric(8,2)',
  'text',
  'date',
  'mood',
]);

const aggregateArbitrary = (table: Table): fc.Arbitrary<Aggregate> => {
  const count = fc.constant<Aggregate>({ function: 'count', column: undefined, alias: '' });
  const of = (names: readonly Aggregate['function'][], types: ReadonlySet<ColumnType> | undefined) => {
    const columns = table.columns.filter(({ type }) => types === undefined || types.has(type));
    return columns.length === 0
      ? count
      : fc.record<Aggregate>({
          function: fc.constantFrom(...names),
          column: fc.constantFrom(...columns),
          alias: fc.constant(''),
        });
  };
  return fc.oneof(count, of(['count'], undefined), of(['sum', 'avg'], NUMBERS), of(['min', 'max'], COMPARED));
};

/** Rows grouped by columns, and by what to-one embeds show. */
const aggregatedArbitrary = (schema: Schema, table: Table, depth: number): fc.Arbitrary<Node> =>
  fc
    .record({
      columns: fc
        .subarray(table.columns.filter(({ type }) => GROUPED.has(type)))
        .map((columns) => columns.slice(0, 2)),
      aggregates: fc.array(aggregateArbitrary(table), { minLength: 1, maxLength: 3 }),
      embeds: embedArbitrary(schema, table, Math.min(depth, 1)),
      where: fc.array(filterArbitrary(table), { maxLength: 1 }),
    })
    .map(
      ({ columns, aggregates, embeds, where }): Node => ({
        table,
        star: false,
        columns: columns.map((column) => ({ column, path: undefined, cast: false, alias: undefined })),
        aggregates,
        embeds: embeds.filter(({ relation }) => !relation.many),
        where,
        order: [],
        limit: undefined,
        offset: undefined,
      }),
    );

/** Aggregates in to-one spreads are taken of the rows that they are spread to. */
const hoistedArbitrary = (node: Node): fc.Arbitrary<Node> =>
  fc
    .tuple(
      ...node.embeds.map((embed): fc.Arbitrary<Embed> => {
        if (!embed.spread) return fc.constant(embed);
        return fc
          .array(aggregateArbitrary(embed.node.table), { maxLength: 2 })
          .map((aggregates) => ({ ...embed, node: { ...embed.node, aggregates } }));
      }),
    )
    .map((embeds) => ({ ...node, embeds }));

const CAST: ReadonlySet<ColumnType> = new Set([
  'integer',
  'bigint',
  'boolean',
  'date',
  'mood',
  'numeric(8,2)',
]);

const selectedArbitrary = (table: Table): fc.Arbitrary<Selected> =>
  fc
    .record({
      column: pickColumn(table),
      path: fc.option(jsonPath(fc.boolean()), { nil: undefined }),
      cast: fc.boolean(),
      aliased: fc.boolean(),
    })
    .map(({ column, path, cast, aliased }) => ({
      column,
      path: column.type === 'jsonb' ? path : undefined,
      cast: cast && CAST.has(column.type),
      alias: aliased ? 'named' : undefined,
    }));

const plainArbitrary = (
  schema: Schema,
  table: Table,
  depth: number,
  place: { readonly root: boolean; readonly many: boolean },
): fc.Arbitrary<Node> =>
  fc
    .record({
      star: fc.boolean(),
      columns: fc.array(selectedArbitrary(table), { maxLength: 3 }),
      embeds: embedArbitrary(schema, table, depth),
      where: fc.array(conditionArbitrary(table, 2), { maxLength: place.root ? 2 : 1 }),
      ordered: fc.boolean(),
      order: fc.array(orderArbitrary(table), { maxLength: 2 }),
      orderedBy: sometimes(fc.nat(1)),
      limit: sometimes(fc.integer({ min: 0, max: 6 })),
      offset: sometimes(fc.integer({ min: 0, max: 4 })),
    })
    .map((drawn): Node => {
      const { star, columns, embeds } = drawn;
      const paged = place.root || place.many;
      const limit = paged ? drawn.limit : undefined;
      const offset = paged ? drawn.offset : undefined;
      const ordered = drawn.ordered || limit !== undefined || offset !== undefined;
      const by = embeds[drawn.orderedBy ?? embeds.length];
      const related: readonly Order[] =
        by !== undefined && !by.relation.many && !by.spread && by.node.star
          ? [
              {
                embed: drawn.orderedBy,
                column: by.node.table.columns[0] as Column,
                path: undefined,
                direction: 'desc',
                nulls: undefined,
              },
            ]
          : [];
      const orderable = drawn.order
        .filter(({ column }) => column.type !== 'text[]' && column.type !== 'integer[]')
        .map((order): Order => ({ embed: undefined, ...order }));
      return {
        table,
        star: star || (columns.length === 0 && embeds.length === 0),
        columns,
        aggregates: [],
        embeds,
        where: drawn.where.flatMap((condition) => settleCondition(condition, embeds.length) ?? []),
        order: ordered && paged ? [...related, ...orderable, ...keyOrder(table)] : [],
        limit,
        offset,
      };
    });

const nodeArbitrary = (
  schema: Schema,
  table: Table,
  depth: number,
  place: { readonly root: boolean; readonly many: boolean },
): fc.Arbitrary<Node> => {
  const plain = plainArbitrary(schema, table, depth, place);
  return place.root || place.many
    ? fc.oneof(
        { weight: 5, arbitrary: plain },
        { weight: 1, arbitrary: aggregatedArbitrary(schema, table, depth).chain(hoistedArbitrary) },
      )
    : plain;
};

/** The name that a selected column has without an alias. */
const ownName = ({ column, path }: Selected): string =>
  path?.keys.findLast((key): key is string => typeof key === 'string') ?? column.name;

/** `name=is.null` is about an embed of that name, if there is one, and not about the column. */
const settleEmbedTest = (condition: Condition, embeds: readonly Embed[]): Condition => {
  if (condition.kind === 'logic')
    return { ...condition, terms: condition.terms.map((term) => settleEmbedTest(term, embeds)) };
  if (condition.kind === 'empty' || condition.path !== undefined) return condition;
  const { operation, column, negated } = condition;
  const embed = embeds.findIndex((candidate) => embedName(candidate) === column.name);
  return operation.kind === 'is' && operation.value === 'null' && embed >= 0
    ? { kind: 'empty', embed, negated }
    : condition;
};

/** Gives names where two things would have the same. `taken` grows. */
const settleNames = (node: Node, taken: Set<string>): Node => {
  const claim = (wanted: string | undefined, own: string): string | undefined => {
    if (wanted === undefined && !taken.has(own)) {
      taken.add(own);
      return undefined;
    }
    let name = wanted ?? 'named';
    for (let i = 1; taken.has(name); i++) name = `${wanted ?? 'named'}${i}`;
    taken.add(name);
    return name;
  };
  if (node.star) for (const { name } of node.table.columns) taken.add(claim(undefined, name) ?? name);
  const columns = node.columns.map((selected) => ({
    ...selected,
    alias: claim(selected.alias, ownName(selected)),
  }));
  const aggregates = node.aggregates.map((aggregate) => ({
    ...aggregate,
    alias: claim(aggregate.function, aggregate.function) ?? aggregate.function,
  }));
  // A spread has no name in the answer, but filters speak of it under that of its relation.
  const spreads = new Set(node.embeds.filter(({ spread }) => spread).map(({ relation }) => relation.said[0]));
  const embeds = node.embeds.map((embed): Embed => {
    if (embed.spread) return { ...embed, alias: undefined, node: settleNames(embed.node, taken) };
    const own = embed.relation.said[0];
    const alias = claim(spreads.has(own) ? (embed.alias ?? 'embedded') : embed.alias, own);
    return { ...embed, alias, node: settleNames(embed.node, new Set()) };
  });
  const where = node.where.map((condition) => settleEmbedTest(condition, embeds));
  return { ...node, columns, aggregates, embeds, where };
};

/** Two spreads of one relation could not be told apart in filters. */
const settleSpreads = (node: Node): Node => {
  const seen = new Set<string>();
  return {
    ...node,
    embeds: node.embeds.map((embed) => {
      const [name] = embed.relation.said;
      const spread = embed.spread && !seen.has(name);
      if (spread) seen.add(name);
      return { ...embed, spread, node: settleSpreads(embed.node) };
    }),
  };
};

/** In a spread that a star of the parent's would meet again, columns are named one by one. */
const settleStars = (node: Node, spread: boolean): Node => {
  const named = (column: Column): Selected => ({ column, path: undefined, cast: false, alias: undefined });
  return {
    ...node,
    star: node.star && !spread,
    columns: node.star && spread ? [...node.columns, ...node.table.columns.map(named)] : node.columns,
    embeds: node.embeds.map((embed) => ({ ...embed, node: settleStars(embed.node, embed.spread) })),
  };
};

/** Requests for the tables of a schema. */
export const requestArbitrary = (schema: Schema): fc.Arbitrary<Request> =>
  fc.constantFrom(...schema.tables).chain((table) =>
    fc
      .record({
        node: nodeArbitrary(schema, table, 3, { root: true, many: true }),
        count: fc.boolean(),
      })
      .map(({ node, count }) => ({
        [fc.toStringMethod]: () => `${schema.name}: ${decodeURIComponent(printRequest({ node }))}`,
        schema,
        node: settleNames(settleStars(settleSpreads(node), false), new Set()),
        count: count && node.aggregates.length === 0,
      })),
  );

// Printing

const quoteName = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;

const quoteItem = (text: string): string =>
  /^[A-Za-z0-9_-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;

const printPath = (path: JsonPath | undefined): string =>
  path === undefined
    ? ''
    : path.keys.map((key, i) => `${path.text && i === path.keys.length - 1 ? '->>' : '->'}${key}`).join('');

const printField = (column: Column, path: JsonPath | undefined): string =>
  `${quoteName(column.name)}${printPath(path)}`;

/** The operator and the literal; `quote` for inside of a logic tree. */
const printOperation = (filter: Filter, quote: (text: string) => string): string => {
  const { operation, column, path } = filter;
  const type = path === undefined ? column.type : 'text';
  const print = (value: Json): string => printValue(value, type);
  switch (operation.kind) {
    case 'compare':
      return `${operation.operator}.${quote(print(operation.value))}`;
    case 'any':
    case 'all':
      return `${operation.operator}(${operation.kind}).${quote(printArray(operation.values.map(print)))}`;
    case 'in':
      return `in.(${operation.values.map((value) => quoteItem(print(value))).join(',')})`;
    case 'is':
      return `is.${operation.value}`;
    case 'isdistinct':
      return `isdistinct.${quote(print(operation.value))}`;
    case 'sets':
      return `${operation.operator}.${quote(print(operation.value))}`;
  }
};

const printCondition = (node: Node, condition: Condition): string => {
  const not = condition.negated ? 'not.' : '';
  switch (condition.kind) {
    case 'filter':
      return `${printField(condition.column, condition.path)}.${not}${printOperation(condition, quoteItem)}`;
    case 'logic':
      return `${not}${condition.operator}(${condition.terms.map((term) => printCondition(node, term)).join(',')})`;
    case 'empty':
      return `${quoteName(embedName(node.embeds[condition.embed] as Embed))}.${not}is.null`;
  }
};

const printOrder = (node: Node, { embed, column, path, direction, nulls }: Order): string => {
  const field = printField(column, path);
  const of = embed === undefined ? undefined : node.embeds[embed];
  const term = of === undefined ? field : `${quoteName(embedName(of))}(${field})`;
  return `${term}${direction === undefined ? '' : `.${direction}`}${nulls === undefined ? '' : `.nulls${nulls}`}`;
};

const printSelect = (node: Node): string => {
  const alias = (name: string | undefined): string => (name === undefined ? '' : `${quoteName(name)}:`);
  return [
    ...(node.star ? ['*'] : []),
    ...node.columns.map(
      (selected) =>
        `${alias(selected.alias)}${printField(selected.column, selected.path)}${selected.cast ? '::text' : ''}`,
    ),
    ...node.aggregates.map(
      (aggregate) =>
        `${alias(aggregate.alias)}${aggregate.column === undefined ? '' : `${quoteName(aggregate.column.name)}.`}${aggregate.function}()`,
    ),
    ...node.embeds.map((embed) => {
      const [relation, hint] = embed.relation.said;
      const name = `${quoteName(relation)}${hint === undefined ? '' : `!${quoteName(hint)}`}${embed.inner ? '!inner' : ''}`;
      return `${embed.spread ? '...' : ''}${alias(embed.alias)}${name}(${printSelect(embed.node)})`;
    }),
  ].join(',');
};

type Parameter = readonly [name: string, value: string];

const printTest = (node: Node, condition: Condition, path: string): Parameter => {
  const not = condition.negated ? 'not.' : '';
  switch (condition.kind) {
    case 'filter': {
      const field = printField(condition.column, condition.path);
      return [`${path}${field}`, `${not}${printOperation(condition, (text) => text)}`];
    }
    case 'logic': {
      const terms = condition.terms.map((term) => printCondition(node, term));
      return [`${path}${not}${condition.operator}`, `(${terms.join(',')})`];
    }
    case 'empty':
      return [`${path}${quoteName(embedName(node.embeds[condition.embed] as Embed))}`, `${not}is.null`];
  }
};

const printParameters = (node: Node, path: string): readonly Parameter[] => [
  ...node.where.map((condition) => printTest(node, condition, path)),
  ...(node.order.length === 0
    ? []
    : [[`${path}order`, node.order.map((order) => printOrder(node, order)).join(',')] as const]),
  ...(node.limit === undefined ? [] : [[`${path}limit`, String(node.limit)] as const]),
  ...(node.offset === undefined ? [] : [[`${path}offset`, String(node.offset)] as const]),
  ...node.embeds.flatMap((embed) => printParameters(embed.node, `${path}${quoteName(embedName(embed))}.`)),
];

/** The request's path and query. */
export const printRequest = ({ node }: { readonly node: Node }): string =>
  `/${encodeURIComponent(node.table.name)}?${[
    ['select', printSelect(node)] as const,
    ...printParameters(node, ''),
  ]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')}`;

import type { GeneratorValue } from 'fast-check';
import type { ModelIndex, Relation, Routine } from '../../src/model/index.ts';
import { relationshipsOf } from '../../src/model/index.ts';
import type { TestRequest } from '../setup/api.ts';
import { Marker } from './marker.ts';

/** A request whose names and literals are marked, and what of it may be seen in a statement. */
export type MarkedRequest = {
  readonly request: TestRequest;
  /** Names that the request gives to what it selects: they stand in a statement, quoted. */
  readonly aliases: ReadonlySet<string>;
  /** Literals of filters on the target, and arguments: if the request is planned at all, they are bound. */
  readonly bound: readonly string[];
};

const JSON_KEY_TAILS = ['', '', "'", '$1', ' é', '%', "' or 1=1 --"];

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** Writes one request; all that it says at random is said through the marker. */
class RequestWriter {
  readonly #marker: Marker;
  readonly #model: ModelIndex;
  readonly #parameters: string[] = [];
  /** Embeds of which a row has at most one, by the path of their parent. */
  readonly #toOne = new Map<string, { readonly name: string; readonly relation: Relation | undefined }[]>();
  /** One name that nobody knows is enough: with several, only the first would be found. */
  #spoils: boolean;
  readonly aliases = new Set<string>();
  readonly bound: string[] = [];

  constructor(marker: Marker, model: ModelIndex) {
    this.#marker = marker;
    this.#model = model;
    this.#spoils = marker.once(3);
  }

  get query(): string {
    return this.#parameters.join('&');
  }

  #say(name: string, value: string): void {
    this.#parameters.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  }

  /** Whether what comes now is unknown. */
  #isUnknown(inTimes = 6): boolean {
    if (!this.#spoils || !this.#marker.once(inTimes)) return false;
    this.#spoils = false;
    return true;
  }

  /** A known name, or one that nobody knows. */
  #name(known: readonly string[], inTimes?: number): string {
    const [first = 'id', ...others] = known;
    return this.#isUnknown(inTimes) ? this.#marker.mark('name') : this.#marker.pick(first, ...others);
  }

  #columns(relation: Relation | undefined): readonly string[] {
    return relation?.columns.map(({ name }) => name) ?? [];
  }

  /** `->'key'`: where it names what is selected, its last key is an alias. */
  #path(selected: boolean): string {
    if (!this.#marker.once(5)) return '';
    const key = this.#marker.mark('key', JSON_KEY_TAILS);
    if (selected) this.aliases.add(key);
    return this.#marker.pick(`->${key}`, `->>${key}`, `->0->>${key}`, `->${key}->1`);
  }

  #alias(): string {
    if (!this.#marker.once(3)) return '';
    const alias = this.#marker.mark('alias');
    this.aliases.add(alias);
    return `${quote(alias)}:`;
  }

  #field(relation: Relation | undefined): string {
    const cast = this.#marker.once(6)
      ? `::${this.#isUnknown() ? this.#marker.mark('type', ['']) : this.#marker.pick('text', 'jsonb')}`
      : '';
    const aggregate = this.#marker.once(8) ? this.#marker.pick('.count()', '.max()', '.min()::text') : '';
    if (this.#marker.once(8)) return '*';
    return `${this.#alias()}${quote(this.#name(this.#columns(relation)))}${this.#path(true)}${cast}${aggregate}`;
  }

  #embed(relation: Relation, at: readonly string[], depth: number): string {
    const found = relationshipsOf(this.#model, relation, relation.schema);
    const [first, ...others] = found;
    if (first === undefined) return '*';
    const relationship = this.#marker.pick(first, ...others);
    const target = relationship.kind === 'computed' ? relationship.function.name : relationship.foreign.name;
    const known =
      relationship.kind === 'computed'
        ? ''
        : `!${quote(relationship.kind === 'many-to-many' ? relationship.junction.relation.name : relationship.constraint)}`;
    const hint = this.#isUnknown()
      ? `!${quote(this.#marker.mark('hint'))}`
      : relationship.isSelf
        ? ''
        : known;
    const join = this.#marker.pick('', '', '!inner', '!left');
    const spread = this.#marker.once(5);
    const alias = spread ? '' : this.#alias();
    const name = alias === '' ? target : ([...this.aliases].at(-1) ?? target);
    const foreign = this.#model.model.relations.find(
      (candidate) =>
        candidate.schema === relationship.foreign.schema && candidate.name === relationship.foreign.name,
    );
    const path = [...at, name];
    const select = this.select(foreign, path, depth + 1);
    this.filters(foreign, path, 1);
    this.order(foreign, path);
    this.page(path);
    const toOne =
      relationship.kind === 'computed'
        ? relationship.toOne
        : relationship.kind !== 'one-to-many' && relationship.kind !== 'many-to-many';
    if (toOne)
      this.#toOne.set(at.join('.'), [...(this.#toOne.get(at.join('.')) ?? []), { name, relation: foreign }]);
    return `${spread ? '...' : ''}${alias}${quote(target)}${hint}${join}(${select})`;
  }

  select(relation: Relation | undefined, at: readonly string[], depth: number): string {
    const fields = this.#marker.many(3, () => this.#field(relation));
    const embeds =
      relation === undefined || depth > 2 ? [] : this.#marker.many(1, () => this.#embed(relation, at, depth));
    return [...fields, ...embeds].join(',');
  }

  saySelect(relation: Relation | undefined): void {
    const select = this.select(relation, [], 0);
    if (select !== '') this.#say('select', select);
  }

  #literal(): string {
    const literal = this.#marker.mark('literal');
    this.bound.push(literal);
    return literal;
  }

  #operation(nested: boolean): string {
    const value = (): string => (nested ? quote(this.#literal()) : this.#literal());
    const list = (): string => `(${quote(this.#literal())},${quote(this.#literal())})`;
    const not = this.#marker.once(4) ? 'not.' : '';
    switch (this.#marker.pick('compare', 'any', 'in', 'is', 'search', 'distinct', 'simple')) {
      case 'compare':
        return `${not}${this.#marker.pick('eq', 'gte', 'lt', 'like', 'ilike', 'match', 'imatch')}.${value()}`;
      case 'any':
        return `${not}${this.#marker.pick('eq', 'like', 'gt')}(${this.#marker.pick('any', 'all')}).${value()}`;
      case 'in':
        return `${not}in.${list()}`;
      case 'is':
        return `${not}is.${this.#marker.pick('null', 'not_null', 'true', 'unknown')}`;
      case 'search':
        return `${not}${this.#marker.pick('fts', 'wfts')}${this.#marker.pick('', '(english)', '(zqlanguage0qz)')}.${value()}`;
      case 'distinct':
        return `isdistinct.${value()}`;
      default:
        return `${not}${this.#marker.pick('neq', 'cs', 'cd', 'ov', 'sl', 'adj')}.${value()}`;
    }
  }

  #term(relation: Relation | undefined, depth: number): string {
    if (depth < 2 && this.#marker.once(4)) {
      const terms = [this.#term(relation, depth + 1), this.#term(relation, depth + 1)];
      return `${this.#marker.pick('', 'not.')}${this.#marker.pick('and', 'or')}(${terms.join(',')})`;
    }
    return `${quote(this.#name(this.#columns(relation)))}${this.#path(false)}.${this.#operation(true)}`;
  }

  /** What a parameter says of an embed is said to its path. */
  #at(path: readonly string[], name: string): string {
    return [...path.map(quote), name].join('.');
  }

  filters(relation: Relation | undefined, path: readonly string[], max: number): void {
    const before = this.bound.length;
    for (const name of this.#marker.many(max, () => this.#name(this.#columns(relation))))
      this.#say(this.#at(path, `${quote(name)}${this.#path(false)}`), this.#operation(false));
    if (this.#marker.once(4))
      this.#say(this.#at(path, 'or'), `(${this.#term(relation, 0)},${this.#term(relation, 0)})`);
    // An embed that nobody sees need not be filtered.
    if (path.length > 0) this.bound.length = before;
  }

  order(relation: Relation | undefined, path: readonly string[]): void {
    // Few requests come to name the column of an embed, or one of a conflict: here the unknown is more frequent.
    const column = (of: Relation | undefined, inTimes?: number): string =>
      `${quote(this.#name(this.#columns(of), inTimes))}${this.#path(false)}`;
    const [embed, ...embeds] = this.#toOne.get(path.join('.')) ?? [];
    const term = (): string => {
      const related =
        embed !== undefined && this.#marker.once(2) ? this.#marker.pick(embed, ...embeds) : undefined;
      const named =
        related === undefined ? column(relation) : `${quote(related.name)}(${column(related.relation, 2)})`;
      return `${named}${this.#marker.pick('', '.desc', '.asc.nullslast')}`;
    };
    const terms = this.#marker.many(2, term);
    if (terms.length > 0) this.#say(this.#at(path, 'order'), terms.join(','));
  }

  page(path: readonly string[]): void {
    const amount = (): string => this.#marker.pick('0', '7', '123456', 'zqlimit0qz', '1;zqlimit1qz');
    if (this.#marker.once(4)) this.#say(this.#at(path, 'limit'), amount());
    if (this.#marker.once(6)) this.#say(this.#at(path, 'offset'), amount());
  }

  /** `columns=` or `on_conflict=`. */
  list(parameter: string, relation: Relation, inTimes: number): void {
    if (!this.#marker.once(inTimes)) return;
    const name = (): string => this.#name(this.#columns(relation), 2);
    const names = [name(), ...this.#marker.many(1, name)];
    this.#say(parameter, names.map(quote).join(','));
  }

  payload(relation: Relation): string {
    const row = (names: readonly string[]): object =>
      Object.fromEntries(names.map((name) => [name, this.#marker.mark('value')]));
    const names = this.#marker.many(3, () => this.#name(this.#columns(relation)));
    return JSON.stringify(this.#marker.pick(row(names), [row(names), row(names)], []));
  }

  /** Arguments in the query string. */
  sayArguments(routine: Routine): void {
    for (const { name, required } of routine.parameters)
      if (name !== '' && (required || this.#marker.once(2))) this.#say(name, this.#literal());
    if (this.#isUnknown()) this.#say(this.#marker.mark('argument'), 'x');
  }

  /** Arguments as a JSON body. */
  argumentsBody(routine: Routine): string {
    const given = routine.parameters.filter(({ required }) => required || this.#marker.once(2));
    const more = this.#isUnknown() ? [[this.#marker.mark('argument'), 'x'] as const] : [];
    return JSON.stringify(
      Object.fromEntries([...given.map(({ name }) => [name, this.#literal()] as const), ...more]),
    );
  }

  headers(): Record<string, string> {
    const marker = this.#marker;
    const mark = (kind: string): string => marker.mark(kind, ['', "'", '"']);
    const prefer = [
      marker.pick('return=representation', 'return=headers-only', 'return=minimal'),
      marker.pick('resolution=merge-duplicates', 'resolution=ignore-duplicates', 'missing=default'),
      marker.pick('count=exact', 'count=planned', 'count=estimated', 'count=none'),
      marker.once(3) ? `timezone=${mark('zone')}` : 'tx=rollback',
    ];
    const media = [
      '*/*',
      'text/csv',
      'application/vnd.pgrst.object+json',
      'application/vnd.pgrst.plan',
    ] as const;
    return {
      prefer: prefer.join(', '),
      accept: this.#isUnknown() ? `application/${mark('media')}` : marker.pick(...media),
      'x-claims': JSON.stringify({ sub: mark('claim') }),
      'x-header': mark('header'),
      cookie: `a=${mark('cookie')}`,
    };
  }
}

const path = (name: string): string => `/${encodeURIComponent(name)}`;

/** Draws a request on the served schema. */
export const drawRequest = (draw: GeneratorValue, model: ModelIndex): MarkedRequest => {
  const marker = new Marker(draw);
  const writer = new RequestWriter(marker, model);
  const served = model.model.relations.filter(
    ({ schema, isPartition }) => schema === 'public' && !isPartition,
  );
  const callable = model.model.routines.filter(({ schema }) => schema === 'public');
  const method = marker.pick(
    'GET',
    'GET',
    'GET',
    'HEAD',
    'POST',
    'POST',
    'PATCH',
    'PUT',
    'DELETE',
    'CALL',
    'CALL-GET',
  );
  const headers = writer.headers();
  const finish = (target: string, verb: string, body?: string): MarkedRequest => ({
    request: {
      method: verb,
      path: `${target}?${writer.query}`,
      headers,
      ...(body === undefined ? {} : { body }),
    },
    aliases: writer.aliases,
    // Filters of other methods may say nothing: of rows that are inserted, or where there is nothing to update.
    bound: verb === 'GET' || verb === 'DELETE' ? writer.bound : [],
  });
  if (method === 'CALL' || method === 'CALL-GET') {
    const [first, ...others] = callable;
    if (first === undefined) throw new Error('The model has no routine.');
    const routine = marker.pick(first, ...others);
    const relation = model.model.relations.find(({ oid }) => oid === routine.returns.relation);
    const target = marker.once(20) ? `/rpc${path(marker.mark('routine'))}` : `/rpc${path(routine.name)}`;
    if (relation !== undefined || marker.once(3)) {
      writer.saySelect(relation);
      writer.filters(relation, [], 2);
      writer.order(relation, []);
      writer.page([]);
    }
    if (method === 'CALL') return finish(target, 'POST', writer.argumentsBody(routine));
    writer.sayArguments(routine);
    return finish(target, 'GET');
  }
  const [first, ...others] = served;
  if (first === undefined) throw new Error('The model has no table.');
  const relation = marker.pick(first, ...others);
  const target = marker.once(20) ? path(marker.mark('table')) : path(relation.name);
  writer.saySelect(relation);
  writer.filters(relation, [], 3);
  writer.order(relation, []);
  if (method === 'GET' || method === 'HEAD') {
    writer.page([]);
    return finish(target, method);
  }
  if (method === 'DELETE') return finish(target, method);
  writer.list('columns', relation, 5);
  writer.list('on_conflict', relation, 2);
  return finish(target, method, writer.payload(relation));
};

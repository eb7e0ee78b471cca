import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { problem, Refusal } from '../src/base/index.ts';
import type { Engine } from '../src/engine/index.ts';
import type { ModelIndex } from '../src/model/index.ts';
import type { Plan } from '../src/plan/index.ts';
import { compile } from '../src/query/index.ts';
import { type Fixture, openFixture } from './golden-runner/open-fixture.ts';
import { nameOf, readTokens } from './golden-runner/sql-tokens.ts';
import { drawRequest, type MarkedRequest } from './marked-requests/marked-request.ts';
import { MARK } from './marked-requests/marker.ts';
import type { TestApi } from './setup/api.ts';

/** Every name that the database has. */
const listNames = ({ model }: ModelIndex): ReadonlySet<string> =>
  new Set([
    ...model.schemas.map(({ name }) => name),
    ...model.types.map(({ name }) => name),
    ...model.relations.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]),
    ...model.routines.flatMap(({ name, parameters, returns }) => [
      name,
      returns.type.name,
      ...parameters.map((parameter) => parameter.name),
      ...returns.columns.map((column) => column.name),
    ]),
    ...model.foreignKeys.map(({ name }) => name),
  ]);

/** Names of our own in statements, those that stand there quoted. */
const OWN = new Set(['pgrst_body', 'pg_catalog', 'count', 'max', 'min', 'record']);

/** Names that may be seen in a statement: those of the database, and the aliases of the request. */
class Names {
  readonly #all: ReadonlySet<string>;

  constructor(database: ReadonlySet<string>, aliases: ReadonlySet<string>) {
    this.#all = new Set([...database, ...aliases, ...OWN]);
  }

  #isPart(part: string): boolean {
    return this.#all.has(part) || /^(?:\d+_*|via)$/.test(part);
  }

  /** Whether it is the beginning of a name, and as long as a cut name is. */
  #isCut(part: string, whole: string): boolean {
    return Buffer.byteLength(whole) > 50 && [...this.#all].some((name) => name.startsWith(part));
  }

  /** What we call parts of a statement: names, numbers and `via`, joined by `_`; of long ones the last is cut. */
  #isMade(rest: string, whole: string): boolean {
    if (this.#isPart(rest) || this.#isCut(rest.replace(/(?:_\d+)+(?:_via)?$/, ''), whole)) return true;
    for (let at = rest.indexOf('_'); at >= 0; at = rest.indexOf('_', at + 1))
      if (this.#isPart(rest.slice(0, at)) && this.#isMade(rest.slice(at + 1), whole)) return true;
    return false;
  }

  may(name: string): boolean {
    return this.#isMade(name, name);
  }
}

/** Where a statement says what it must not; undefined if it does not. */
const findForeign = (
  text: string,
  database: ReadonlySet<string>,
  aliases: ReadonlySet<string>,
): string | undefined => {
  const names = new Names(database, aliases);
  return readTokens(text).find((token) =>
    token.kind === 'identifier' ? !names.may(nameOf(token.text)) : token.text.search(MARK) >= 0,
  )?.text;
};

/** What an API makes of a request, without running it. */
type Made = { readonly plan: Plan; readonly texts: readonly string[]; readonly params: string };

const make = async ({ api, handle }: TestApi, { request }: MarkedRequest): Promise<Made | undefined> => {
  let asked: Parameters<Engine['execute']> | undefined;
  const spy = vi.spyOn(api.engine, 'execute').mockImplementation(async (...given) => {
    asked = given;
    throw new Refusal(problem('PGRST000'));
  });
  try {
    await handle(request);
  } finally {
    spy.mockRestore();
  }
  if (asked === undefined) return undefined;
  try {
    const { plan, statements } = api.engine.explain(...asked);
    const { main, total, estimate } = compile(plan);
    const more = [main, total, estimate].flatMap((statement) => (statement ? [statement.text] : []));
    return {
      plan,
      texts: [...statements.map(({ text }) => text), ...more],
      params: statements
        .flatMap(({ params }) => params)
        .map(String)
        .join('\n'),
    };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
};

const marksOf = (text: string): readonly string[] => text.match(MARK) ?? [];

describe('the text of a statement', () => {
  let fixture: Fixture;
  let api: TestApi;
  let names: ReadonlySet<string>;
  let model: ModelIndex;

  beforeAll(async () => {
    fixture = await openFixture(18);
    api = await fixture.open({ explain: true });
    const publication = api.model.current();
    if (publication === undefined) throw new Error('The schema was not read.');
    model = publication.index;
    names = listNames(model);
  });
  afterAll(() => fixture?.close());

  test('has nothing of a request but quoted aliases, and no name that the database has not', async () => {
    const planned = { all: 0, read: 0, write: 0, call: 0 };
    const runs = 3_000;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (draw) => {
        const marked = drawRequest(draw, model);
        const made = await make(api, marked);
        if (made === undefined) return;
        planned.all++;
        planned[made.plan.verb]++;
        for (const text of made.texts)
          expect(findForeign(text, names, marked.aliases), `${marked.request.path}\n${text}`).toBeUndefined();
        // The other half: what does not stand there is bound.
        const bound = new Set(marksOf(made.params));
        for (const mark of marked.bound.flatMap(marksOf))
          expect(bound.has(mark), `${marked.request.path}\n${mark}\n${made.params}`).toBe(true);
      }),
      { numRuns: runs },
    );
    // Requests that are all refused would prove nothing.
    expect(planned.all).toBeGreaterThan(runs / 5);
    for (const verb of ['read', 'write', 'call'] as const) expect(planned[verb]).toBeGreaterThan(runs / 50);
  });

  test('would be caught saying a literal, a name in no quotes, or a name that is not there', () => {
    const found = (text: string): string | undefined => findForeign(text, names, new Set(['zqalias1qz']));
    expect(found('SELECT "films"."title" AS "zqalias1qz" FROM "public"."films"')).toBeUndefined();
    expect(found('SELECT "zqalias1qz_films_1".* FROM "films" AS "films_1_via"')).toBeUndefined();
    expect(found('SELECT "films"."nowhere" FROM "public"."films"')).toBe('"nowhere"');
    expect(found('SELECT "zqname2qz" FROM "public"."films"')).toBe('"zqname2qz"');
    expect(found('SELECT \'zqliteral3qz\' FROM "public"."films"')).toBe("'zqliteral3qz'");
    expect(found('SELECT zqalias1qz FROM "public"."films"')).toBe('zqalias1qz');
    expect(() => found('SELECT "films FROM films')).toThrow('No token');
    expect(() => found('SELECT 1 -- zq')).toThrow('comment');
  });
});

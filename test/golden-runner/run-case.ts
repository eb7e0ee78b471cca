import { vi } from 'vitest';
import { errorsPath } from '../../src/app/project/project-routes.ts';
import type { Statement } from '../../src/db/index.ts';
import { detailProblem, type HttpResponse } from '../../src/http/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import type { Ask } from '../../src/request/index.ts';
import type { TestApi } from '../setup/api.ts';
import type { GoldenCase } from './golden-case.ts';
import type { Fixture } from './open-fixture.ts';

/** What became of a request, step by step; undefined from where it was refused. */
export type CaseRun = {
  readonly ask: Ask | undefined;
  readonly plan: Plan | undefined;
  readonly statements: readonly Statement[];
  readonly response: HttpResponse;
  readonly body: Buffer;
};

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Sent only because a case is rolled back. */
const OF_ROLLBACK: ReadonlySet<string> = new Set(['SET CONSTRAINTS ALL IMMEDIATE']);

/** Writes what is sent to the database down, in its order, and sends it. */
const recordStatements = ({ pool }: TestApi): Statement[] => {
  const sent: Statement[] = [];
  const record = (statements: readonly Statement[]): void => {
    sent.push(...statements.filter(({ text }) => !OF_ROLLBACK.has(text)));
  };
  const run = pool.run.bind(pool);
  const stream = pool.stream.bind(pool);
  const transaction = pool.transaction.bind(pool);
  vi.spyOn(pool, 'run').mockImplementation((statements, options) => {
    record(statements);
    return run(statements, options);
  });
  vi.spyOn(pool, 'stream').mockImplementation((statements, onRows, options) => {
    record(statements);
    return stream(statements, onRows, options);
  });
  vi.spyOn(pool, 'transaction').mockImplementation((work, options) => {
    if (options?.mode !== undefined) record([{ text: `BEGIN ${options.mode}`, key: undefined, params: [] }]);
    return transaction(
      (own) =>
        work({
          ...own,
          run: (statements, runOptions) => {
            record(statements);
            return own.run(statements, runOptions);
          },
        }),
      options,
    );
  });
  return sent;
};

const readBody = async ({ body }: HttpResponse): Promise<Buffer> => {
  if (body === undefined || Buffer.isBuffer(body)) return body ?? Buffer.alloc(0);
  const chunks: Buffer[] = [];
  await body.pump((chunk) => {
    chunks.push(chunk);
  });
  return Buffer.concat(chunks);
};

/**
 * Sends the request to an API on the fixture, and watches its way: the tree that reaches the engine, the
 * plan that is made of it, the statements that go to the database. What it writes is rolled back.
 */
export const runCase = async (fixture: Fixture, { request, settings }: GoldenCase): Promise<CaseRun> => {
  const safe = SAFE.has(request.method ?? 'GET');
  // What only reads runs as it does in earnest; it could not write if it tried.
  const txEnd = safe ? 'commit-allow-override' : 'rollback-allow-override';
  const testApi = await fixture.open({ txEnd, ...settings });
  if (!safe) await fixture.resetSequences();
  const execute = vi.spyOn(testApi.api.engine, 'execute');
  const statements = recordStatements(testApi);
  try {
    const answered = await testApi.handle(request);
    // As the server does for those who ask for it.
    const response =
      settings.native === false
        ? answered
        : detailProblem(answered, { headers: request.headers ?? {}, id: undefined }, errorsPath);
    // The server sends no body for HEAD, whatever there is.
    const body = request.method === 'HEAD' ? Buffer.alloc(0) : await readBody(response);
    const [asked] = execute.mock.calls;
    return { ask: asked?.[0], plan: asked && explain(testApi, ...asked), statements, response, body };
  } finally {
    vi.restoreAllMocks();
  }
};

const explain = (
  { api }: TestApi,
  ...asked: Parameters<TestApi['api']['engine']['execute']>
): Plan | undefined => {
  try {
    return api.engine.explain(...asked).plan;
  } catch {
    return undefined;
  }
};

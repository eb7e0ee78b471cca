import { basename } from 'node:path';
import { ignoreObservations, type Json, makeIdentity } from '../../base/index.ts';
import { createPool, openSession, type Param, type Statement } from '../../db/index.ts';
import type { Explanation } from '../../engine/index.ts';
import { detailProblem, type HttpRequest, type HttpResponse } from '../../http/index.ts';
import { isKeeping } from '../../idempotency/index.ts';
import { readMigrations } from '../../migrate/index.ts';
import type { Ask } from '../../request/index.ts';
import { isBatch } from '../../rest/index.ts';
import { AppFailure } from '../failure.ts';
import { openProjectApi } from '../project/project-api.ts';
import { errorsPath, restPrefix } from '../project/project-routes.ts';
import { requireRole } from '../require-role.ts';
import { withDefaults } from '../settings/read-settings.ts';
import type { OnDevProgress } from './dev-progress.ts';
import { findProject } from './find-project.ts';
import type { Claims } from './make-token.ts';
import { prepareProject } from './prepare-project.ts';
import { type ProjectDatabase, reachDatabase } from './reach-database.ts';
import { type Seen, spyOn } from './spy-on-engine.ts';

export type ExplainOptions = {
  readonly folder: string;
  readonly method: string;
  /** Path and query, from the root of the server. */
  readonly target: string;
  /** By names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  readonly role: string;
  readonly claims: Claims;
  /** Whether it is run, in a transaction that is undone, to show how Postgres does it. */
  readonly analyze: boolean;
  readonly onProgress: OnDevProgress;
};

export type ExplainedStatement = { readonly text: string; readonly params: readonly (string | null)[] };

/** What becomes of a request, or of a step of a batch. */
export type ExplainedStep = {
  /** What the caller asks. */
  readonly ask: Ask;
  readonly plan: Explanation['plan'];
  readonly statements: readonly ExplainedStatement[];
};

/** What an idempotency key adds, in the same transaction. */
export type ExplainedKey = {
  /** Before the request. */
  readonly claim: readonly ExplainedStatement[];
  /** After it; they are given the answer, which is not known. */
  readonly keep: readonly string[];
};

/** What becomes of a request. */
export type ExplainedRequest =
  | (ExplainedStep & {
      readonly kind: 'explained';
      /** The further steps of a batch. `{0.body.id}` stands for what one refers to. */
      readonly further?: readonly ExplainedStep[];
      readonly key?: ExplainedKey;
      /** Postgres' plan with its times, as it prints it. */
      readonly analyzed: string | undefined;
    })
  /** It is refused before the database is asked, or by the database when it is analysed. */
  | { readonly kind: 'refused'; readonly status: number; readonly body: Json };

const printParam = (param: Param): string | null =>
  param === null || typeof param === 'string' ? param : Buffer.from(param).toString();

const tellStatement = ({ text, params }: Statement): ExplainedStatement => ({
  text,
  params: params.map(printParam),
});

const tell = ({ ask, explanation: { plan, statements } }: Seen): ExplainedStep => ({
  ask,
  plan,
  statements: statements.map(tellStatement),
});

const makeRequest = (
  { method, target, headers, body }: ExplainOptions,
  more: { readonly [name: string]: string | undefined } = {},
): HttpRequest => {
  const mark = target.indexOf('?');
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: { ...headers, ...more },
    body: async () => Buffer.from(body),
    signal: new AbortController().signal,
  };
};

const bodyText = async ({ body }: HttpResponse): Promise<string> => {
  if (body === undefined) return '';
  if (Buffer.isBuffer(body)) return body.toString();
  const chunks: Buffer[] = [];
  await body.pump((chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks).toString();
};

/** The request again, but for Postgres' plan, and so that nothing of it stays, its key neither. */
const analyzeHeaders = ({ headers }: ExplainOptions): { readonly [name: string]: string | undefined } => ({
  'idempotency-key': undefined,
  accept: `application/vnd.pgrst.plan+text; for="${headers.accept ?? 'application/json'}"; options=analyze|buffers`,
  prefer: [headers.prefer, 'tx=rollback'].filter((text) => text !== undefined).join(', '),
});

/** Brings the database to where the files want it, unless a server does that already. */
const prepare = async (
  folder: string,
  database: ProjectDatabase,
  onProgress: OnDevProgress,
): Promise<void> => {
  if (!database.started) return;
  const session = await openSession(database.owner);
  try {
    await prepareProject(session, await readMigrations(folder), database.server.user, onProgress);
  } finally {
    await session.close();
  }
};

const explainOn = async (
  database: ProjectDatabase,
  folder: string,
  options: ExplainOptions,
): Promise<ExplainedRequest> => {
  await prepare(folder, database, options.onProgress);
  const claims = JSON.stringify({ ...options.claims, role: options.role });
  const pool = createPool({ connect: database.server });
  const seen: Seen[] = [];
  const before: Statement[] = [];
  const after: Statement[] = [];
  const settings = {
    pool,
    login: database.server.user,
    // Nobody shows a token: who asks is said.
    keys: undefined,
    title: basename(folder),
    values: withDefaults('dev', {}),
    txEnd: 'commit-allow-override' as const,
    listening: () => ({ host: '127.0.0.1', port: 4000 }),
    observe: ignoreObservations,
    identify: () => makeIdentity(options.role, claims, 'token'),
  };
  try {
    const api = openProjectApi({
      ...settings,
      wrapEngine: (engine) =>
        spyOn(engine, {
          request: (one) => {
            seen.push(one);
          },
          own: (statements, place) => {
            if (place === 'before') before.push(...statements);
            else if (statements.some(isKeeping)) after.push(...statements);
          },
        }),
    });
    await api.model.reload();
    requireRole(api.model.current()?.index.model.roles.map(({ name }) => name) ?? [], options.role);
    const request = makeRequest(options);
    const answer = await api.route.handle(request);
    const [first, ...others] = seen.map(tell);
    // Whether conditions hold is for the rows to say, which nobody has looked at.
    if (first === undefined || (answer.status >= 400 && answer.status !== 412))
      return refusal(answer, await bodyText(detailProblem(answer, request, errorsPath)));
    let analyzed: string | undefined;
    if (options.analyze) {
      if (isBatch(request.path.slice(restPrefix.length)))
        throw new AppFailure(
          'A batch has no plan of its own: leave --analyze out, or explain its steps one by one.',
        );
      const real = openProjectApi(settings);
      await real.model.reload();
      const run = await real.route.handle(makeRequest(options, analyzeHeaders(options)));
      analyzed = await bodyText(run);
      if (run.status >= 400) return refusal(run, analyzed);
    }
    return {
      kind: 'explained',
      ...first,
      ...(others.length === 0 ? {} : { further: others }),
      ...(before.length === 0
        ? {}
        : { key: { claim: before.map(tellStatement), keep: after.map(({ text }) => text) } }),
      analyzed,
    };
  } finally {
    await pool.close({ graceMs: 1_000 });
  }
};

const refusal = ({ status }: HttpResponse, text: string): ExplainedRequest => {
  if (status < 400)
    throw new AppFailure(
      'This request reaches no table or function: it is answered without the database. Name one, as in: GET /rest/v1/posts',
    );
  return { kind: 'refused', status, body: JSON.parse(text) as Json };
};

/**
 * Tells what becomes of a request to a project's API: what is asked, the plan, and the SQL with its
 * parameters. If no server runs on the folder, its database is started for the purpose.
 *
 * @throws AppFailure, MigrationStopped, EmbeddedError, ConnectionError
 */
export const explainRequest = async (options: ExplainOptions): Promise<ExplainedRequest> => {
  const folder = findProject(options.folder);
  if (!options.target.startsWith(`${restPrefix}/`))
    throw new AppFailure(
      `${options.target} is not a path of the API: those begin with ${restPrefix}/, as in ${restPrefix}/posts?limit=3`,
    );
  const database = await reachDatabase(folder, (step) => options.onProgress({ kind: 'postgres', step }));
  try {
    return await explainOn(database, folder, options);
  } finally {
    await database.close();
  }
};

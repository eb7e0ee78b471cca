import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { ConnectOptions } from '../../src/db/index.ts';
import type { ClusterAnswer, ClusterRequest } from './clusters.ts';
import type { ClusterVersion } from './versions.ts';

export { type ClusterVersion, installedVersions } from './versions.ts';

/** A database of a test file's own. */
export type TestDatabase = {
  readonly name: string;
  /** Login of `ashlar_owner`, who owns it. */
  readonly owner: ConnectOptions;
  /** Login of `authenticator`. */
  readonly server: ConnectOptions;
  /** Drops it now; otherwise it is dropped when the file's process ends. */
  readonly drop: () => Promise<void>;
};

/** What a database begins with: built once per run under this name, then copied. */
export type TestTemplate = {
  /** `template_…`; the same name must always stand for the same content. */
  readonly name: string;
  /** Fills it. All connections must be closed when it is done. */
  readonly build: (owner: ConnectOptions, server: ConnectOptions) => Promise<void>;
};

/**
 * Makes an empty database, or a copy of the template, on the shared cluster of that version. Roles belong to
 * the cluster, so create them with `if not exists` in mind.
 *
 * @example
 * const database = await createTestDatabase(18);
 * const pool = createPool({ connect: database.owner });
 */
export const createTestDatabase = async (
  version: ClusterVersion = 18,
  options: { readonly template?: TestTemplate } = {},
): Promise<TestDatabase> => {
  const { template } = options;
  if (template) await prepareTemplate(version, template);
  const made = await ask({ ask: 'create', version, ...(template ? { template: template.name } : {}) });
  const { name, owner, server } = made as Required<ClusterAnswer>;
  return {
    name,
    owner,
    server,
    drop: async () => {
      await ask({ ask: 'drop', version, name });
    },
  };
};

const prepareTemplate = async (version: ClusterVersion, template: TestTemplate): Promise<void> => {
  const { build, owner, server } = await ask({ ask: 'template', version, template: template.name });
  if (!build) return;
  let built = false;
  try {
    await template.build(owner as ConnectOptions, server as ConnectOptions);
    built = true;
  } finally {
    await ask({ ask: 'built', version, template: template.name, built });
  }
};

type Question = ClusterRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

let socket: Socket | undefined;
let questions = 0;
const pending = new Map<
  number,
  { resolve: (answer: ClusterAnswer) => void; reject: (error: Error) => void }
>();

const ask = (question: Question): Promise<ClusterAnswer> =>
  new Promise((resolve, reject) => {
    const id = ++questions;
    const line = connect();
    line.ref();
    pending.set(id, { resolve, reject });
    line.write(`${JSON.stringify({ ...question, id })}\n`);
  });

const connect = (): Socket => {
  if (socket) return socket;
  const path = process.env.TEST_CLUSTERS;
  if (!path)
    throw new Error('The shared clusters are not there: Vitest runs without test/setup/clusters.ts.');
  socket = createConnection(path);
  const failAll = (): void => {
    for (const { reject } of pending.values()) reject(new Error('The shared clusters are gone.'));
    pending.clear();
  };
  socket.on('error', failAll);
  socket.on('close', failAll);
  createInterface({ input: socket }).on('line', (text) => {
    const answer: ClusterAnswer = JSON.parse(text);
    const asker = pending.get(answer.id);
    pending.delete(answer.id);
    // An open question keeps the process alive, the mere line does not.
    if (pending.size === 0) socket?.unref();
    if (answer.error !== undefined) asker?.reject(new Error(answer.error));
    else asker?.resolve(answer);
  });
  return socket;
};

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type ConnectOptions,
  createPool,
  type Embedded,
  type Pool,
  startEmbedded,
} from '../../src/db/index.ts';
import { quoteIdent } from '../../src/sql/index.ts';
import { type ClusterVersion, packageOf } from './versions.ts';

/**
 * Vitest's global setup: it keeps one Postgres per version for all test files, started when the first file
 * asks for a database of it, and stopped at the end. Files ask over a socket (`database.ts` is their side);
 * when a file's process ends, however it ends, its databases are dropped.
 *
 * If this process is killed, each Postgres is stopped by its watchdog, and the folders it left are removed at the
 * next run.
 */
export default async function setup(): Promise<() => Promise<void>> {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${folderMark}${process.pid}-`));
  const clusters = new Map<ClusterVersion, Promise<Cluster>>();
  const cluster = (version: ClusterVersion): Promise<Cluster> => {
    const known = clusters.get(version);
    if (known) return known;
    const started = startCluster(join(folder, String(version)), version);
    clusters.set(version, started);
    return started;
  };

  const server = createServer((socket) => serveFile(socket, cluster));
  chmodSync(folder, 0o755);
  const path = join(folder, 'socket');
  await new Promise<void>((listening) => server.listen(path, listening));
  process.env.TEST_CLUSTERS = path;

  return async () => {
    server.close();
    await Promise.all(
      [...clusters.values()].map(async (started) => (await started.catch(() => undefined))?.stop()),
    );
    rmSync(folder, { recursive: true, force: true });
  };
}

/** What a file asks, one JSON object a line; the answer carries the same id. */
export type ClusterRequest =
  | {
      readonly id: number;
      readonly ask: 'create';
      readonly version: ClusterVersion;
      readonly template?: string;
    }
  | { readonly id: number; readonly ask: 'drop'; readonly version: ClusterVersion; readonly name: string }
  /** To use a template, or to build it if no one has. */
  | {
      readonly id: number;
      readonly ask: 'template';
      readonly version: ClusterVersion;
      readonly template: string;
    }
  | {
      readonly id: number;
      readonly ask: 'built';
      readonly version: ClusterVersion;
      readonly template: string;
      /** Whether building it went well. */
      readonly built: boolean;
    };

export type ClusterAnswer = {
  readonly id: number;
  readonly error?: string;
  readonly name?: string;
  readonly owner?: ConnectOptions;
  readonly server?: ConnectOptions;
  /** The template does not exist yet: the asker is to build it in the database `name`. */
  readonly build?: boolean;
};

type Cluster = {
  readonly embedded: Embedded;
  readonly admin: Pool;
  readonly templates: Map<string, Template>;
  readonly stop: () => Promise<void>;
};

/** A database that others are copied from, and who waits for it to be built. */
type Template = { built: boolean; building: boolean; readonly waiting: (() => void)[] };

const folderMark = 'ashlar-test-';
let databases = 0;

const removeLeftovers = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(folderMark) ? Number.parseInt(name.slice(folderMark.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isRunning(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const startCluster = async (folder: string, version: ClusterVersion): Promise<Cluster> => {
  mkdirSync(folder, { recursive: true });
  const packageDir = packageOf(version);
  if (packageDir && !existsSync(packageDir))
    throw new Error(`Postgres ${version} is not installed: ${packageDir}.`);
  const embedded = await startEmbedded({
    folder,
    // As root, the user that Postgres 15 runs as has to reach its data by path.
    dataDir: join(dirname(folder), `data-${version}`),
    ...(packageDir ? { packageDir } : {}),
    // The data is thrown away at the end, so nothing has to survive a crash.
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
      max_replication_slots: '40',
      max_wal_senders: '40',
    },
  });
  const admin = createPool({
    connect: { ...embedded.owner, database: 'postgres' },
    max: 2,
    acquireTimeoutMs: 60_000,
  });
  return {
    embedded,
    admin,
    templates: new Map(),
    stop: async () => {
      await admin.close({ graceMs: 1_000 });
      await embedded.stop('immediate');
    },
  };
};

/** Answers one test file's process. */
const serveFile = (socket: Socket, cluster: (version: ClusterVersion) => Promise<Cluster>): void => {
  const owned = new Map<string, ClusterVersion>();
  const building = new Set<Template>();
  const answer = async (request: ClusterRequest): Promise<Omit<ClusterAnswer, 'id'>> => {
    const { embedded, admin, templates } = await cluster(request.version);
    const logins = (name: string) => ({
      name,
      owner: { ...embedded.owner, database: name },
      server: { ...embedded.server, database: name },
    });
    switch (request.ask) {
      case 'create': {
        const name = `test_${++databases}`;
        owned.set(name, request.version);
        await createDatabase(admin, name, request.template);
        return logins(name);
      }
      case 'drop':
        owned.delete(request.name);
        await dropDatabase(admin, request.name);
        return {};
      case 'template': {
        const template = await holdTemplate(templates, request.template);
        if (template.built) return { build: false };
        building.add(template);
        await dropDatabase(admin, request.template);
        await createDatabase(admin, request.template, undefined);
        return { build: true, ...logins(request.template) };
      }
      case 'built': {
        const template = templates.get(request.template);
        if (template) {
          building.delete(template);
          settleTemplate(template, request.built);
        }
        return {};
      }
    }
  };
  createInterface({ input: socket }).on('line', (line) => {
    const request: ClusterRequest = JSON.parse(line);
    answer(request)
      .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }))
      .then((reply) => socket.write(`${JSON.stringify({ id: request.id, ...reply })}\n`));
  });
  socket.on('error', () => {});
  socket.on('close', async () => {
    for (const template of building) settleTemplate(template, false);
    for (const [name, version] of owned) {
      const { admin } = await cluster(version);
      await dropDatabase(admin, name).catch(() => {});
    }
  });
};

/** Waits until the template is built, or it is the asker's turn to build it. */
const holdTemplate = async (templates: Map<string, Template>, name: string): Promise<Template> => {
  let template = templates.get(name);
  if (!template) {
    template = { built: false, building: false, waiting: [] };
    templates.set(name, template);
  }
  while (!template.built && template.building) {
    const { waiting } = template;
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  if (!template.built) template.building = true;
  return template;
};

const settleTemplate = (template: Template, built: boolean): void => {
  template.built = built;
  template.building = false;
  for (const resume of template.waiting.splice(0)) resume();
};

const createDatabase = async (admin: Pool, name: string, template: string | undefined): Promise<void> => {
  const from = quoteIdent(template ?? 'template0');
  await run(
    admin,
    `create database ${quoteIdent(name)} owner ashlar_owner template ${from} strategy file_copy`,
  );
};

const dropDatabase = (admin: Pool, name: string): Promise<void> =>
  run(admin, `drop database if exists ${quoteIdent(name)} with (force)`);

const run = async (admin: Pool, text: string): Promise<void> => {
  await admin.run([{ text, key: undefined, params: [] }], { slow: true });
};

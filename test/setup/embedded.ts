import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import {
  type ConnectOptions,
  createPool,
  type Embedded,
  type EmbeddedOptions,
  startEmbedded,
} from '../../src/db/index.ts';

/** Folders and a Postgres of a test's own; gone after the test. */
export type EmbeddedSetup = {
  /** A folder that only we can enter. */
  readonly makeFolder: (name?: string) => string;
  /** A folder with a cluster that was made before and stopped; making one takes a second, copying it does not. */
  readonly makeClusterFolder: () => Promise<string>;
  readonly start: (options: EmbeddedOptions) => Promise<Embedded>;
  /** What is removed after the test; more may be added. */
  readonly folders: string[];
  readonly running: Embedded[];
};

/** Registers the hooks that stop and remove what a test has made. */
export const useEmbedded = (): EmbeddedSetup => {
  const folders: string[] = [];
  const running: Embedded[] = [];
  let made: Promise<string> | undefined;

  const makeFolder = (name = ''): string => {
    const root = mkdtempSync(join(tmpdir(), 'ashlar-embedded-'));
    folders.push(root);
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };

  afterEach(async () => {
    await Promise.all(running.splice(0).map((embedded) => embedded.stop('immediate')));
    for (const folder of folders.splice(0))
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  afterAll(async () => {
    if (made) rmSync(await made, { recursive: true, force: true });
  });

  return {
    makeFolder,
    makeClusterFolder: async () => {
      made ??= (async () => {
        const folder = mkdtempSync(join(tmpdir(), 'ashlar-embedded-'));
        await (await startEmbedded({ folder })).stop();
        return folder;
      })();
      const folder = makeFolder();
      // Keeps the owner, which Node's own copying does not.
      execFileSync('cp', ['-a', join(await made, '.ashlar'), folder]);
      return folder;
    },
    start: async (options) => {
      const embedded = await startEmbedded(options);
      running.push(embedded);
      return embedded;
    },
    folders,
    running,
  };
};

/** Runs statements on a connection of their own; the rows of the last one as text. */
export const askDatabase = async (
  connect: ConnectOptions,
  ...texts: readonly string[]
): Promise<string[][]> => {
  const pool = createPool({ connect, acquireTimeoutMs: 3_000 });
  try {
    const outcomes = [];
    for (const text of texts) outcomes.push(...(await pool.run([{ text, key: undefined, params: [] }])));
    return (outcomes.at(-1)?.rows ?? []).map((row) => row.map(String));
  } finally {
    await pool.close();
  }
};

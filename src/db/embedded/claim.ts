import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { EmbeddedError } from './embedded-error.ts';
import { isGone, markProcess, type ProcessMark } from './process-mark.ts';

/** Who runs the Postgres of a folder; kept in a file of the folder for as long as it runs. */
export type Holder = {
  readonly process: ProcessMark;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** Where its API answers, once it does. */
  readonly url?: string;
};

/** The right to run Postgres on a folder; one process has it at a time. */
export type Claim = {
  /** Lets others know where we answer. */
  readonly announce: (url: string) => void;
  readonly release: () => void;
};

const touchEveryMs = 10_000;
/** A holder that we cannot see (in another container) and that has not touched its claim for so long is gone. */
const staleAfterMs = 35_000;

/**
 * Claims the folder by the file at `path`. A claim whose holder is gone is taken over.
 * Throws an EmbeddedError (`in-use`) that says who has it.
 */
export const claimFolder = (path: string, folder: string): Claim => {
  let holder: Holder = {
    process: markProcess(process.pid) ?? { pid: process.pid },
    host: hostname(),
    since: new Date().toISOString(),
  };
  for (let attempt = 0; !createWhole(path, JSON.stringify(holder)); attempt++) {
    const other = readHolder(path);
    if (other && (attempt > 20 || !isAbandoned(path, other.holder))) throw inUse(folder, other.holder);
    if (other) removeIfUnchanged(path, other.text);
  }
  const timer = setInterval(() => touch(path), touchEveryMs);
  timer.unref();
  return {
    announce: (url) => {
      holder = { ...holder, url };
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, JSON.stringify(holder));
      renameSync(draft, path);
    },
    release: () => {
      clearInterval(timer);
      removeIfUnchanged(path, JSON.stringify(holder));
    },
  };
};

/** Who has the folder, whether or not it still lives; undefined: no one. */
export const readHolder = (path: string): { readonly holder: Holder; readonly text: string } | undefined => {
  try {
    const text = readFileSync(path, 'utf8');
    return { holder: JSON.parse(text), text };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Creates the file with all its content at once; false: there is one. */
const createWhole = (path: string, text: string): boolean => {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o644 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without links, such as those of memory cards.
    return createAlone(path, text);
  } finally {
    rmSync(draft, { force: true });
  }
};

const createAlone = (path: string, text: string): boolean => {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const isAbandoned = (path: string, holder: Holder): boolean => {
  const gone = isGone(holder.process);
  if (gone !== 'unknown') return gone;
  const entry = statSync(path, { throwIfNoEntry: false });
  return !entry || Date.now() - entry.mtimeMs > staleAfterMs;
};

/** Removes the claim, unless it is another by now: someone may have taken it over between our looking and acting. */
const removeIfUnchanged = (path: string, text: string): void => {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, 'utf8') !== text) createWholeFrom(aside, path);
  rmSync(aside, { force: true });
};

const createWholeFrom = (aside: string, path: string): void => {
  try {
    linkSync(aside, path);
  } catch {
    renameSync(aside, path);
  }
};

const touch = (path: string): void => {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The folder was removed under us; whoever did that knows.
  }
};

const inUse = (folder: string, { process: { pid }, host, since, url }: Holder): EmbeddedError =>
  new EmbeddedError(
    'in-use',
    `The database in ${folder} is in use by process ${pid}${host === hostname() ? '' : ` on ${host}`}, which has been running since ${since}${url ? ` and answers at ${url}` : ''}. Stop that one first, or use it.`,
  );

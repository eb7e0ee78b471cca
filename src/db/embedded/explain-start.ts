import { EmbeddedError, type EmbeddedErrorKind } from './embedded-error.ts';
import { markProcess } from './process-mark.ts';

/** What is known where Postgres did not start. */
type Failed = {
  readonly dataDir: string;
  readonly socketDir: string;
  readonly port: string | undefined;
  /** What Postgres said. */
  readonly log: string;
};

/** A failure that is known by what Postgres says of it, and what to do about it. */
type KnownFailure = {
  readonly kind: EmbeddedErrorKind;
  readonly said: RegExp;
  readonly explain: (failed: Failed, found: RegExpExecArray) => string;
};

const tellDiskFull = (folder: string): string =>
  `The disk that holds ${folder} is full, and Postgres cannot run without room to write. Free some space on it (df -h ${folder} tells how much there is), then start again. Nothing that was committed is lost.`;

/** The more particular first: what is shared memory is on no disk. */
const knownFailures: readonly KnownFailure[] = [
  {
    kind: 'port-taken',
    said: /could not bind IPv4 address .*(in use|EADDRINUSE)/i,
    explain: ({ port }) =>
      `Postgres cannot listen on port ${port}: something else does. Choose another port, or none.`,
  },
  {
    kind: 'no-memory',
    said: /shared memory segment.*No space left on device/,
    explain: () =>
      'There is too little shared memory (/dev/shm) for Postgres. In a container, give it more: docker run --shm-size=256m.',
  },
  {
    kind: 'disk-full',
    said: /No space left on device|Disk quota exceeded/i,
    explain: ({ dataDir }) => tellDiskFull(dataDir),
  },
  {
    kind: 'no-memory',
    said: /Cannot allocate memory|could not map anonymous shared memory/,
    explain: () =>
      'There is too little memory for Postgres. Free some, or let it take less: write shared_buffers = 32MB into the file postgresql.auto.conf of its data.',
  },
  {
    kind: 'still-in-use',
    said: /pre-existing shared memory block/,
    explain: ({ dataDir }) =>
      `Processes of the Postgres that ran on ${dataDir} before are still there, and did not end when they were asked to. Find them (ps -ef | grep postgres) and end them, then start again.`,
  },
  {
    kind: 'locked',
    said: /lock file "postmaster\.pid" (?:already exists|is empty)/,
    explain: ({ dataDir, log }) => {
      const pid = /\(PID (\d+)\) running in data directory/.exec(log)?.[1];
      if (pid !== undefined && markProcess(Number(pid)) === undefined)
        return `Process ${pid}, which ran Postgres on ${dataDir}, is dead, but the system still lists it, as its parent has not collected it. In a container, run with an init (docker run --init); else it goes when the machine restarts.`;
      const who =
        pid === undefined
          ? 'is there and says nothing'
          : `says that process ${pid} runs Postgres on it. There is a process ${pid}, but it is no Postgres that we can see on this data: most likely that number has gone to another program since (ps -p ${pid} tells which)`;
      return `The file ${dataDir}/postmaster.pid ${who}. If you are sure that no Postgres runs on this data, in no other container and on no other machine either, delete that file and start again. If one does, two at once would destroy the data.`;
    },
  },
  {
    kind: 'no-socket',
    said: /(?:could not (?:create lock file|open lock file|bind Unix address|create Unix-domain socket)|could not create any Unix-domain sockets|Unix-domain socket path .* is too long).*/,
    explain: ({ socketDir }, [said]) =>
      `Postgres cannot make its socket in ${socketDir}: ${said.replace(/"[^"]*\/(\.s\.PGSQL[^"]*)"/, '"$1"')}. Remove that folder if it is left over, and see that the folder above can be written to.`,
  },
  {
    kind: 'foreign-data',
    said: /could not open (?:configuration )?file "[^"]*": Permission denied/,
    explain: ({ dataDir, log }) =>
      `The user that Postgres runs as may not read the data in ${dataDir}, as happens to a copy that another user made:\n${lastLines(log, dataDir)}\nGive the folder to the user that its original belongs to (chown -R USER: ${dataDir}).`,
  },
  {
    kind: 'start-failed',
    said: /configuration file "([^"]+)" contains errors/,
    explain: ({ dataDir, log }) =>
      `A setting of Postgres is wrong:\n${lastLines(log, dataDir)}\nWhat ALTER SYSTEM has set is in ${dataDir}/postgresql.auto.conf: take the line away there, and start again.`,
  },
  {
    kind: 'foreign-data',
    said: /data directory "[^"]*" has (?:invalid permissions|wrong ownership)/,
    explain: ({ dataDir, log }) =>
      `Postgres refuses the data in ${dataDir} because of whom it belongs to or who may read it:\n${lastLines(log, dataDir)}\nIt has to belong to the user that Postgres runs as, and to be closed to others (chmod 700 ${dataDir}).`,
  },
  {
    kind: 'damaged',
    said: /could not find the database system|PANIC: {2}(?:could not locate a valid checkpoint record|could not read (?:from )?(?:control )?file)|FATAL: {2}(?:could not open file "global|incorrect checksum in control file|database files are incompatible)/,
    explain: ({ dataDir, log }) =>
      `The data in ${dataDir} is damaged or not complete, so Postgres does not start on it:\n${lastLines(log, dataDir)}\nKeep a copy of the folder as it is, and restore a backup.`,
  },
];

/** What stands before each line of the log: the time and the process (see `log_line_prefix`). */
const prefix = /^\S+ \S+ UTC \[\d+\] (?:\S+@\S+ )?/;

/** The end of the log, as a person reads it: the same for the same reason, whenever that is. */
const lastLines = (log: string, dataDir: string): string =>
  log
    .trim()
    .split('\n')
    .slice(-12)
    .map((line) => `  ${line.replace(prefix, '').replaceAll('/proc/self/cwd', dataDir)}`)
    .join('\n');

/** Why Postgres did not start, and what to do, by what it said. */
export const explainStart = (failed: Failed): EmbeddedError => {
  for (const { kind, said, explain } of knownFailures) {
    const found = said.exec(failed.log);
    if (found !== null) return new EmbeddedError(kind, explain(failed, found));
  }
  return new EmbeddedError(
    'start-failed',
    `Postgres did not start on ${failed.dataDir}. It said:\n${lastLines(failed.log, failed.dataDir)}`,
  );
};

export const diskFull = (folder: string, cause?: unknown): EmbeddedError =>
  new EmbeddedError('disk-full', tellDiskFull(folder), cause);

/** The same for an error of the file system that we ran into ourselves; others are given back as they are. */
export const explainFileError = (error: unknown, folder: string): unknown =>
  isDiskFull(error) ? diskFull(folder, error) : error;

export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

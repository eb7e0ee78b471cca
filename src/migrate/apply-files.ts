import type { Finding } from '../base/index.ts';
import { isPgError, type Session } from '../db/index.ts';
import { Extensions } from './extensions.ts';
import { type Guard, refuseFindings, Watch } from './guard.ts';
import { type LedgerKind, recordEntry } from './ledger.ts';
import { type MigrationFailure, readFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';
import type { OnProgress } from './migration-progress.ts';
import { type PreparedFile, prepareFile } from './prepare-file.ts';
import { runFile } from './run-file.ts';
import { resetRole, resetSession } from './session-state.ts';

export type AppliedFile = {
  readonly name: string;
  readonly durationMs: number;
};

/** A file that was run in the open transaction, and how long that took. */
type RunFile = { readonly file: MigrationFile; readonly durationMs: number };

export type FilesRun = {
  readonly applied: readonly AppliedFile[];
  readonly findings: readonly Finding[];
  readonly failure: MigrationFailure | undefined;
};

/** Applies and records files in order, until one fails. */
export const applyFiles = async (
  session: Session,
  files: readonly MigrationFile[],
  kind: LedgerKind,
  onProgress: OnProgress,
  guard: Guard | undefined,
): Promise<FilesRun> => {
  if (files.length === 0) return { applied: [], findings: [], failure: undefined };
  const run = new ApplyRun(session, kind, onProgress, guard);
  try {
    const failure = await run.apply(files);
    return { applied: run.applied, findings: run.findings, failure };
  } finally {
    await resetSession(session).catch(() => {});
  }
};

class ApplyRun {
  readonly applied: AppliedFile[] = [];
  readonly findings: Finding[] = [];
  readonly #session: Session;
  readonly #kind: LedgerKind;
  readonly #onProgress: OnProgress;
  readonly #extensions: Extensions;
  readonly #watch: Watch;
  /** Files that were run and are not committed, because of what they have brought about. */
  #held: RunFile[] = [];

  constructor(session: Session, kind: LedgerKind, onProgress: OnProgress, guard: Guard | undefined) {
    this.#session = session;
    this.#kind = kind;
    this.#onProgress = onProgress;
    this.#extensions = new Extensions(session);
    this.#watch = new Watch(session, guard);
  }

  async apply(files: readonly MigrationFile[]): Promise<MigrationFailure | undefined> {
    await this.#session.query('begin');
    await this.#watch.begin();
    await this.#session.query('rollback');
    for (const file of files) {
      const failure = await this.#applyFile(file);
      if (failure === undefined) continue;
      return this.#held.length === 0 ? failure : this.#letGo(failure);
    }
    const { since, found } = this.#watch;
    if (since === undefined) return undefined;
    const refusal = refuseFindings(since, found, this.#tellWhatStays(since));
    return this.#held.length === 0 ? refusal : this.#letGo(refusal);
  }

  async #applyFile(file: MigrationFile): Promise<MigrationFailure | undefined> {
    this.#onProgress({ kind: 'applying', file: file.path });
    const reading = prepareFile(file);
    if ('failure' in reading) return reading.failure;
    if (!reading.prepared.transaction) return this.#applyAlone(reading.prepared);
    if (this.#held.length === 0) return this.#applyWhole(reading.prepared);
    const failure = await this.#applyHeld(reading.prepared);
    if (failure?.code !== '55P04') return failure;
    // A new value of an enum can be used once the transaction that has added it is over.
    return (await this.#commitHeld(file)) ?? this.#applyWhole(reading.prepared);
  }

  /** A file without a transaction: each of its statements is for itself. */
  async #applyAlone(prepared: PreparedFile): Promise<MigrationFailure | undefined> {
    if (this.#held.length > 0) {
      const failure = await this.#commitHeld(prepared.file);
      if (failure) return failure;
    }
    await resetSession(this.#session);
    const start = performance.now();
    const failure = await runFile(this.#session, prepared, this.#extensions, this.#onProgress);
    if (failure) return failure;
    await resetSession(this.#session);
    await this.#session.query('begin');
    const run = await this.#record(prepared.file, start);
    await this.#watch.look(prepared.file);
    await this.#session.query('commit');
    this.#tellApplied(run);
    return undefined;
  }

  async #applyWhole(prepared: PreparedFile): Promise<MigrationFailure | undefined> {
    await resetSession(this.#session);
    await this.#session.query('begin');
    const start = performance.now();
    const failure = await runFile(this.#session, prepared, this.#extensions, this.#onProgress);
    if (failure) return failure;
    return this.#finish(prepared.file, start);
  }

  /** One more file in the transaction that is open. */
  async #applyHeld(prepared: PreparedFile): Promise<MigrationFailure | undefined> {
    const { file } = prepared;
    try {
      // Else a file that changes a table with checks outstanding would fail, which it does not by itself.
      await this.#session.query('set constraints all immediate');
    } catch (error) {
      if (!isPgError(error)) throw error;
      return readFailure(this.#held.at(-1)?.file ?? file, undefined, error);
    }
    await this.#session.query('savepoint ashlar_file');
    await resetSession(this.#session);
    const start = performance.now();
    const undo = 'rollback to savepoint ashlar_file';
    const failure = await runFile(this.#session, prepared, this.#extensions, this.#onProgress, undo);
    return failure ?? this.#finish(file, start);
  }

  /** Commits what was run, unless it would bring about what must not be: then it is held. */
  async #finish(file: MigrationFile, start: number): Promise<MigrationFailure | undefined> {
    this.#held.push(await this.#record(file, start));
    await this.#watch.look(file);
    return this.#watch.since === undefined ? this.#commit(file) : undefined;
  }

  async #record({ name, checksum, ...rest }: MigrationFile, start: number): Promise<RunFile> {
    await resetRole(this.#session);
    const durationMs = performance.now() - start;
    await recordEntry(this.#session, { kind: this.#kind, name, checksum, durationMs, baseline: false });
    return { file: { name, checksum, ...rest }, durationMs };
  }

  async #commit(last: MigrationFile): Promise<MigrationFailure | undefined> {
    try {
      await this.#session.query('commit');
    } catch (error) {
      // A deferred constraint or trigger has the last word.
      this.#held = [];
      if (isPgError(error)) return readFailure(last, undefined, error);
      throw error;
    }
    for (const run of this.#held) this.#tellApplied(run);
    this.#held = [];
    return undefined;
  }

  /** What follows cannot be run in the same transaction, so what is held comes to be for a while. */
  async #commitHeld(next: MigrationFile): Promise<MigrationFailure | undefined> {
    for (const finding of this.#watch.found)
      this.findings.push({
        ...finding,
        message: `${finding.message} It could not be held back until it is mended, because ${next.name} needs what was committed before it.`,
      });
    return this.#commit(next);
  }

  #tellApplied({ file, durationMs }: RunFile): void {
    this.applied.push({ name: file.name, durationMs });
    this.#onProgress({ kind: 'applied', file: file.path, durationMs });
  }

  /** Undoes what is held. */
  async #letGo(failure: MigrationFailure): Promise<MigrationFailure> {
    await this.#session.query('rollback');
    const others = this.#held.map(({ file }) => file).filter(({ path }) => path !== failure.file);
    this.#held = [];
    if (others.length === 0) return failure;
    const names = others.map(({ name }) => name).join(', ');
    return {
      ...failure,
      help: [
        ...failure.help,
        `Undone with it: ${names}. What opens a table is only applied together with what closes it.`,
      ],
    };
  }

  #tellWhatStays(file: MigrationFile): readonly string[] {
    if (!this.applied.some(({ name }) => name === file.name)) return [];
    return [`${file.name} has been applied and stays. Mend it with a new migration, at once.`];
  }
}

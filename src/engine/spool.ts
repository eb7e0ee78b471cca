import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CancelSignal, releaseMemory } from '../base/index.ts';
import type { OnOverflow, Outcome, Row } from '../db/index.ts';
import type { AnswerBody, RowSink } from './answer.ts';
import type { Framing } from './frame.ts';
import { RowStream, type StreamColumns } from './stream.ts';

/** Bytes that are read back at once. */
const LENGTH = 64 * 1024;

const isWindows = process.platform === 'win32';

/** Bytes that wait in a file without a name; what cannot be written waits in memory. */
class SpoolFile {
  #file: FileHandle | undefined;
  #path: string | undefined;
  /** Bytes in the file. */
  #length = 0;
  readonly #rest: Buffer[] = [];
  #failed = false;

  append = async (chunk: Buffer, release: () => void): Promise<void> => {
    if (!this.#failed) {
      try {
        this.#file ??= await this.#open();
        await this.#file.write(chunk, 0, chunk.length, this.#length);
        this.#length += chunk.length;
        release();
        return;
      } catch {
        // A full disk must not undo a write that the database could do.
        this.#failed = true;
      }
    }
    this.#rest.push(chunk);
  };

  async #open(): Promise<FileHandle> {
    const path = join(tmpdir(), `ashlar-answer-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    // An open file needs no name, and without one nothing has to be cleaned up after a crash.
    if (isWindows) this.#path = path;
    else await unlink(path);
    return file;
  }

  async handTo(sink: RowSink): Promise<void> {
    for (let at = 0; at < this.#length && this.#file !== undefined; ) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(LENGTH, this.#length - at));
      const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw new Error('The file of a long answer has become shorter.');
      at += bytesRead;
      await sink(chunk.subarray(0, bytesRead), () => releaseMemory(chunk.buffer));
    }
    for (const chunk of this.#rest) await sink(chunk, () => {});
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
    if (this.#path !== undefined) await unlink(this.#path);
  }
}

/**
 * Keeps the rows of an answer that must not begin before its transaction is over, as a write that could still fail,
 * or whose head is only known then. A few are kept in memory, many in a temporary file: they need no memory, and
 * a client that takes its time keeps no transaction open.
 *
 * @example
 * const spool = new Spool(framing, columns);
 * const outcomes = await pool.run(statements, { maxBytes: 1_000_000, onOverflow: spool.onOverflow });
 * if (spool.used) await spool.finish(); // the body; else the rows are in the outcomes
 */
export class Spool {
  readonly #framing: Framing;
  readonly #columns: StreamColumns;
  readonly #file = new SpoolFile();
  #stream: RowStream | undefined;
  #body: AnswerBody | undefined;
  #written: Promise<void> | undefined;

  constructor(framing: Framing, columns: StreamColumns) {
    this.#framing = framing;
    this.#columns = columns;
  }

  /** Whether there were more rows than were to be kept. */
  get used(): boolean {
    return this.#stream !== undefined;
  }

  get rows(): number {
    return this.#stream?.rows ?? 0;
  }

  get total(): number | undefined {
    return this.#stream?.total;
  }

  onOverflow: OnOverflow = (rows: readonly Row[]) => {
    const stream = new RowStream(this.#framing, this.#columns, (streamed) => {
      if (streamed.kind === 'whole') this.#body = { kind: 'whole', bytes: streamed.bytes };
      else this.#written = streamed.pump(this.#file.append);
    });
    this.#stream = stream;
    for (const row of rows) stream.add(row);
    return stream;
  };

  /** The transaction is over: the body of the answer. Until it has been pumped, the file is kept. */
  async finish(outcomes: readonly Outcome[], signal: CancelSignal | undefined): Promise<AnswerBody> {
    await this.#stream?.finish(outcomes);
    if (this.#body !== undefined) return this.#body;
    await this.#written;
    const close = (): void => void this.#file.close();
    if (signal?.aborted) close();
    signal?.addEventListener('abort', close, { once: true });
    return {
      kind: 'streamed',
      pump: async (sink) => {
        try {
          await this.#file.handTo(sink);
        } finally {
          signal?.removeEventListener('abort', close);
          await this.#file.close();
        }
      },
    };
  }

  /** The transaction has failed. */
  async discard(error: unknown): Promise<void> {
    this.#stream?.fail(error);
    await this.#written?.catch(() => {});
    await this.#file.close();
  }
}

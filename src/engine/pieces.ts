import { releaseMemory } from '../base/index.ts';
import type { RowSink } from './answer.ts';

/** Bytes of a piece, unless it is a long value. */
const LENGTH = 64 * 1024;

type Piece = { readonly bytes: Buffer; readonly release: () => void };

/** Gathers bytes in pieces of one length. */
export class Pieces {
  /** Bytes that were not handed over yet. */
  size = 0;
  #done: Piece[] = [];
  #open: Buffer | undefined;
  #fill = 0;

  /** Adds a copy of some bytes. */
  copy(bytes: Buffer, start = 0, end = bytes.length): void {
    this.size += end - start;
    for (let at = start; at < end; ) {
      this.#open ??= Buffer.allocUnsafeSlow(LENGTH);
      const copied = bytes.copy(this.#open, this.#fill, at, end);
      at += copied;
      this.#fill += copied;
      if (this.#fill === LENGTH) this.#close();
    }
  }

  /** Adds bytes as they are, as a piece of their own. `release` gives their memory back. */
  pass(bytes: Buffer, release: () => void): void {
    this.#close();
    this.size += bytes.length;
    this.#done.push({ bytes, release });
  }

  #close(): void {
    if (this.#open === undefined) return;
    const bytes = this.#open.subarray(0, this.#fill);
    this.#done.push({ bytes, release: () => releaseMemory(bytes.buffer) });
    this.#open = undefined;
    this.#fill = 0;
  }

  /** Hands over, one after the other, the pieces that are full; with `rest` also the last one. */
  async handTo(sink: RowSink, rest: boolean): Promise<void> {
    if (rest) this.#close();
    for (const { bytes, release } of this.#done.splice(0)) {
      this.size -= bytes.length;
      await sink(bytes, release);
    }
  }

  /** Whether a piece waits to be handed over. */
  get full(): boolean {
    return this.#done.length > 0;
  }

  /** All of it in one piece. */
  take(): Buffer {
    this.#close();
    const done = this.#done.splice(0);
    this.size = 0;
    return done.length === 1 ? (done[0] as Piece).bytes : Buffer.concat(done.map(({ bytes }) => bytes));
  }
}

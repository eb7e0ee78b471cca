import { releaseMemory } from '../base/index.ts';

/**
 * Called for each message of the server: its type byte and where its body lies in `buffer`. The bytes
 * stay valid for as long as those of the chunk do, or, of a message that did not lie whole in one, for as long as they
 * are referenced.
 */
export type OnMessage = (type: number, buffer: Buffer, start: number, end: number) => void;

const headerLength = 5;

/** A message that is longer than this and of no use any more is given back at once, and so are its chunks. */
const longMessage = 256 * 1024;

/** Gives back the memory of a long message, which no other message shares. */
export const releaseLong = (message: Buffer): void => {
  if (message.length > longMessage && message.length === message.buffer.byteLength)
    releaseMemory(message.buffer);
};

/**
 * Cuts the server's byte stream into messages, however it was split into chunks. A message that lies
 * whole in a chunk is not copied; one that does not is put together in a buffer of its own size, so a
 * row of many megabytes is copied once.
 *
 * Source: Postgres, "Message Formats": a type byte, then the length (4 bytes, counting itself).
 */
export class MessageReader {
  readonly #onMessage: OnMessage;
  /** Header of a message of which fewer than five bytes have come. */
  readonly #header = Buffer.alloc(headerLength);
  #headerFill = 0;
  /** A message of which the header has come, and how many of its bytes have. */
  #message: Buffer | undefined;
  #messageFill = 0;

  constructor(onMessage: OnMessage) {
    this.#onMessage = onMessage;
  }

  /**
   * @param length how much of the chunk is to be read, where its memory is the caller's to use again; by default it is
   * all of it, and its memory may be given back
   */
  feed(chunk: Buffer, length?: number): void {
    const end = length ?? chunk.length;
    let at = 0;
    if (this.#headerFill > 0 || this.#message) {
      at = this.#continue(chunk, end, length === undefined);
      if (this.#headerFill > 0 || this.#message) return;
    }
    while (end - at >= headerLength) {
      const next = at + 1 + readLength(chunk, at + 1);
      if (next > end) {
        this.#begin(next - at, chunk, at, end);
        return;
      }
      this.#onMessage(chunk[at] as number, chunk, at + headerLength, next);
      at = next;
    }
    if (at < end) {
      chunk.copy(this.#header, 0, at, end);
      this.#headerFill = end - at;
    }
  }

  /** Goes on with the message that the last chunk broke off in; gives where the rest begins. */
  #continue(chunk: Buffer, end: number, releases: boolean): number {
    let at = 0;
    if (!this.#message) {
      at = chunk.copy(this.#header, this.#headerFill, 0, Math.min(end, headerLength - this.#headerFill));
      this.#headerFill += at;
      if (this.#headerFill < headerLength) return at;
      this.#headerFill = 0;
      this.#begin(1 + readLength(this.#header, 1), this.#header, 0, headerLength);
    }
    const message = this.#message as Buffer;
    const taken = chunk.copy(message, this.#messageFill, at, end);
    this.#messageFill += taken;
    if (this.#messageFill === message.length) {
      this.#message = undefined;
      this.#onMessage(message[0] as number, message, headerLength, message.length);
    } else if (releases && message.length > longMessage && chunk.length === chunk.buffer.byteLength) {
      releaseMemory(chunk.buffer);
    }
    return at + taken;
  }

  #begin(length: number, chunk: Buffer, at: number, end: number): void {
    this.#message = Buffer.allocUnsafeSlow(length);
    this.#messageFill = chunk.copy(this.#message, 0, at, end);
  }
}

const readLength = (buffer: Buffer, at: number): number => {
  const length =
    ((buffer[at] as number) << 24) |
    ((buffer[at + 1] as number) << 16) |
    ((buffer[at + 2] as number) << 8) |
    (buffer[at + 3] as number);
  if (length < 4) throw new RangeError(`The server sent a message of length ${length}.`);
  return length;
};

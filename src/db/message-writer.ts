import type { Param } from './statement.ts';

const firstSize = 16 * 1024;
/** A buffer that grew beyond this for one large exchange is not kept. */
const keptSize = 256 * 1024;

const Type = { parse: 0x50, bind: 0x42, describe: 0x44, execute: 0x45, close: 0x43, sync: 0x53 } as const;

/**
 * Writes messages of the extended query protocol one behind the other into one buffer, so that
 * everything that is to be sent at a time goes out in one write.
 *
 * Source: Postgres, "Message Formats" (Frontend).
 */
export class MessageWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(firstSize);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** What was written since the last `reset`. Valid until then. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  /** Begins anew. `reuse`: the bytes given out are no longer needed by anyone. */
  reset(reuse: boolean): void {
    this.#at = 0;
    if (!reuse || this.#buffer.length > keptSize) this.#buffer = Buffer.allocUnsafeSlow(firstSize);
  }

  parse(name: string, text: string, types: readonly number[]): void {
    const start = this.#begin(Type.parse, 16 + name.length + types.length * 4);
    this.#ascii(name);
    this.#byte(0);
    this.#utf8(text);
    this.#reserve(3 + types.length * 4);
    this.#byte(0);
    this.#int16(types.length);
    for (const type of types) this.#int32(type);
    this.#end(start);
  }

  /** Bind of the unnamed portal: all parameters and all results in text format. */
  bind(name: string, params: readonly Param[]): void {
    const start = this.#begin(Type.bind, 16 + name.length);
    this.#byte(0);
    this.#ascii(name);
    this.#byte(0);
    this.#int16(0);
    this.#int16(params.length);
    for (let i = 0; i < params.length; i++) this.#param(params[i] as Param);
    this.#reserve(2);
    this.#int16(0);
    this.#end(start);
  }

  describePortal(): void {
    this.#reserve(7);
    this.#byte(Type.describe);
    this.#int32(6);
    this.#byte(0x50);
    this.#byte(0);
  }

  /** Execute of the unnamed portal, all rows. */
  execute(): void {
    this.#reserve(10);
    this.#byte(Type.execute);
    this.#int32(9);
    this.#byte(0);
    this.#int32(0);
  }

  closeStatement(name: string): void {
    const start = this.#begin(Type.close, 8 + name.length);
    this.#byte(0x53);
    this.#ascii(name);
    this.#byte(0);
    this.#end(start);
  }

  sync(): void {
    this.#reserve(5);
    this.#byte(Type.sync);
    this.#int32(4);
  }

  #begin(type: number, room: number): number {
    this.#reserve(room);
    this.#buffer[this.#at] = type;
    const start = this.#at + 1;
    this.#at += 5;
    return start;
  }

  #end(start: number): void {
    this.#putInt32(start, this.#at - start);
  }

  #param(value: Param): void {
    if (value === null) {
      this.#reserve(4);
      this.#int32(-1);
      return;
    }
    const start = this.#at;
    if (typeof value === 'string') {
      this.#reserve(4);
      this.#at += 4;
      this.#utf8(value);
    } else {
      this.#reserve(4 + value.length);
      this.#buffer.set(value, start + 4);
      this.#at += 4 + value.length;
    }
    this.#putInt32(start, this.#at - start - 4);
  }

  /** Short text is mostly ASCII, for which a loop beats the call into native code. */
  #utf8(text: string): void {
    const length = text.length;
    this.#reserve(length <= 4096 ? length * 3 : Buffer.byteLength(text));
    if (length <= 24) {
      const buffer = this.#buffer;
      const at = this.#at;
      let i = 0;
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        buffer[at + i] = unit;
      }
      if (i === length) {
        this.#at += length;
        return;
      }
    }
    this.#at += this.#buffer.write(text, this.#at);
  }

  #ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.#buffer[this.#at++] = text.charCodeAt(i);
  }

  #byte(value: number): void {
    this.#buffer[this.#at++] = value;
  }

  #int16(value: number): void {
    this.#buffer[this.#at++] = value >>> 8;
    this.#buffer[this.#at++] = value;
  }

  #int32(value: number): void {
    this.#putInt32(this.#at, value);
    this.#at += 4;
  }

  #putInt32(at: number, value: number): void {
    const buffer = this.#buffer;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }
}

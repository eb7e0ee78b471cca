import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageReader } from './message-reader.ts';

type Message = { readonly type: number; readonly body: string };

const collect = (): { readonly messages: Message[]; readonly reader: MessageReader } => {
  const messages: Message[] = [];
  const reader = new MessageReader((type, buffer, start, end) => {
    messages.push({ type, body: buffer.toString('latin1', start, end) });
  });
  return { messages, reader };
};

const readAll = (chunks: readonly Buffer[]): Message[] => {
  const { messages, reader } = collect();
  for (const chunk of chunks) reader.feed(chunk);
  return messages;
};

/** Reads chunks that all come in the same memory. */
const readReused = (chunks: readonly Buffer[]): Message[] => {
  const { messages, reader } = collect();
  const memory = Buffer.alloc(1024);
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += memory.length) {
      memory.fill(0xff);
      reader.feed(memory, chunk.copy(memory, 0, at));
    }
  }
  return messages;
};

const encode = ({ type, body }: Message): Buffer => {
  const message = Buffer.alloc(5 + body.length);
  message[0] = type;
  message.writeInt32BE(4 + body.length, 1);
  message.write(body, 5, 'latin1');
  return message;
};

const split = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
};

const latin1 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const message = fc.record({ type: fc.integer({ min: 0, max: 255 }), body: latin1 });

describe('MessageReader', () => {
  it('finds the same messages wherever the stream was cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 12 }),
        fc.array(fc.nat(2_000), { maxLength: 30 }),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map(encode));
          expect(readAll(split(bytes, cuts))).toEqual(messages);
          expect(readReused(split(bytes, cuts))).toEqual(messages);
        },
      ),
    );
  });

  it('finds them when every byte comes alone', () => {
    const messages = [
      { type: 0x43, body: 'SELECT 1\0' },
      { type: 0x32, body: '' },
      { type: 0x5a, body: 'I' },
    ];
    const bytes = Buffer.concat(messages.map(encode));
    expect(readAll([...bytes].map((byte) => Buffer.from([byte])))).toEqual(messages);
  });

  it('keeps the bytes of a message valid after the next chunks have come', () => {
    const bodies: Buffer[] = [];
    const reader = new MessageReader((_type, buffer, start, end) => bodies.push(buffer.subarray(start, end)));
    const first = encode({ type: 1, body: 'first' });
    reader.feed(Buffer.concat([first.subarray(0, 7)]));
    reader.feed(Buffer.concat([first.subarray(7), encode({ type: 2, body: 'second' })]));
    reader.feed(encode({ type: 3, body: 'third' }));
    expect(bodies.map(String)).toEqual(['first', 'second', 'third']);
  });

  it('refuses a length that no message can have', () => {
    expect(() => readAll([Buffer.from([0x44, 0, 0, 0, 3])])).toThrow(RangeError);
    expect(() => readAll([Buffer.from([0x44, 0xff, 0xff, 0xff, 0xff])])).toThrow(RangeError);
  });
});

import { expect, test } from 'vitest';
import type { Outcome, RowTaker } from '../db/index.ts';
import { framingOf } from './frame.ts';
import { type Streamed, streamRows } from './stream.ts';

const framing = framingOf({ mode: 'rows', stripNulls: false })!;
const COLUMNS = { total: undefined, header: undefined };

/** A DataRow message as it comes: type, length, number of values, and each with its length. */
const message = (...values: (string | null)[]): Buffer => {
  const parts = values.flatMap((value) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : Buffer.byteLength(value));
    return value === null ? [length] : [length, Buffer.from(value)];
  });
  const body = Buffer.concat([Buffer.from([0, values.length]), ...parts]);
  const whole = Buffer.allocUnsafeSlow(5 + body.length);
  whole[0] = 0x44;
  whole.writeInt32BE(body.length + 4, 1);
  body.copy(whole, 5);
  return whole;
};

const pass = (taker: RowTaker, ...values: (string | null)[]): void => {
  const bytes = message(...values);
  taker.row(bytes, 5, bytes.length);
};

const read = async (streamed: Streamed): Promise<string> => {
  if (streamed.kind === 'whole') return streamed.bytes.toString();
  const chunks: string[] = [];
  await streamed.pump((bytes, release) => {
    chunks.push(bytes.toString());
    release();
  });
  return chunks.join('');
};

test('few rows are gathered, with their number and the total they tell', async () => {
  const outcomes: readonly Outcome[] = [];
  const streamed = await streamRows(
    async (taker) => {
      pass(taker, '{"a":1}', '7');
      pass(taker, null, '7');
      await taker.flush();
      return outcomes;
    },
    framing,
    { total: 1, header: undefined },
  );
  expect(streamed).toMatchObject({ kind: 'whole', rows: 2, total: 7, outcomes });
  expect(await read(streamed)).toBe('[{"a":1}, \n null]');
});

test('no rows are an empty array, or an empty line of CSV', async () => {
  const none = async (): Promise<readonly Outcome[]> => [];
  expect(await read(await streamRows(none, framing, COLUMNS))).toBe('[]');
  const csv = framingOf({ mode: 'csv' })!;
  expect(await read(await streamRows(none, csv, { total: undefined, header: 1 }))).toBe('\n');
});

test('CSV has the names of its columns before the first row', async () => {
  const streamed = await streamRows(
    async (taker) => {
      pass(taker, '1,x', 'id,name');
      pass(taker, '2,y', null);
      return [];
    },
    framingOf({ mode: 'csv' })!,
    { total: undefined, header: 1 },
  );
  expect(await read(streamed)).toBe('id,name\n1,x\n2,y');
});

test('many rows and long ones are handed over as they come, in their order', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `"${String(i).repeat(i % 7 === 0 ? 300_000 : 20_000)}"`);
  const streamed = await streamRows(
    async (taker) => {
      for (const row of rows) {
        pass(taker, row);
        await taker.flush();
      }
      return [];
    },
    framing,
    COLUMNS,
  );
  expect(streamed.kind).toBe('streamed');
  expect(await read(streamed)).toBe(`[${rows.join(', \n ')}]`);
});

test('rows wait until they are wanted', async () => {
  let passed = 0;
  const streamed = await streamRows(
    async (taker) => {
      for (; passed < 100; passed++) {
        pass(taker, `"${'x'.repeat(100_000)}"`);
        await taker.flush();
      }
      return [];
    },
    framing,
    COLUMNS,
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(passed).toBeLessThan(5);
  await read(streamed);
  expect(passed).toBe(100);
});

test('a failure is the answer if nothing was handed over, and else that of the pump', async () => {
  const failing = (rows: number) => async (taker: RowTaker) => {
    for (let i = 0; i < rows; i++) {
      pass(taker, `"${'x'.repeat(100_000)}"`);
      await taker.flush();
    }
    throw new Error('broken');
  };
  await expect(streamRows(failing(1), framing, COLUMNS)).rejects.toThrow('broken');
  const streamed = await streamRows(failing(10), framing, COLUMNS);
  await expect(read(streamed)).rejects.toThrow('broken');
});

test('a sink that fails stops the rows', async () => {
  let stopped: unknown;
  const streamed = await streamRows(
    async (taker) => {
      try {
        for (;;) {
          pass(taker, `"${'x'.repeat(100_000)}"`);
          await taker.flush();
        }
      } catch (error) {
        stopped = error;
        throw error;
      }
    },
    framing,
    COLUMNS,
  );
  if (streamed.kind === 'whole') throw new Error('it is too long for that');
  const leave = (): never => {
    throw new Error('gone');
  };
  await expect(streamed.pump(leave)).rejects.toThrow('gone');
  expect(stopped).toMatchObject({ message: 'gone' });
});

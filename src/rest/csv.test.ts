import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../base/index.ts';
import { isLongCsv, parseCsv, parseLongCsv } from './csv.ts';

const quoteField = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('long CSV reads as short CSV does, wherever the pauses fall', async () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'ä', ' '), maxLength: 12 });
  const { signal } = new AbortController();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 20 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      async (rows, newline) => {
        const lines = rows.map((row) => row.map(quoteField).join(','));
        const pattern = `${lines.join(newline)}${newline}`;
        const times = Math.ceil(200_000 / Buffer.byteLength(pattern));
        const bytes = Buffer.from(`a,"b"${newline}${pattern.repeat(times)}`);
        expect(isLongCsv(bytes)).toBe(true);
        const read = await parseLongCsv(bytes, signal);
        expect(read.columns).toEqual(['a', 'b']);
        expect(read.json === parseCsv(bytes).json).toBe(true);
        expect(JSON.parse(read.json).slice(0, rows.length)).toEqual(rows.map(([a, b]) => ({ a, b })));
      },
    ),
    { numRuns: 20 },
  );
});

test('while long CSV is read, others are served', async () => {
  const bytes = Buffer.from(`a\n${'x\n'.repeat(500_000)}`);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const { json } = await parseLongCsv(bytes, new AbortController().signal);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  expect(JSON.parse(json)).toHaveLength(500_000);
});

test('nobody reads on for a client that has left', async () => {
  const bytes = Buffer.from(`a\n${'x\n'.repeat(500_000)}`);
  const controller = new AbortController();
  const reading = parseLongCsv(bytes, controller.signal);
  controller.abort(new Error('left'));
  await expect(reading).rejects.toThrow('left');
});

test('CSV that cannot be read is refused, long or short', async () => {
  const refusal = (text: string): string | undefined => {
    const read = attempt(() => parseCsv(Buffer.from(text)));
    return read.ok ? undefined : read.problem.message;
  };
  expect(refusal('')).toBe('not enough input');
  expect(refusal('a,b\n1\n')).toBe('All lines must have same number of fields');
  expect(refusal('a\n"1\n')).toMatch(/Quote Not Closed/);
  const { signal } = new AbortController();
  const long = 'x,y\n'.repeat(50_000);
  await expect(parseLongCsv(Buffer.from(`a,b\n${long}1\n`), signal)).rejects.toThrow('same number of fields');
  await expect(parseLongCsv(Buffer.from(`a,b\n${long}"1\n`), signal)).rejects.toThrow('Quote Not Closed');
});

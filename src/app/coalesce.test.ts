import { describe, expect, test } from 'vitest';
import { coalesce } from './coalesce.ts';

/** Work that ends when it is told to. */
const control = () => {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const call = coalesce(() => new Promise<void>((resolve, reject) => ends.push({ resolve, reject })));
  return { ends, call };
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a call that is coalesced', () => {
  test('runs at once, and alone', async () => {
    const { ends, call } = control();
    const first = call();
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    await first;
    void call();
    expect(ends).toHaveLength(2);
  });

  test('is shared by all that come while one is under way, and follows that one', async () => {
    const { ends, call } = control();
    void call();
    const [second, third] = [call(), call()];
    expect(second).toBe(third);
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    await settle();
    expect(ends).toHaveLength(2);
    ends[1]?.resolve();
    await Promise.all([second, third]);
    expect(ends).toHaveLength(2);
  });

  test('runs after one that failed', async () => {
    const { ends, call } = control();
    const first = call();
    const second = call();
    ends[0]?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await settle();
    ends[1]?.resolve();
    await second;
  });
});

import { describe, expect, test } from 'vitest';
import { PgError } from '../db/index.ts';
import { retryCollisions } from './catalog-collision.ts';

const collision = new PgError({ severity: 'ERROR', code: 'XX000', message: 'tuple concurrently updated' }, 0);
const other = new PgError({ severity: 'ERROR', code: 'XX000', message: 'cache lookup failed' }, 0);

/** Fails with these errors, one after the other, then succeeds. */
const failing = (errors: readonly Error[]) => {
  const left = [...errors];
  const work = async (): Promise<string> => {
    const error = left.shift();
    if (error) throw error;
    return 'done';
  };
  return { work, left };
};

describe('work on the catalogs of a cluster', () => {
  test('is done again after it has collided with that of another session', async () => {
    expect(await retryCollisions(failing([collision, collision]).work)).toBe('done');
  });

  test('is given up in the end', async () => {
    const { work, left } = failing(new Array(50).fill(collision));
    await expect(retryCollisions(work)).rejects.toBe(collision);
    expect(left.length).toBeGreaterThan(0);
  });

  test('is not done again after any other error', async () => {
    const { work, left } = failing([other, other]);
    await expect(retryCollisions(work)).rejects.toBe(other);
    expect(left).toHaveLength(1);
  });
});

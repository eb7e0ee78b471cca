import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchLoopLag } from './loop-lag.ts';

const block = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test('an event loop that is blocked again and again lags, and recovers', async () => {
  const lag = watchLoopLag();
  for (let i = 0; i < 6; i++) {
    block(500);
    await sleep(0);
  }
  expect(lag.ms).toBeGreaterThan(200);
  await expect.poll(() => lag.ms, { timeout: 10_000 }).toBeLessThan(100);
  lag.stop();
});

import { expect, test } from 'vitest';
import { runDeliveries } from '../crash/deliveries.ts';

test('each write that has a key is applied once, however often it is delivered, while server and Postgres are killed', {
  timeout: 400_000,
}, async () => {
  const report = await runDeliveries({ writes: 400, clients: 4 });
  expect(report.violations).toEqual([]);
  expect(report.strikes).toBeGreaterThan(0);
  expect(report.repeated).toBeGreaterThan(0);
});

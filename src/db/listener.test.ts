import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { startProxy } from '../../test/setup/proxy.ts';
import { createPool, type Pool } from './pool.ts';

describe('listening', () => {
  let database: TestDatabase;
  let pool: Pool;
  let pools: Pool[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool({ connect: database.server });
  });
  afterEach(async () => {
    await Promise.all(pools.map((one) => one.close()));
    pools = [];
  });
  afterAll(async () => {
    await pool.close();
    await database.drop();
  });

  const notify = (channel: string, payload: string): Promise<unknown> =>
    pool.run([{ text: 'select pg_notify($1, $2)', key: 'notify', params: [channel, payload] }]);

  it('hears what is sent on its channels, and nothing else', async () => {
    const heard: string[] = [];
    const first = await pool.listen('Odd "channel"', (payload) => heard.push(`1:${payload}`));
    const second = await pool.listen('other', (payload) => heard.push(`2:${payload}`));
    await notify('Odd "channel"', 'grüß');
    await notify('elsewhere', 'x');
    await notify('other', '');
    await expect.poll(() => heard).toEqual(['1:grüß', '2:']);
    await first.close();
    await notify('Odd "channel"', 'unheard');
    await notify('other', 'still');
    await expect.poll(() => heard).toEqual(['1:grüß', '2:', '2:still']);
    await second.close();
  });

  it('tells two ears of one channel, and goes on with one of them', async () => {
    const heard: string[] = [];
    const one = await pool.listen('shared', () => heard.push('one'));
    const two = await pool.listen('shared', () => heard.push('two'));
    await notify('shared', '');
    await expect.poll(() => heard.toSorted()).toEqual(['one', 'two']);
    await one.close();
    await notify('shared', '');
    await expect.poll(() => heard.toSorted()).toEqual(['one', 'two', 'two']);
    await two.close();
  });

  it('hears again after its connection broke, and tells of the gap', async () => {
    const proxy = await startProxy(database.server);
    const fragile = createPool({ connect: proxy.through(database.server) });
    pools.push(fragile);
    const heard: string[] = [];
    let gaps = 0;
    await fragile.listen('fragile', (payload) => heard.push(payload), { onReconnect: () => gaps++ });
    await notify('fragile', 'before');
    await expect.poll(() => heard).toEqual(['before']);
    proxy.cut();
    await notify('fragile', 'in the gap');
    await expect.poll(() => gaps).toBe(1);
    await notify('fragile', 'after');
    await expect.poll(() => heard.at(-1)).toBe('after');
    await fragile.close();
    await proxy.close();
  });

  it('keeps trying while the server is away', async () => {
    let proxy = await startProxy(database.server);
    const connect = proxy.through(database.server);
    const patient = createPool({ connect });
    pools.push(patient);
    let gaps = 0;
    const heard: string[] = [];
    await patient.listen('patient', (payload) => heard.push(payload), { onReconnect: () => gaps++ });
    await proxy.close();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(gaps).toBe(0);
    proxy = await startProxy(database.server, {}, connect.port);
    await expect.poll(() => gaps, { timeout: 8_000 }).toBe(1);
    await notify('patient', 'back');
    await expect.poll(() => heard).toEqual(['back']);
    await patient.close();
    await proxy.close();
  });

  it('rejects when the server cannot be reached in the first place', async () => {
    const nowhere = createPool({ connect: { ...database.server, host: '127.0.0.1', port: 1 } });
    pools.push(nowhere);
    await expect(nowhere.listen('x', () => {})).rejects.toThrow('ECONNREFUSED');
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listCases, readCase } from './golden-runner/golden-case.ts';
import { type Fixture, openFixture } from './golden-runner/open-fixture.ts';
import { installedVersions } from './setup/database.ts';

/** All but the one whose answer tells how long it took. */
const reads = listCases().filter(
  (name) => (readCase(name).request.method ?? 'GET') === 'GET' && name !== 'server-timing-of-the-stages',
);

describe.each(installedVersions())('an answer that was given before, on Postgres %i', (version) => {
  let fixture: Fixture;
  let gathered = 0;
  let counted = 0;

  beforeAll(async () => {
    fixture = await openFixture(version);
  });
  afterAll(() => fixture?.close());

  test.each(reads)('%s is the same to the letter', async (name) => {
    const { request: asked, settings } = readCase(name);
    const bounded = /[?&]limit=/.test(asked.path) ? '' : `${asked.path.includes('?') ? '&' : '?'}limit=50`;
    const request = { ...asked, path: `${asked.path}${bounded}` };
    const api = await fixture.open({ txEnd: 'commit-allow-override', ...settings });
    const sent = vi.spyOn(api.pool, 'run');
    try {
      const [first, second] = [await api.handle(request), await api.handle(request)];
      if (!Buffer.isBuffer(first.body)) return;
      expect(String(second.body)).toBe(String(first.body));
      expect(second).toEqual(first);
      const wasSent = (kind: string): boolean =>
        sent.mock.calls.some(([statements]) => statements.some(({ key }) => key?.endsWith(kind)));
      if (wasSent(':gathered')) gathered++;
      if (wasSent(':counted')) counted++;
    } finally {
      sent.mockRestore();
    }
  });

  test('is gathered into one value where its page is small', () => {
    expect(gathered).toBeGreaterThan(10);
  });

  test('is counted from the rows of its page where they are few', () => {
    expect(counted).toBeGreaterThan(0);
  });
});

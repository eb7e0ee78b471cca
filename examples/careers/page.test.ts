import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Program, type Ready, startProgram, untilReady } from '../../test/setup/program.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const here = import.meta.dirname;
const web = join(here, 'web');

const readFolder = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );

describe('the page that is committed', () => {
  test('is what its sources give; if not: npx vite build examples/careers/web -c examples/careers/web/vite.config.ts', async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'careers-page-'));
    // Vitest sets it to test, which would be built in.
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = 'production';
    try {
      await build({
        configFile: join(web, 'vite.config.ts'),
        logLevel: 'error',
        build: { outDir, emptyOutDir: true },
      });
      expect(readFolder(outDir)).toEqual(readFolder(join(here, 'public')));
    } finally {
      process.env.NODE_ENV = NODE_ENV;
      rmSync(outDir, { recursive: true, force: true });
    }
  });

  test('has the right types', async () => {
    await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-p', web]);
  });

  test('takes its packages in the versions that the repository has', () => {
    const own = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(devDependencies).toMatchObject({ ...own.dependencies, ...own.devDependencies });
  });

  test('has at most 150 kB of JavaScript, compressed', () => {
    const scripts = Object.entries(readFolder(join(here, 'public'))).filter(([path]) => path.endsWith('.js'));
    const size = scripts.reduce((sum, [, text]) => sum + gzipSync(text).length, 0);
    expect(size).toBeGreaterThan(1000);
    expect(size).toBeLessThan(150_000);
  });
});

const findBrowser = (): string | undefined => {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // The next one, then.
    }
  }
  return undefined;
};

/** Each view, at an address that shows something. */
const addresses = {
  Explore: '/',
  Compare: '/compare',
  'In demand': '/demand',
  Path: '/path',
  Gaps: '/gaps',
  Ask: '/ask?q=What+do+junior+backend+developers+earn+in+New+York,+and+what+is+that+an+hour%3F',
};
const views = Object.entries(addresses);

const executablePath = findBrowser();

describe('in a browser, the career notebook', () => {
  let folder: string | undefined;
  let program: Program | undefined;
  let ready: Ready;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complained about; a policy that was broken is among it. */
  let complaints: string[];

  beforeAll(async () => {
    if (executablePath === undefined) return;
    folder = mkdtempSync(join(tmpdir(), 'careers-'));
    cpSync(here, folder, { recursive: true, filter: (path) => !/\.ashlar|node_modules|web$/.test(path) });
    program = startProgram(['dev', folder, '--port', '0', '--json']);
    ready = await untilReady(program);
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach((test) => {
    if (executablePath === undefined) test.skip('no chromium');
  });
  afterEach(() => context?.close());

  const open = async (address: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<void> => {
    context = await browser.newContext({
      baseURL: ready.url,
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('Loading …').waitFor({ state: 'hidden' });
  };

  const heading = () => page.getByRole('heading', { level: 1 }).textContent();
  const sheet = () => page.getByRole('dialog');
  const table = () => page.getByRole('table');
  const cells = (name: string) => table().locator(`[data-label="${name}"]`).allTextContents();

  describe('explores', () => {
    test('pay as a plot and a table, with the hourly figure', async () => {
      await open('/');
      await page
        .getByRole('button', { name: /^Junior Back-End Developer, New York: \$73,318 a year/ })
        .waitFor();
      const row = table().getByRole('row', { name: /Junior Back-End Developer New York/ });
      expect(await row.locator('[data-label="Typical"]').textContent()).toBe('$73,318');
      expect(await row.locator('[data-label="An hour"]').textContent()).toBe('$35.25');
      expect(await cells('Role')).toHaveLength(11);
    });

    test('what a number’s source is', async () => {
      await open('/');
      await table().getByRole('button', { name: '$73,318' }).click();
      await sheet().getByText('Entry-level back-end engineer salary. Interview Kickstart').waitFor();
      await sheet().getByText('No month or year is noted.').waitFor();
      await sheet().getByText('The notebook takes one figure from it').waitFor();
      await page.keyboard.press('Escape');
      await sheet().waitFor({ state: 'hidden' });
      await table().getByRole('button', { name: '$115,000' }).click();
      await sheet().getByText('January 2025', { exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await table().getByRole('button', { name: '$88,000' }).click();
      await sheet().getByText('The notebook does not say where it has this from.').waitFor();
    });

    test('an hour’s pay for other hours and weeks, and remembers them', async () => {
      await open('/');
      await page.getByLabel('Hours a week').fill('35');
      await page.getByLabel('Weeks a year').fill('46');
      await page.getByText('1,610 hours a year').waitFor();
      await table().getByRole('button', { name: '$45.54' }).waitFor();
      await page.reload();
      await table().getByRole('button', { name: '$45.54' }).waitFor();
      // What cannot be is not taken.
      await page.getByLabel('Hours a week').fill('0');
      await page.getByText('1,610 hours a year').waitFor();
    });

    test('figures in one currency, at the reader’s rate', async () => {
      await open('/');
      expect(await page.locator('figure figcaption').allTextContents()).toEqual(['USD a year', 'INR a year']);
      await table().getByRole('button', { name: '₹400,000' }).waitFor();
      await page.getByLabel('Show in').selectOption('USD');
      await page.getByLabel('1 USD in INR').fill('80');
      await table().getByRole('button', { name: '$5,000' }).waitFor();
      expect(await page.locator('figure figcaption').allTextContents()).toEqual(['USD a year']);
      // The source is cited as it is.
      await table().getByRole('button', { name: '$5,000' }).click();
      await sheet().getByText('₹400,000 a year').waitFor();
    });

    test('figures that disagree side by side, and no average of them', async () => {
      await open('/');
      await page.getByText('3 figures that disagree').waitFor();
      const conflicting = table().locator('tr.conflicting');
      expect(await conflicting.count()).toBe(3);
      expect(await conflicting.locator('[data-label="Typical"]').allTextContents()).toEqual([
        '–',
        '$115,000',
        '$92,000',
      ]);
    });

    test('in the order that the reader wants', async () => {
      await open('/');
      const sort = table().getByRole('columnheader', { name: 'Typical' });
      await sort.getByRole('button').click();
      expect(await sort.getAttribute('aria-sort')).toBe('ascending');
      const up = (await cells('Typical')).filter((text) => text.startsWith('$'));
      expect(up).toEqual(up.toSorted((a, b) => Number(a.replace(/\D/g, '')) - Number(b.replace(/\D/g, ''))));
      await sort.getByRole('button').click();
      expect(await sort.getAttribute('aria-sort')).toBe('descending');
      expect((await cells('Typical')).filter((text) => text.startsWith('$'))).toEqual(up.toReversed());
    });

    test('a choice that stands in the address', async () => {
      await open('/');
      await page.getByLabel('Region').selectOption('India');
      await page.getByLabel('entry level only').check();
      await expect.poll(() => page.url()).toBe(`${ready.url}/?region=india&entry=1`);
      expect(await cells('Role')).toEqual(['Junior Back-End Developer']);
      await page.reload();
      await table().waitFor();
      expect(await cells('Role')).toEqual(['Junior Back-End Developer']);
    });

    test('what it has no pay for', async () => {
      await open('/');
      await page.getByText(/Missing: the notebook has no pay for .*Junior Security Engineer/).waitFor();
    });
  });

  describe('compares', () => {
    test('two roles, what is unique and what is shared', async () => {
      await open('/compare?a=backend-intern&b=junior-developer');
      const columns = page.locator('.two').nth(1).locator(':scope > div');
      await columns.first().getByText('build MVPs').waitFor();
      await columns.last().getByText('build APIs').waitFor();
      await page.locator('.shared').getByText('Python').waitFor();
      await page.getByText('$50.51 an hour').waitFor();
    });

    test('by a link that can be shared', async () => {
      await open('/compare');
      await page.getByLabel('Second role').selectOption('Programmer Analyst');
      await page.getByRole('heading', { name: 'Only Programmer Analyst' }).first().waitFor();
      await page.getByRole('button', { name: 'Copy link' }).click();
      await page.getByText('Copied.').waitFor();
      const link = String(await page.evaluate('navigator.clipboard.readText()'));
      expect(link).toBe(`${ready.url}/compare?a=backend-intern&b=programmer-analyst`);
      await page.goto(link);
      await page.getByRole('heading', { name: 'Only Programmer Analyst' }).first().waitFor();
    });

    test('and says what is missing', async () => {
      await open('/compare?a=junior-security&b=backend');
      await page.getByText('The notebook has no figure for its pay.').waitFor();
      expect(await page.getByText('No responsibilities are written down.').count()).toBe(2);
    });

    test('no role with itself, and none that there is not', async () => {
      await open('/compare?a=backend&b=backend');
      await page.getByText('Choose two different roles to compare.').waitFor();
      await page.goto('/compare?a=astronaut&b=backend');
      await page.getByText('The notebook has no such role.').waitFor();
    });
  });

  test('shows what is in demand, and that no source is noted', async () => {
    await open('/demand');
    for (const name of ['Languages', 'Databases', 'Frameworks', 'Tools and practices'])
      await page.getByRole('heading', { name }).waitFor();
    await page.getByRole('button', { name: 'over 40 % of recruiters' }).first().click();
    await sheet().getByText('More than 40 % of recruiters look for Python.').waitFor();
    await sheet().getByText('The notebook does not say where it has this from.').waitFor();
  });

  test('keeps the ticks of a path in the browser, and nowhere else', async () => {
    await open('/path');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.method()));
    await page.getByLabel('learn database management').check();
    await page.getByText('1 of 8 done').waitFor();
    expect(sent).toEqual([]);
    await page.reload();
    await page.getByText('1 of 8 done').waitFor();
    expect(await page.getByLabel('learn database management').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Clear all ticks' }).click();
    await page.getByText('0 of 8 done').waitFor();
  });

  test('leads from an open question to what comes near', async () => {
    await open('/gaps');
    await page.getByText('Figures without a source').waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Which certifications matter?' })
      .getByRole('link')
      .click();
    await page.getByText('Certifications in security').first().waitFor();
    expect(await heading()).toBe('Ask');
    await page.goBack();
    await expect.poll(heading).toBe('Gaps');
  });

  describe('answers', () => {
    test('a question about pay with the figure, the hour and the source', async () => {
      await open('/ask');
      await page
        .getByLabel('Your question')
        .fill('What do junior backend developers earn in New York, and what is that an hour?');
      await page.keyboard.press('Enter');
      await page.getByText('“junior backend developers”').waitFor();
      await page.getByRole('button', { name: '$35.25' }).waitFor();
      await page.getByRole('button', { name: '$73,318' }).click();
      await sheet().getByText('Interview Kickstart').first().waitFor();
      await page.keyboard.press('Escape');
      // The hours are the reader's here, too.
      await page.getByLabel('Weeks a year').fill('50');
      await page.getByRole('button', { name: '$36.66' }).waitFor();
    });

    test('with passages, in which the words are marked, with source and place', async () => {
      await open('/ask?q=What+ends+SQL+injection%3F');
      const first = page.locator('.passages > li').first();
      await first.getByRole('heading', { name: 'SQL injection' }).waitFor();
      expect(await first.locator('mark').allTextContents()).toContain('injection');
      await first.getByText('Paragraph 1 of 2.').waitFor();
    });

    test('a comparison and a question about demand', async () => {
      await open('/ask?q=How+does+an+intern+differ+from+a+junior+developer%3F');
      await page.getByText('build MVPs').waitFor();
      await page.getByRole('link', { name: 'Compare their pay, too' }).click();
      await expect.poll(heading).toBe('Compare');
      await page.goto('/ask?q=Which+Python+frameworks+are+in+demand%3F');
      await page.getByText('Django').first().waitFor();
    });

    test('that it has nothing, and what is missing', async () => {
      await open('/ask?q=What+is+the+capital+of+France%3F');
      await page.getByText('Nothing in the notebook answers this.').waitFor();
      await page.getByText('No text has the words: capital, France.').waitFor();
    });

    test('what was asked as text, whatever is in it', async () => {
      const question = '<img src=x onerror=alert(1)> & "quotes"';
      await open(`/ask?${new URLSearchParams({ q: question })}`);
      await page.getByRole('heading', { name: 'Understood' }).waitFor();
      expect(await page.getByLabel('Your question').inputValue()).toBe(question);
      expect(await page.locator('img').count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  describe('in each view', () => {
    test.each(views)('shows how it was made: %s', async (_, address) => {
      await open(address);
      await page.getByRole('button', { name: /^How\?/ }).click();
      await sheet()
        .getByText(/GET \/rest\/v1\//)
        .first()
        .waitFor();
      await sheet().getByText('SELECT').first().waitFor();
      await sheet().getByText('You ask as').first().waitFor();
      await sheet()
        .getByText(/“.+ public”/)
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
    });

    test.each(views)('tells when the API does not answer, and tries again: %s', async (name, address) => {
      await open('/nowhere');
      await page.route('**/rest/v1/**', (route) => route.abort());
      await page.goto(address);
      await page.getByRole('alert').getByText('This could not be loaded.').waitFor();
      await page.unroute('**/rest/v1/**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('alert').waitFor({ state: 'hidden' });
      expect(await heading()).toBe(name);
    });

    test.each(
      views.flatMap(([name, address]) => [
        { name, address, colorScheme: 'light' as const, width: 1280 },
        { name, address, colorScheme: 'dark' as const, width: 375 },
      ]),
    )(
      'has no fault that axe can find: $name, $colorScheme, $width pixels',
      async ({ address, colorScheme, width }) => {
        await open(address, { colorScheme, viewport: { width, height: 800 } });
        await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'));
        const violations = await page.evaluate(
          `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
        );
        expect(violations).toEqual([]);
        expect(complaints).toEqual([]);
      },
    );

    test.each(views)('fits on a small phone, also with large text: %s', async (_, address) => {
      await open(address, { viewport: { width: 320, height: 640 } });
      const overflow = () =>
        page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(await overflow()).toBe(0);
      await page.evaluate("document.documentElement.style.fontSize = '150%'");
      expect(await overflow()).toBe(0);
    });
  });

  describe('by keyboard alone', () => {
    test('one skips to the content, goes to a view, and continues at its top', async () => {
      await open('/');
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toContain('To the content');
      await page.getByRole('link', { name: 'Path' }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.title()).toBe('Path · Career notebook');
      expect(await page.locator('h1:focus').textContent()).toBe('Path');
      expect(await page.getByRole('link', { name: 'Path' }).getAttribute('aria-current')).toBe('page');
    });

    test('one opens a source, stays in it, and comes back to where one was', async () => {
      await open('/');
      const number = table().getByRole('button', { name: '$73,318' });
      await number.focus();
      await page.keyboard.press('Enter');
      await sheet().waitFor();
      expect(await page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true);
      await page.keyboard.press('Escape');
      await sheet().waitFor({ state: 'hidden' });
      expect(await page.locator(':focus').textContent()).toBe('$73,318');
    });
  });

  test('does not move for those who want no motion', async () => {
    const animation = () => page.evaluate("getComputedStyle(document.querySelector('dialog')).animationName");
    await open('/', { reducedMotion: 'reduce' });
    await page.getByRole('button', { name: /^How\?/ }).click();
    await sheet().waitFor();
    expect(await animation()).toBe('none');
    await context.close();
    await open('/');
    await page.getByRole('button', { name: /^How\?/ }).click();
    await sheet().waitFor();
    expect(await animation()).toBe('slide');
  });

  test('says so where it has no page', async () => {
    await open('/nowhere/at/all');
    expect(await heading()).toBe('Not here');
    await page.getByRole('link', { name: 'Explore the roles' }).click();
    await expect.poll(heading).toBe('Explore');
  });
});

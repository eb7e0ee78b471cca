import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession, type Session } from '../../src/db/index.ts';
import { applyMigrations, applySeed, bootstrap, readMigrations } from '../../src/migrate/index.ts';
import { createTestDatabase, installedVersions } from '../../test/setup/database.ts';
import { startProgram } from '../../test/setup/program.ts';
import { makeSeed } from './facts/make-seed.ts';
import type { Facts } from './facts/shapes.ts';

const facts = JSON.parse(readFileSync(join(import.meta.dirname, 'facts/facts.json'), 'utf8')) as Facts & {
  readonly hourly: {
    readonly hoursPerYear: number;
    readonly examples: { readonly [salary: string]: number };
  };
};

test('the seed is what the facts give; if not: node examples/careers/facts/make-seed.ts', () => {
  expect(readFileSync(join(import.meta.dirname, 'seed.sql'), 'utf8')).toBe(makeSeed());
});

test('who can do what is as it is written down; if it should be: ashlar access examples/careers --expect examples/careers/access.json --update', async () => {
  const program = startProgram([
    'access',
    import.meta.dirname,
    '--expect',
    join(import.meta.dirname, 'access.json'),
  ]);
  const { code } = await program.exited;
  expect(program.out() + program.err()).toContain('The permissions are those of');
  expect(code).toBe(0);
}, 120_000);

type Answer = {
  readonly understood: readonly { readonly kind: string; readonly id: string; readonly said: string }[];
  readonly pay: readonly { readonly role_id: string; readonly [column: string]: unknown }[] | null;
  readonly comparison: readonly { readonly item: string; readonly [column: string]: unknown }[] | null;
  readonly demand: readonly { readonly name: string; readonly [column: string]: unknown }[] | null;
  readonly outlook: readonly { readonly occupation: string; readonly growth_percent: number }[] | null;
  readonly passages: readonly { readonly title: string; readonly headline: string }[];
  readonly missing: readonly string[];
};

describe.each(installedVersions())('the career notebook on Postgres %i', (version) => {
  let session: Session;

  beforeAll(async () => {
    const database = await createTestDatabase(version);
    session = await openSession(database.owner);
    const { files, seed, findings } = await readMigrations(import.meta.dirname);
    expect(findings).toEqual([]);
    expect((await bootstrap(session, { server: database.server.user })).failure).toBeUndefined();
    const { failure, applied } = await applyMigrations(session, files);
    expect(failure).toBeUndefined();
    expect(applied).toHaveLength(files.length);
    expect(seed && (await applySeed(session, seed)).failure).toBeUndefined();
  });

  afterAll(() => session?.close());

  /** Runs a statement as a request of this role would, and undoes it. */
  const run = async (role: string, statement: string) => {
    await session.query('begin');
    try {
      await session.query("select set_config('role', $1, true)", [role]);
      return await session.query(statement);
    } finally {
      await session.query('rollback');
    }
  };
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const ask = async (question: string): Promise<Answer> => {
    const [row] = await run('anon', `select ask(${quote(question)}) as answer`);
    return JSON.parse(row?.answer as string) as Answer;
  };
  const understand = async (question: string): Promise<readonly string[]> =>
    (await ask(question)).understood.map(({ kind, id }) => `${kind} ${id}`);

  describe('its tables', () => {
    test('have the figures of the facts as they stand, and nothing in their place where they have none', async () => {
      const rows = await run(
        'anon',
        `select role_id as role, regions.name as region, currency_code as currency, low::float, typical::float,
                high::float, to_char(as_of, 'YYYY-MM') as as_of, source_id as source, note
         from salary_observations join regions on regions.id = region_id order by salary_observations.id`,
      );
      const text = (value: unknown) => (value === undefined ? null : String(value));
      expect(rows).toEqual(
        facts.salaries.map(({ role, region, currency, low, typical, high, asOf, source, note }) => ({
          role,
          region,
          currency,
          low: text(low),
          typical: text(typical),
          high: text(high),
          as_of: text(asOf),
          source: text(source),
          note: text(note),
        })),
      );
    });

    test('keep a range in order', async () => {
      const insert = (low: number, typical: number, high: number) =>
        run(
          'service_role',
          `insert into salary_observations (role_id, region_id, currency_code, low, typical, high)
           values ('backend', 'india', 'INR', ${low}, ${typical}, ${high}) returning id`,
        );
      await expect(insert(1, 2, 3)).resolves.toHaveLength(1);
      await expect(insert(3, 2, 4)).rejects.toMatchObject({ code: '23514' });
      await expect(insert(1, 4, 3)).rejects.toMatchObject({ code: '23514' });
    });

    test('are described, every table, view, column and function', async () => {
      const silent = await session.query(`
        select c.relname, a.attname
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
          and col_description(c.oid, a.attnum) is null
        union all
        select relname, null from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and obj_description(oid, 'pg_class') is null
        union all
        select proname, null from pg_proc
        where pronamespace in ('public'::regnamespace, 'notebook'::regnamespace) and obj_description(oid, 'pg_proc') is null`);
      expect(silent).toEqual([]);
    });

    test('have an index for every foreign key', async () => {
      const unindexed = await session.query(`
        select conrelid::regclass as relation, conname from pg_constraint
        where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
          select from pg_index where indrelid = conrelid and indkey[0] = conkey[1])`);
      expect(unindexed).toEqual([]);
    });
  });

  describe('access', () => {
    const listTables = async (): Promise<readonly string[]> =>
      (
        await session.query(
          "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
        )
      ).map(({ relname }) => relname as string);

    test('is guarded by policies on every table', async () => {
      const open = await session.query(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity",
      );
      expect(open).toEqual([]);
    });

    test.each(['anon', 'authenticated'])('shows %s all rows', async (role) => {
      for (const table of await listTables()) {
        const count = `select count(*) from ${table}`;
        expect([table, await run(role, count)]).toEqual([table, await session.query(count)]);
      }
    });

    test.each(['anon', 'authenticated'])('lets %s write nothing', async (role) => {
      for (const table of await listTables()) {
        for (const statement of [`insert into ${table} default values`, `delete from ${table}`])
          await expect(run(role, statement), statement).rejects.toMatchObject({ code: '42501' });
        const [column] = await session.query(
          `select attname from pg_attribute where attrelid = '${table}'::regclass and attnum = 1`,
        );
        const update = `update ${table} set ${column?.attname} = default`;
        await expect(run(role, update), update).rejects.toMatchObject({ code: '42501' });
      }
    });

    test('lets service_role write', async () => {
      const made = await run(
        'service_role',
        "insert into sources (id, title, publisher, kind) values (99, 'New', 'Us', 'note') returning id",
      );
      expect(made).toEqual([{ id: '99' }]);
    });
  });

  describe('a figure an hour', () => {
    test.each(Object.entries(facts.hourly.examples))('of %s a year is %f', async (salary, hourly) => {
      const [row] = await session.query(
        `select round(${salary} / ${facts.hourly.hoursPerYear}.0, 2) as hourly`,
      );
      expect(Number(row?.hourly)).toBe(hourly);
    });

    test('is counted with the hours that were given', async () => {
      const [row] = await run(
        'anon',
        "select hourly_typical from pay(array['junior-backend'], array['new-york'], 1800)",
      );
      expect(row).toEqual({ hourly_typical: '40.73' });
    });

    test('is none where nobody works', async () => {
      const [row] = await run('anon', 'select hourly_typical from pay(hours_per_year => 0)');
      expect(row).toEqual({ hourly_typical: null });
    });
  });

  describe('pay', () => {
    test('of a country has that of its cities, and that of a city what holds for several of them', async () => {
      const regions = async (region: string) =>
        (await run('anon', `select region_id from pay(array['backend'], array['${region}'])`)).map(
          ({ region_id }) => region_id,
        );
      expect(await regions('united-states')).toEqual([
        'coast-cities',
        'united-states',
        'united-states',
        'united-states',
      ]);
      expect(await regions('seattle')).toEqual(['coast-cities']);
      expect(await regions('india')).toEqual([]);
    });
  });

  describe('a question', () => {
    test('about pay and the hour is answered with the figure and its source', async () => {
      const { understood, pay, missing } = await ask(
        'What do junior backend developers earn in New York, and what is that an hour?',
      );
      expect(understood.map(({ id, said }) => [id, said])).toEqual([
        ['junior-backend', 'junior backend developers'],
        ['pay', 'earn'],
        ['new-york', 'New York'],
        ['hour', 'an hour'],
      ]);
      expect(pay).toMatchObject([{ typical: 73318, hourly_typical: 35.25, currency: 'USD', source_id: 30 }]);
      expect(missing).toEqual([]);
    });

    test('about figures that disagree gets all of them', async () => {
      const { pay } = await ask('salary of a backend developer in the US');
      expect(pay?.map(({ low, typical, high, source_id }) => [low, typical, high, source_id])).toEqual([
        [120000, null, 135000, 25],
        [88000, null, 150000, null],
        [null, 115000, null, 28],
        [null, 92000, null, 25],
      ]);
    });

    test('about two roles compares them', async () => {
      const { comparison } = await ask('How does a backend engineer intern differ from a junior developer?');
      expect(comparison).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ item: 'build MVPs', in_first: true, in_second: false }),
          expect.objectContaining({ item: 'build APIs', in_first: false, in_second: true }),
          expect.objectContaining({ item: 'Python', in_first: true, in_second: true }),
        ]),
      );
    });

    test('about demand names the frameworks of a language', async () => {
      const { demand } = await ask('Which Python frameworks are in demand?');
      expect(demand?.map(({ name }) => name)).toEqual(['Python', 'Django', 'Flask']);
      expect(demand?.[0]).toMatchObject({ recruiters_percent: 40, is_more_than: true });
    });

    test('about the outlook names the occupation that is nearest', async () => {
      const { outlook } = await ask('What is the future of programmer analysts?');
      expect(outlook).toMatchObject([{ occupation: 'programmer analysts', growth_percent: 11 }]);
    });

    test('finds passages with the words marked', async () => {
      const { passages } = await ask('What ends SQL injection?');
      expect(passages[0]).toMatchObject({ title: 'SQL injection' });
      expect(passages[0]?.headline).toContain('⟦SQL⟧ ⟦injection⟧');
    });

    test('finds first what has most of its words', async () => {
      const { passages } = await ask('How does a backend engineer intern differ from a junior developer?');
      expect(passages[0]).toMatchObject({ title: 'Internship or first job' });
    });

    test('finds less when a word is excluded, and nothing where all of it is', async () => {
      const titles = async (question: string) => (await ask(question)).passages.map(({ title }) => title);
      expect(await titles('salt hash')).toEqual(['Passwords']);
      expect(await titles('hash -salt')).toEqual([]);
    });

    test('that nothing answers is told what is missing', async () => {
      const answer = await ask('What is the capital of France?');
      expect(answer).toMatchObject({
        understood: [],
        pay: null,
        comparison: null,
        demand: null,
        passages: [],
      });
      expect(answer.missing).toEqual([
        'No text has the words: capital, France.',
        'Nothing in the notebook answers this.',
      ]);
    });

    test.each([
      ['pay of a security engineer', 'There is no figure for the pay of Junior Security Engineer.'],
      [
        'pay of a junior backend developer in Seattle',
        'There is no figure for the pay of Junior Back-End Developer in Seattle. There are some for India, New York.',
      ],
      [
        'pay in San Francisco of a web developer',
        'There is no figure for the pay of Web Developer (entry-level) in San Francisco.',
      ],
      ['compare interns', 'A comparison takes two roles; only one was understood: Backend Engineer Intern.'],
      ['compare them', 'A comparison takes two roles; none was understood.'],
      ['intern versus programmer analyst', 'Nothing is written down about what a Programmer Analyst does.'],
      ['demand for CISSP', 'Nothing is known about the demand for CISSP.'],
      ['outlook of an intern', 'No outlook is near to Backend Engineer Intern.'],
    ])('is told what is missing: %s', async (question, message) => {
      expect((await ask(question)).missing).toContain(message);
    });

    test.each([
      ['junior back-end developer', ['role junior-backend']],
      ['Backend Developers, please', ['role backend']],
      ['where do I go', []],
      ['Go or C++ or C#, or .NET?', ['skill go', 'skill c-plus-plus', 'skill c-sharp-dot-net']],
      ['tell us about the US', ['region united-states']],
      ['SQL injection', ['skill sql-injection']],
      ['Ruby, and Ruby on Rails', ['skill ruby', 'skill ruby-on-rails']],
      ['Java is not JavaScript', ['skill java', 'skill javascript']],
      ['', []],
      ['?!. …', []],
      ["'; drop table roles; --", []],
    ])('is understood by the names in the tables: %s', async (question, expected) => {
      expect(await understand(question)).toEqual(expected);
    });

    test('understands a new name as soon as it is a row', async () => {
      await session.query('begin');
      try {
        expect(await session.query("select id from understand('pay of a code monkey')")).toEqual([
          { id: 'pay' },
        ]);
        await session.query(
          "insert into role_names (name, role_id) values ('code monkey', 'junior-developer')",
        );
        expect(await session.query("select id from understand('pay of code monkeys')")).toEqual([
          { id: 'pay' },
          { id: 'junior-developer' },
        ]);
      } finally {
        await session.query('rollback');
      }
    });
  });

  describe('what is missing', () => {
    test('is found by looking', async () => {
      const rows = await run(
        'anon',
        "select lacks, role_id from gaps where role_id in ('backend', 'junior-security')",
      );
      expect(rows.filter(({ role_id }) => role_id === 'junior-security')).toEqual([
        { lacks: 'pay', role_id: 'junior-security' },
        { lacks: 'responsibilities', role_id: 'junior-security' },
      ]);
      expect(rows.filter(({ lacks }) => lacks === 'source')).toHaveLength(1);
      expect(rows.filter(({ lacks }) => lacks === 'date')).toHaveLength(3);
    });
  });
});

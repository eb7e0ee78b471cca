import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AccessMatrix, surveyAccess } from '../src/access/index.ts';
import { readCatalog } from '../src/catalog/index.ts';
import { createPool, openSession } from '../src/db/index.ts';
import { bootstrap } from '../src/migrate/index.ts';
import { createTestDatabase, installedVersions } from './setup/database.ts';

const roles = ['anon', 'authenticated', 'access_editor', 'access_chief', 'service_role'];

describe.each(installedVersions())('the access matrix on Postgres %i', (version) => {
  let matrix: AccessMatrix;
  let rowsAfter: string | null | undefined;

  beforeAll(async () => {
    const database = await createTestDatabase(version);
    const session = await openSession(database.owner);
    const pool = createPool({ connect: database.owner });
    try {
      expect((await bootstrap(session, { server: database.server.user })).failure).toBeUndefined();
      await session.query(readFileSync('test/fixtures/access.sql', 'utf8'));
      const model = await readCatalog(pool, { servingRole: database.server.user });
      const options = { schemas: ['public'], roles, anonymousRole: 'anon', extraSearchPath: ['extensions'] };
      matrix = await surveyAccess(session, model, options);
      const [left] = await session.query(
        'select (select count(*) from notes) + (select count(*) from auth.users) as count',
      );
      rowsAfter = left?.count;
    } finally {
      await session.close();
      await pool.close();
    }
  });

  const find = (role: string, relation: string, verb: string) =>
    matrix.roles
      .find((one) => one.role === role)
      ?.relations.find((one) => one.name === relation)
      ?.verbs.find((one) => one.verb === verb);
  const reach = (role: string, relation: string, verb: string) => find(role, relation, verb)?.reach;

  test('leaves nothing of what it tried', () => {
    expect(rowsAfter).toBe('0');
  });

  test.each([
    ['a grant to everybody', 'anon', 'open_to_all', 'select', 'all'],
    ['and nothing else', 'anon', 'open_to_all', 'update', 'none'],
    ['a grant to the role itself', 'access_editor', 'inherited', 'select', 'all'],
    ['a grant to a role that it inherits from', 'access_chief', 'inherited', 'select', 'all'],
    ['no grant to others', 'authenticated', 'inherited', 'select', 'none'],
    ['row-level security without a policy', 'authenticated', 'no_policy', 'select', 'none'],
    ['and without one nothing can be added', 'authenticated', 'no_policy', 'insert', 'none'],
    ['a policy without a grant', 'authenticated', 'no_grant', 'select', 'none'],
    ['a role that passes policies', 'service_role', 'no_policy', 'delete', 'all'],
    ['own rows to see', 'authenticated', 'notes', 'select', 'own'],
    ['own rows to add', 'authenticated', 'notes', 'insert', 'own'],
    ['own rows to change', 'authenticated', 'notes', 'update', 'own'],
    ['own rows to delete', 'authenticated', 'notes', 'delete', 'own'],
    ["own rows and nobody's", 'authenticated', 'drafts', 'select', 'some'],
    ['rows below own rows', 'authenticated', 'attachments', 'select', 'own'],
    ['rows to be added below own rows', 'authenticated', 'attachments', 'insert', 'own'],
    ['what a function says of memberships', 'authenticated', 'teams', 'select', 'own'],
    ['those of own rows that a function lets through', 'authenticated', 'teams', 'update', 'own'],
    ['the row that each user has', 'authenticated', 'profiles', 'select', 'own'],
    ['own rows of those who are not deleted', 'authenticated', 'payers', 'select', 'own'],
    ['a value of those that a check lists', 'authenticated', 'tickets', 'select', 'some'],
    [
      'rows of things that one is in, with no foreign key to tell',
      'authenticated',
      'team_notes',
      'select',
      'some',
    ],
    ['every row, where each can only be of one kind', 'authenticated', 'thermostat', 'select', 'all'],
    ['users whose row says that they may', 'authenticated', 'reports', 'select', 'some'],
    ['users whose token says that they may', 'authenticated', 'audits', 'select', 'some'],
    ['one value of an enum', 'anon', 'articles', 'select', 'some'],
    ['all but what a restrictive policy takes away', 'authenticated', 'articles', 'select', 'some'],
    ['some values of a text', 'anon', 'tenants', 'select', 'some'],
    ['nothing to see', 'authenticated', 'ledger', 'select', 'none'],
    ['what can be changed unseen', 'authenticated', 'ledger', 'update', 'all'],
    ['a policy that asks itself', 'anon', 'recursive', 'select', 'unknown'],
    ['a policy that may not read what it asks for', 'anon', 'behind', 'select', 'none'],
    ['a sequence that is closed', 'anon', 'counted', 'insert', 'none'],
    ['whatever is sent, where a trigger makes it their own', 'authenticated', 'stamped', 'insert', 'all'],
    ['a table of which no row can be made', 'anon', 'impossible', 'select', 'unknown'],
    ['what rows of another table open that nobody guesses', 'authenticated', 'prizes', 'select', 'unknown'],
    ['the same to be deleted', 'authenticated', 'prizes', 'delete', 'unknown'],
    ['the same for who is nobody', 'anon', 'prizes', 'select', 'none'],
    ['a view with the rights of its owner', 'authenticated', 'notes_of_all', 'select', 'all'],
    ['a view with the rights of who asks', 'authenticated', 'notes_of_mine', 'select', 'own'],
    ['writing through it', 'authenticated', 'notes_of_mine', 'update', 'own'],
    ['deleting through it', 'authenticated', 'notes_of_mine', 'delete', 'own'],
    ['a materialized view', 'anon', 'note_count', 'select', 'all'],
    ['a function, until that is revoked', 'anon', 'greet(text)', 'execute', 'all'],
    ['not a function after that', 'anon', 'wipe()', 'execute', 'none'],
    ['a function that was granted', 'authenticated', 'wipe()', 'execute', 'all'],
  ])('tells %s', (_, role, relation, verb, expected) => {
    const found = find(role, relation, verb);
    expect({ reach: found?.reach, ...(found?.reach === expected ? {} : found) }).toEqual({ reach: expected });
  });

  test('tells columns apart', () => {
    const open = (verb: string) =>
      find('authenticated', 'some_columns', verb)
        ?.columns.filter((column) => column.reach === 'all')
        .map(({ column }) => column);
    expect(open('select')).toEqual(['id', 'name']);
    expect(open('update')).toEqual(['name']);
    expect(open('insert')).toEqual([]);
  });

  test('says what an answer was derived from', () => {
    expect(find('authenticated', 'notes', 'select')?.because).toEqual([
      {
        kind: 'grant',
        text: 'authenticated was granted SELECT on public.notes.',
        sql: 'grant select on public.notes to authenticated',
      },
      {
        kind: 'policy',
        text: 'The policy "own".',
        sql: expect.stringMatching(/^create policy "own" on public\.notes for all to authenticated using \(/),
      },
    ]);
    expect(find('access_chief', 'inherited', 'select')?.because[0]?.text).toBe(
      'access_chief inherits from access_editor, who was granted SELECT on public.inherited.',
    );
    expect(find('authenticated', 'notes_of_all', 'select')?.because.at(-1)?.text).toMatch(
      /^The view is not security_invoker: .* of its owner ashlar_owner hold/,
    );
  });

  test('says why something is not known, and what is easily missed', () => {
    expect(find('anon', 'recursive', 'select')?.notes.join()).toContain('infinite recursion');
    expect(find('anon', 'impossible', 'select')?.notes.join()).toContain('No row could be made to try');
    expect(find('anon', 'counted', 'insert')?.notes.join()).toContain(
      'permission denied for sequence counted_id_seq',
    );
    expect(find('authenticated', 'ledger', 'update')?.notes.join()).toContain('without WHERE');
    expect(find('authenticated', 'reports', 'select')?.notes).toEqual([
      'No rows as any user; more as a user with profiles.role = admin.',
    ]);
    expect(find('authenticated', 'audits', 'select')?.notes).toEqual([
      'No rows as any user; more as alice with app_metadata.level = auditor.',
    ]);
    expect(find('authenticated', 'wipe()', 'execute')?.notes.join()).toContain('SECURITY DEFINER');
  });

  test('tries several rows of each kind, and tells what came of each', () => {
    const tried = find('anon', 'articles', 'select')?.tried ?? [];
    expect(tried.filter(({ probed }) => probed).length).toBeGreaterThan(0);
    expect(
      tried.every(({ row, evaluated, probed }) => {
        const published = row.includes('stage = published');
        return evaluated === published && probed === published;
      }),
    ).toBe(true);
    expect(tried.some(({ row }) => row.includes('stage = draft'))).toBe(true);
  });

  test('knows of no cell that evaluation and trial disagree about', () => {
    const disagreeing = matrix.roles.flatMap(({ role, relations }) =>
      relations.flatMap(({ name, verbs }) =>
        verbs
          .filter(({ notes }) => notes.some((note) => note.includes('disagree')))
          .map(({ verb, notes }) => `${role} ${verb} ${name}: ${notes.join()}`),
      ),
    );
    expect(disagreeing).toEqual([]);
    expect(reach('authenticated', 'notes', 'select')).toBe('own');
  });
});

import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccessMatrix } from '../src/access/index.ts';
import { startProgram } from './setup/program.ts';

// Each blog starts a Postgres of its own.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });

const survey = async (folder: string): Promise<AccessMatrix> => {
  const program = startProgram(['access', folder, '--json']);
  const { code } = await program.exited;
  expect({ code, err: program.err() }).toMatchObject({ code: 0 });
  return JSON.parse(program.out()) as AccessMatrix;
};

/** The holes of the broken blog, in the order of its README, and the cell that shows each. */
const holes: readonly (readonly [
  hole: string,
  role: string,
  relation: string,
  verb: string,
  reach: string,
  column?: string,
])[] = [
  ['1, a table without row-level security', 'anon', 'subscribers', 'select', 'all', 'email'],
  ['2, a policy that is switched off', 'authenticated', 'bookmarks', 'update', 'all'],
  ['3, personal data', 'anon', 'profiles', 'select', 'all', 'email'],
  ['4, the messages of others', 'authenticated', 'messages', 'select', 'all', 'body'],
  ['5, the posts of others', 'authenticated', 'posts', 'update', 'some', 'body'],
  ['6, comments in the name of others', 'authenticated', 'comments', 'insert', 'some', 'user_id'],
  ['7, comments that are given away', 'authenticated', 'comments', 'update', 'own', 'user_id'],
  ['8, what users say of themselves', 'authenticated', 'tags', 'delete', 'some'],
  ['9, a secret', 'authenticated', 'webhooks', 'select', 'own', 'webhook_secret'],
  ['10, a view with the rights of its owner', 'anon', 'latest_posts', 'select', 'all', 'body'],
  ['11, the accounts', 'authenticated', 'members', 'select', 'all', 'email'],
  ['12, a materialized view', 'anon', 'reader_activity', 'select', 'all', 'last_seen'],
  ['13, a function with the rights of its owner', 'anon', 'search_posts(text)', 'execute', 'all'],
  ['14, one that asks nobody', 'anon', 'remove_account(uuid)', 'execute', 'all'],
  ['15, a role that passes policies', 'broken_blog_editor', 'posts', 'update', 'all', 'author_id'],
];

describe('ashlar access on the broken blog', () => {
  let broken: AccessMatrix;
  let sound: AccessMatrix;
  beforeAll(async () => {
    broken = await survey('examples/broken');
    sound = await survey('examples/blog');
  });

  const look = (matrix: AccessMatrix, role: string, relation: string, verb: string, column?: string) => {
    const cell = matrix.roles
      .find((one) => one.role === role)
      ?.relations.find(({ name }) => name === relation)
      ?.verbs.find((one) => one.verb === verb);
    return column === undefined ? cell?.reach : cell?.columns.find((one) => one.column === column)?.reach;
  };

  for (const [hole, role, relation, verb, reach, column] of holes)
    test(`shows hole ${hole}, which the sound blog has not`, () => {
      expect(look(broken, role, relation, verb, column)).toBe(reach);
      expect(look(sound, role, relation, verb, column)).not.toBe(reach);
    });

  test('says of the holes beside cells what makes them', () => {
    const notes = (role: string, relation: string, verb: string) =>
      broken.roles
        .find((one) => one.role === role)
        ?.relations.find(({ name }) => name === relation)
        ?.verbs.find((one) => one.verb === verb)
        ?.notes.join(' ');
    expect(notes('authenticated', 'tags', 'delete')).toContain('user_metadata.role = admin');
    expect(notes('anon', 'search_posts(text)', 'execute')).toContain('SECURITY DEFINER');
    expect(notes('anon', 'remove_account(uuid)', 'execute')).toContain('SECURITY DEFINER');
    expect(broken.roles.find(({ role }) => role === 'broken_blog_editor')?.notes.join(' ')).toContain(
      'BYPASSRLS',
    );
  });
});

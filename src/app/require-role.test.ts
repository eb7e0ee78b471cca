import { expect, test } from 'vitest';
import { requireRole } from './require-role.ts';

const roles = ['anon', 'authenticated', 'editor', 'pg_monitor'];

test('a role that exists passes', () => {
  expect(() => requireRole(roles, 'editor')).not.toThrow();
});

test.each([
  [
    'autenticated',
    'There is no role "autenticated". Did you mean "authenticated"? There are: anon, authenticated, editor.',
  ],
  ['xyz', 'There is no role "xyz". There are: anon, authenticated, editor.'],
])('of %s, which does not, is told what was meant', (wanted, message) => {
  expect(() => requireRole(roles, wanted)).toThrow(message);
});

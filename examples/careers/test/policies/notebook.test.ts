import { join } from 'node:path';
import { as, given, useProject } from 'ashlar/test';
import { beforeAll, describe, test } from 'vitest';

// Only because these tests are run from the root of Ashlar's repository; in a project of its own it is found.
useProject(join(import.meta.dirname, '../..'));

const readers = [as('anon'), as('a person who has signed in')];
const program = as('service_role');

const role = { id: 'test-pilot', title: 'Test Pilot', entry_level: false };
const figure = { id: 9001, role_id: role.id, region_id: 'test-site', currency_code: 'USD', typical: 1000 };

beforeAll(async () => {
  await given({
    regions: [{ id: 'test-site', name: 'Test Site', kind: 'city' }],
    roles: [role],
    salary_observations: [figure],
    documents: [{ id: 'on-testing', title: 'On testing' }],
    passages: [{ id: 9001, document_id: 'on-testing', position: 1, body: 'Test before you trust.' }],
  });
});

describe.each(readers)('the notebook, to a reader', (reader) => {
  test('is open: roles, what they pay, and what is written', async () => {
    await reader.sees('roles', { id: role.id }).exactly(role);
    await reader.sees('salary_observations', { role_id: role.id }).exactly({ id: figure.id });
    await reader.sees('passages', { document_id: 'on-testing' }).exactly({ id: 9001 });
  });

  test('answers what may be read, as it is asked in the rights of the reader', async () => {
    await reader.can('execute', 'ask', { question: 'pay of a test pilot' });
    await reader.can('execute', 'pay', { roles: '{test-pilot}' });
    await reader.can('execute', 'search_passages', { question: 'trust' });
  });

  test('is not written by them', async () => {
    await reader.cannot('insert', 'roles', { id: 'made-up', title: 'Made Up', entry_level: true });
    await reader.cannot('update', 'salary_observations', { id: figure.id }, { typical: 999_999 });
    await reader.cannot('delete', 'salary_observations', { id: figure.id });
    await reader.cannot('update', 'passages', { id: 9001 }, { body: 'Trust before you test.' });
    await reader.cannot('insert', 'role_names', { name: 'boss', role_id: role.id });
  });
});

test('the notebook is written by its own programs', async () => {
  await program.can('insert', 'roles', { id: 'made-up', title: 'Made Up', entry_level: true });
  await program.can('update', 'salary_observations', { id: figure.id }, { typical: 2000 });
  await program.can('delete', 'passages', { id: 9001 });
});

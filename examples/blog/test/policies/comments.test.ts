import { join } from 'node:path';
import { as, given, useProject } from 'ashlar/test';
import { beforeAll, describe, test } from 'vitest';

// Only because these tests are run from the root of Ashlar's repository; in a project of its own it is found.
useProject(join(import.meta.dirname, '../..'));

const [alice, bob, anon] = [as('alice'), as('bob'), as('anon')];

beforeAll(async () => {
  await given({
    authors: [{ id: 1001, name: 'An author' }],
    posts: [
      { id: 1001, author_id: 1001, title: 'Out', body: '…', published: true },
      { id: 1002, author_id: 1001, title: 'A draft', body: '…', published: false },
    ],
    comments: [
      { id: 1001, post_id: 1001, user_id: alice.id, body: "Alice's" },
      { id: 1002, post_id: 1001, user_id: bob.id, body: "Bob's" },
      { id: 1003, post_id: 1002, user_id: alice.id, body: 'On a draft' },
    ],
  });
});

describe('comments', () => {
  test('are seen where their post is published', async () => {
    await anon.sees('comments', { post_id: 1001 }).exactly({ id: 1001 }, { id: 1002 });
    await anon.sees('comments', { post_id: 1002 }).nothing();
    await alice.sees('comments', { post_id: 1002 }).nothing();
  });

  test('are written by who has signed in, on what is published', async () => {
    await alice.can('insert', 'comments', { post_id: 1001, body: 'Well said' });
    await alice.cannot('insert', 'comments', { post_id: 1002, body: 'Too early' });
    await anon.cannot('insert', 'comments', { post_id: 1001, body: 'Hello' });
  });

  test('are always the own of who writes them', async () => {
    await alice.cannot('insert', 'comments', { post_id: 1001, user_id: bob.id, body: "Bob's, allegedly" });
    await alice.cannot('update', 'comments', { id: 1001 }, { user_id: bob.id });
  });

  test('are changed and deleted by who wrote them, and by no one else', async () => {
    await alice.can('update', 'comments', { id: 1001 }, { body: 'Better said' });
    await alice.can('delete', 'comments', { id: 1001 });
    await alice.cannot('update', 'comments', { id: 1002 });
    await alice.cannot('delete', 'comments', { id: 1002 });
    await anon.cannot('update', 'comments', { id: 1001 });
    await anon.cannot('delete', 'comments', { id: 1001 });
  });

  test('stay on their post', async () => {
    await alice.cannot('update', 'comments', { id: 1001 }, { post_id: 1002 });
  });
});

describe('posts', () => {
  test('are seen once they are published', async () => {
    await anon.sees('posts', { author_id: 1001 }).exactly({ id: 1001, title: 'Out' });
    await alice.sees('posts').without({ id: 1002 });
    await as('service_role').sees('posts').including({ id: 1002 });
  });

  test('are not written through the API', async () => {
    for (const person of [anon, alice]) {
      await person.cannot('insert', 'posts', { author_id: 1001, title: 'x', body: 'x' });
      await person.cannot('update', 'posts', { id: 1001 });
      await person.cannot('delete', 'posts', { id: 1001 });
    }
  });

  test('can be counted by tag', async () => {
    await anon.can('execute', 'count_posts_by_tag');
  });
});

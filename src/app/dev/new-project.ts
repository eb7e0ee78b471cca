import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppFailure } from '../failure.ts';

const firstMigration = `-- The first migration. Each file here is applied once, in the order of the names, and stays as it is from
-- then on: what comes next is a new file, such as 002_….sql.

create table public.todos (
  id bigint generated always as identity primary key,
  task text not null check (task <> ''),
  done boolean not null default false,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now()
);
create index todos_created_by_idx on public.todos (created_by);

-- The lines that begin with @ are for "ashlar check": what is meant to be open says so, and why.
comment on table public.todos is 'Things to do.
@open: everybody may read the list';
comment on column public.todos.task is 'What is to be done.';
comment on column public.todos.done is 'Whether it has been done.';
comment on column public.todos.created_by is 'Whose it is: the claim sub of the token.';

-- A table is closed until a grant opens it. anon is whoever shows no token, authenticated whoever has signed in.
grant select on public.todos to anon, authenticated;
grant insert (task, done), update (task, done), delete on public.todos to authenticated;

-- With row level security, a policy says which rows a role may see and change; without one it is none.
alter table public.todos enable row level security;

create policy "everybody reads" on public.todos
  for select to anon, authenticated
  using (true);

-- Who has signed in adds to the list, and changes what is their own. created_by is not among the columns that may be
-- written, so it is always the caller.
create policy "users add in their own name" on public.todos
  for insert to authenticated
  with check (created_by = (select auth.uid()));

create policy "users change their own" on public.todos
  for update to authenticated
  using (created_by = (select auth.uid()))
  with check (created_by = (select auth.uid()));

create policy "users delete their own" on public.todos
  for delete to authenticated
  using (created_by = (select auth.uid()));
`;

const seed = `-- The first rows of a new database. This file is run once, after the migrations.

insert into public.todos (task, done) values
  ('Make a project', true),
  ('Read the API''s documentation at /docs', false),
  ('Add a column in a second migration', false);
`;

const readme = `# A new project

\`\`\`sh
ashlar dev                                          # npx ashlar dev, where it is installed as a package
curl 'http://127.0.0.1:4000/rest/v1/todos?done=is.false'
\`\`\`

| file | what it is |
|---|---|
| \`migrations/001_first.sql\` | the first table, who may read and write it |
| \`seed.sql\` | the first rows |
| \`.ashlar/\` | the database, its passwords and the secret of the tokens; made by \`ashlar dev\`, not for git |

## Next

1. Look at http://127.0.0.1:4000/docs while \`ashlar dev\` runs.
2. Ask what is more open than it should be: \`ashlar check\`.
3. Save a second migration, \`migrations/002_due.sql\`, and the API has the column at once:

   \`\`\`sql
   alter table public.todos add due date;
   \`\`\`

4. Write as a user:

   \`\`\`sh
   token=$(ashlar token --claims '{"sub":"5d0ca3c4-9d28-4c19-8f5e-3a52a4c2a9b1"}')
   curl http://127.0.0.1:4000/rest/v1/todos -H "Authorization: Bearer $token" \\
     -H 'Content-Type: application/json' -H 'Prefer: return=representation' -d '{"task": "Write a test"}'
   \`\`\`

An applied migration stays as it is; what you change, you change in a new one. While nothing in the database is worth
keeping, you can also remove \`.ashlar/\` and begin anew.
`;

const files: readonly (readonly [path: string, text: string])[] = [
  ['migrations/001_first.sql', firstMigration],
  ['seed.sql', seed],
  ['README.md', readme],
  ['.gitignore', '.ashlar/\nnode_modules/\n'],
];

/**
 * Makes a project: a folder with a first migration, first rows, and what to do next.
 *
 * @returns the folder, and the files in it
 * @throws AppFailure where there is something already, or nothing can be written
 */
export const createProject = (
  folder: string,
): { readonly folder: string; readonly files: readonly string[] } => {
  const path = resolve(folder);
  if (existsSync(path) && readdirSync(path).some((name) => name !== '.git'))
    throw new AppFailure(
      `${path} is not empty. Name a folder that does not exist yet, or put SQL into migrations/ there and run: ashlar dev ${folder}`,
    );
  try {
    for (const [name, text] of files) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  } catch (error) {
    throw new AppFailure(
      `${path} cannot be written to: ${(error as Error).message}. Name a folder in a place that belongs to you.`,
      error,
    );
  }
  return { folder: path, files: files.map(([name]) => name) };
};

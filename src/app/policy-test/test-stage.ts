import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Stage } from '../../access/index.ts';
import { readCatalog } from '../../catalog/index.ts';
import { createPool, openSession } from '../../db/index.ts';
import { readMigrations } from '../../migrate/index.ts';
import type { Model, Relation } from '../../model/index.ts';
import { startScratch } from '../access/scratch-database.ts';
import { extraSearchPath } from '../access/survey-project.ts';
import { findProject } from '../dev/find-project.ts';
import { prepareProject } from '../dev/prepare-project.ts';
import { AppFailure } from '../failure.ts';

/** The database of a test file, in a transaction that is never committed. */
export type TestStage = {
  readonly stage: Stage;
  readonly model: Model;
  /** Runs one thing after the other, also where tests run at the same time. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
};

let chosen: string | undefined;
let opening: Promise<TestStage> | undefined;

export const chooseProject = (folder: string): void => {
  const path = resolve(folder);
  if (opening !== undefined && path !== chosen)
    throw new AppFailure(
      `The project ${chosen ?? ''} is tested already. Call useProject before anything is tried.`,
    );
  chosen = path;
};

/** The nearest folder with migrations, from the current one upwards. */
const findNearest = (): string => {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'migrations')) || existsSync(join(folder, 'supabase', 'migrations')))
      return folder;
    if (folder === dirname(folder))
      throw new AppFailure(
        `There are no migrations in ${process.cwd()}, nor in a folder above it. Name the project: useProject('path/to/it')`,
      );
  }
};

/** Opens the database of this file, the first time with the project's migrations and seed. */
export const openStage = (): Promise<TestStage> => {
  chosen ??= resolve(process.env.ASHLAR_PROJECT ?? findNearest());
  opening ??= open(chosen);
  return opening;
};

const open = async (folder: string): Promise<TestStage> => {
  const files = await readMigrations(findProject(folder));
  // Runners of tests wait for all that is open, so nothing here keeps the process alive.
  const { owner, server } = await startScratch(() => {}, { background: true });
  const session = await openSession(owner, { background: true });
  await prepareProject(session, files, server.user, () => {});
  const pool = createPool({ connect: owner, max: 1 });
  const model = await readCatalog(pool, { servingRole: server.user }).finally(() => pool.close());
  const stage = new Stage(session, ['public', ...extraSearchPath]);
  await stage.open();
  let last: Promise<unknown> = Promise.resolve();
  return {
    stage,
    model,
    inTurn: (work) => {
      const next = last.then(work, work);
      last = next.catch(() => {});
      return next;
    },
  };
};

/** The relation of a name, `posts` or `private.posts`. */
export const findRelation = ({ model }: TestStage, name: string): Relation => {
  const [schema, own] = name.includes('.') ? name.split('.', 2) : ['public', name];
  const found = model.relations.find((relation) => relation.schema === schema && relation.name === own);
  if (found !== undefined) return found;
  const known = model.relations
    .filter((relation) => relation.schema === schema)
    .map((relation) => relation.name);
  throw new AppFailure(`There is no table or view "${name}". There are: ${known.join(', ') || 'none'}.`);
};

/** The columns that a row names; all have to be there. */
export const checkColumns = (relation: Relation, row: object): void => {
  const missing = Object.keys(row).find((name) => !relation.columns.some((column) => column.name === name));
  if (missing !== undefined)
    throw new AppFailure(
      `${relation.name} has no column "${missing}". It has: ${relation.columns.map(({ name }) => name).join(', ')}.`,
    );
};

import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppFailure } from '../failure.ts';

/** Where the migrations of a project may be. */
const homes = ['migrations', 'supabase/migrations'];

/** Whether a folder has migrations in it. */
export const isProject = (path: string): boolean => homes.some((home) => existsSync(join(path, home)));

/**
 * The project's folder, as an absolute path.
 *
 * @throws AppFailure where there is no such folder, or nothing in it that could be served
 */
export const findProject = (folder: string): string => {
  const path = resolve(folder);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw new AppFailure(`There is no folder ${path}. To make a project there: ashlar new ${folder}`);
  if (!found.isDirectory())
    throw new AppFailure(
      `${path} is a file. Name the folder of a project, which has migrations/*.sql in it.`,
    );
  if (isProject(path)) return path;
  throw new AppFailure(
    `There are no migrations in ${path}. Put your SQL into migrations/0001_first.sql there, or make a new project with: ashlar new my-app`,
  );
};

import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { migrationHomes } from '../../migrate/index.ts';
import { openSite, type Site } from '../../site/index.ts';
import { AppFailure } from '../failure.ts';
import type { SettingValues } from '../settings/settings.ts';

/** Where a folder is behind all links; as it is named where it is not there. */
const real = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** The names that lead down from one folder to another; undefined: it is not below it. None: it is the same. */
const namesBelow = (top: string, path: string): readonly string[] | undefined => {
  const way = relative(top, path);
  // Another drive of Windows has no relative path.
  if (isAbsolute(way)) return undefined;
  const names = way.split(sep).filter((name) => name !== '');
  return names[0] === '..' ? undefined : names;
};

/** What must not be served is in a folder, or is the folder; undefined: nothing of it. */
const faultOf = (folder: string, served: string): string | undefined => {
  if (namesBelow(served, folder) !== undefined)
    return 'has the project itself in it: everybody could read its settings and its SQL';
  if (namesBelow(folder, served)?.some((name) => name.startsWith('.')))
    return 'is hidden: everybody could read what the project keeps there for itself, such as its secrets';
  const homes = migrationHomes.map(({ migrations }) => real(resolve(folder, migrations)));
  if (homes.some((home) => namesBelow(served, home) !== undefined || namesBelow(home, served) !== undefined))
    return "has the project's migrations in it: everybody could read its SQL";
  return undefined;
};

/**
 * The pages of a project.
 *
 * @throws AppFailure where everybody could read the project's settings, secrets or migrations
 */
export const openProjectSite = (
  folder: string,
  { publicFolder, contentSecurityPolicy }: Pick<SettingValues, 'publicFolder' | 'contentSecurityPolicy'>,
): Site => {
  const served = resolve(folder, publicFolder);
  const fault = faultOf(resolve(folder), served) ?? faultOf(real(folder), real(served));
  if (fault !== undefined)
    throw new AppFailure(
      `publicFolder is ${publicFolder}, which ${fault}. Name a folder of its own, such as public.`,
    );
  return openSite({ folder: served, policy: contentSecurityPolicy });
};

import type { Finding } from '../../base/index.ts';
import type { Session } from '../../db/index.ts';
import type { MigrationFolder } from '../../migrate/index.ts';
import type { ProjectKeys } from '../project/project-keys.ts';
import type { SettingValues } from '../settings/settings.ts';

/** What is looked at before a project is served. */
export type StartContext = {
  readonly values: SettingValues;
  readonly keys: ProjectKeys;
  /** Logged in as the one that serves, in no transaction. */
  readonly serving: Session;
  /** Logged in as the owner, in no transaction; undefined: nobody gave that login. */
  readonly admin: Session | undefined;
  /** The project's files; undefined: it has none. */
  readonly files: MigrationFolder | undefined;
};

/**
 * Looks at one thing before a project is served. What it finds as an error keeps the server from starting, with the
 * finding's remedy; the rest is logged.
 */
export type StartCheck = (context: StartContext) => Promise<readonly Finding[]> | readonly Finding[];

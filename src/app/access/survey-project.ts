import { type AccessMatrix, type SurveyProgress, surveyAccess } from '../../access/index.ts';
import { isPgError } from '../../db/index.ts';
import type { OnDevProgress } from '../dev/dev-progress.ts';
import { AppFailure } from '../failure.ts';
import { chooseRoles } from './choose-roles.ts';
import { type AccessSource, type OwnedDatabase, withOwner } from './with-owner.ts';

export type AccessOptions = {
  readonly source: AccessSource;
  /** Default: public. */
  readonly schemas?: readonly string[];
  /** Default: all that requests can take. */
  readonly roles?: readonly string[];
  readonly onProgress: OnDevProgress;
  readonly onSurvey?: (progress: SurveyProgress) => void;
};

/** Where functions of a project look for what they name without a schema, beside its own. */
export const extraSearchPath = ['extensions'];

/** The role of requests without a token. */
export const anonymousRole = 'anon';

/** Makes the access matrix of a database that is open already. */
export const surveyDatabase = async (
  { session, model, login }: OwnedDatabase,
  { schemas = ['public'], roles, onSurvey }: Omit<AccessOptions, 'source' | 'onProgress'>,
): Promise<AccessMatrix> => {
  try {
    return await surveyAccess(session, model, {
      schemas,
      roles: chooseRoles(model, login, schemas, roles),
      anonymousRole,
      extraSearchPath,
      ...(onSurvey === undefined ? {} : { onProgress: onSurvey }),
    });
  } catch (error) {
    if (!isPgError(error)) throw error;
    throw new AppFailure(
      `The permissions could not be tried out: ${error.message}. It takes the login of the one who owns the tables.`,
      error,
    );
  }
};

/**
 * Finds out who can do what in a project.
 *
 * @throws AppFailure, MigrationStopped, EmbeddedError, ConnectionError
 */
export const surveyProject = (options: AccessOptions): Promise<AccessMatrix> =>
  withOwner(options.source, options.onProgress, (database) => surveyDatabase(database, options));

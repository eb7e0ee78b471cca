import type { Finding, Severity } from '../base/index.ts';
import { findExposure } from './exposure.ts';
import { loadParser } from './expression/parser.ts';
import { findDefiners, findSearchPaths, findSqlFromArguments } from './rules/functions.ts';
import { findCreators, findSequences, findTruncate } from './rules/grants.ts';
import {
  findForPublic,
  findOverlapping,
  findRecursion,
  findSwitchedOff,
  findUnread,
  findUserMetadata,
  findWithoutPolicy,
} from './rules/policies.ts';
import { findOpenReading, findSecretColumns } from './rules/reading.ts';
import { findOwnedTables, findPassingRoles } from './rules/roles.ts';
import { findJoins, findRepeatedCalls, findUnindexedColumns } from './rules/speed.ts';
import { findBucketListing } from './rules/storage.ts';
import {
  findDoubleIndexes,
  findExtensions,
  findKeyless,
  findKeysToAuth,
  findUnindexedKeys,
  findUnmovableTypes,
  findUnusedIndexes,
} from './rules/structure.ts';
import { findOpenWriting } from './rules/writing.ts';
import type { Subject } from './subject.ts';
import { makeSurvey, type Rule } from './survey.ts';

const rules: readonly Rule[] = [
  findExposure,
  findSwitchedOff,
  findOpenReading,
  findOpenWriting,
  findUserMetadata,
  findRecursion,
  findUnread,
  findPassingRoles,
  findOwnedTables,
  findSqlFromArguments,
  findDefiners,
  findSecretColumns,
  findBucketListing,
  findWithoutPolicy,
  findForPublic,
  findTruncate,
  findSequences,
  findCreators,
  findRepeatedCalls,
  findUnindexedColumns,
  findJoins,
  findOverlapping,
  findUnindexedKeys,
  findKeysToAuth,
  findKeyless,
  findDoubleIndexes,
  findUnusedIndexes,
  findUnmovableTypes,
  findSearchPaths,
  findExtensions,
];

const GRAVITY: readonly Severity[] = ['error', 'warning', 'info'];

export type FindOptions = {
  /** The schemas that are served. */
  readonly schemas: readonly string[];
};

/**
 * Finds everything there is to find, the gravest first. What is waived is found, too, and says so.
 *
 * @example await findProblems(await readSubject(pool), { schemas: ['public'] })
 */
export const findProblems = async (
  subject: Subject,
  { schemas }: FindOptions,
): Promise<readonly Finding[]> => {
  const survey = makeSurvey(subject, await loadParser(), schemas);
  const findings = rules.flatMap((rule) => rule(survey));
  return findings.sort((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));
};

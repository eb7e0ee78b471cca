/**
 * checks: advice on security and schema. Looks at the model and at evidence of the catalog and gives findings: what,
 * why it matters, and the SQL that mends it. It has no effects, so the command line, CI and pages show the same.
 */
export type { Evidence, ExposureEvidence } from './evidence.ts';
export { exposureIds, findExposure } from './exposure.ts';
export { type Condition, findReach, type Reach } from './expression/condition.ts';
export { loadParser, type SqlParser } from './expression/parser.ts';
export { type Call, type Expression, readExpression, type Subquery } from './expression/read-expression.ts';
export { addPlaces, type SqlFile } from './find-places.ts';
export { findProblems } from './find-problems.ts';
export { type FindingId, findingRegister, type RegisteredFinding } from './finding-register.ts';
export { ownerColumns } from './people.ts';
export type { ExposureSubject, Subject } from './subject.ts';

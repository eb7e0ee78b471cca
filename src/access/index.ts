/**
 * access: who can do what. It evaluates grants and policies, tries them out on rows made for the
 * occasion in a transaction that is rolled back, and says where each answer comes from.
 */
export { type AccessChange, compareAccess, printAccessChange } from './access-change.ts';
export { type ExpectedAccess, expectedAccess, parseExpectedAccess, printExpectedAccess } from './expected.ts';
export { explainRefusal, type Refused, type Tokenless } from './explain-refusal.ts';
export type {
  AccessMatrix,
  AccessVerb,
  ColumnAccess,
  Evidence,
  RelationAccess,
  RoleAccess,
  Trial,
  VerbAccess,
} from './matrix.ts';
export { type Reach, reachWords } from './reach.ts';
export { type Caller, Stage, type Tried } from './stage.ts';
export { type SurveyOptions, type SurveyProgress, surveyAccess } from './survey.ts';
export {
  type ExplainedPart,
  type ExplainedPolicy,
  type ExplainedStep,
  explainWhy,
  NoSuchRow,
  type Why,
  type WhyOptions,
} from './why.ts';

import { type QualifiedName, refuse } from '../base/index.ts';
import { findResource } from '../contract/index.ts';
import type { Relation } from '../model/index.ts';
import type { Ask } from '../request/index.ts';
import type { Negotiated } from './negotiate.ts';
import type { Count, Guard, Page } from './plan.ts';
import type { Planner } from './planner.ts';
import { refuseUnknownResource } from './refusals.ts';

export const NO_PAGE: Page = { limit: undefined, offset: undefined };

/** Whether there may be more rows than the answer has. */
export const isPaged = ({ page }: Ask): boolean => page.limit !== undefined || page.offset > 0;

export const refuseInvalidPreferences = (ask: Ask): void => {
  const { handling, invalid } = ask.preferences;
  if (handling === 'strict' && invalid.length > 0)
    refuse('PGRST122', { details: `Invalid preferences: ${invalid.join(', ')}` });
};

/** What all plans of one request share. */
export const planBase = (planner: Planner, ask: Ask, form: Negotiated) => ({
  snapshot: planner.contract.snapshot,
  explain: form.explain,
  mediaType: form.mediaType,
  count: ask.preferences.count as Count | undefined,
  countLimit: ask.preferences.count === 'estimated' ? planner.settings.maxRows : undefined,
  paged: isPaged(ask),
  settings: [],
  isolation: undefined,
});

export const maxAffectedGuard = (ask: Ask): readonly Guard[] =>
  ask.preferences.maxAffected !== undefined && ask.preferences.handling === 'strict'
    ? [{ kind: 'max-affected' }]
    : [];

export const mayRespond = (planner: Planner): boolean =>
  planner.settings.preRequest || planner.contract.index.model.setsResponse;

export const resolveResource = (planner: Planner, name: QualifiedName): Relation =>
  findResource(planner.contract, name) ?? refuseUnknownResource(planner.contract, name);

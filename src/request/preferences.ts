import { readLimit } from './limit.ts';

/**
 * What a client asks of the way a request is handled (RFC 7240). Undefined: not asked.
 * The fields decide nothing; who reads them does.
 */
export type Preferences = {
  /** What becomes of a row whose key is there already. */
  readonly resolution: 'merge-duplicates' | 'ignore-duplicates' | undefined;
  /** What a write answers with. */
  readonly return: 'representation' | 'minimal' | 'headers-only' | undefined;
  readonly count: 'exact' | 'planned' | 'estimated' | undefined;
  /** How the transaction ends; always undefined where the server does not let clients choose. */
  readonly tx: 'commit' | 'rollback' | undefined;
  /** What a column gets that the body leaves out. */
  readonly missing: 'default' | 'null' | undefined;
  /** Whether an unknown preference is an error. */
  readonly handling: 'strict' | 'lenient' | undefined;
  /** As it was sent; Postgres tells whether it is one. */
  readonly timezone: string | undefined;
  /** Rows that a write may change; counts with `handling=strict` only. */
  readonly maxAffected: number | undefined;
  /** Preferences that are unknown or have an unknown value, in the order of the header. */
  readonly invalid: readonly string[];
};

const choices = {
  resolution: ['merge-duplicates', 'ignore-duplicates'],
  missing: ['default', 'null'],
  return: ['representation', 'minimal', 'headers-only'],
  count: ['exact', 'planned', 'estimated'],
  tx: ['commit', 'rollback'],
  handling: ['strict', 'lenient'],
} as const satisfies { readonly [K in keyof Preferences]?: readonly Preferences[K][] };

type Choice = keyof typeof choices;

/** Every preference that is one of a few words, by its whole text. */
const known: ReadonlyMap<string, readonly [Choice, string]> = new Map(
  (Object.keys(choices) as Choice[]).flatMap((name) =>
    choices[name].map((value) => [`${name}=${value}`, [name, value]] as const),
  ),
);

const NONE: Preferences = Object.freeze({
  resolution: undefined,
  return: undefined,
  count: undefined,
  tx: undefined,
  missing: undefined,
  handling: undefined,
  timezone: undefined,
  maxAffected: undefined,
  invalid: Object.freeze([]),
});

/**
 * Reads the `Prefer` header; several headers are given joined by commas. What is said twice counts
 * the first time. Names and values are told by their exact text, in lower case.
 *
 * @example parsePreferences('return=representation, count=exact', { allowTxOverride: false }).count // 'exact'
 *
 * Source: RFC 7240, https://docs.postgrest.org/en/stable/references/api/preferences.html
 */
export const parsePreferences = (
  headerValues: string | undefined,
  options: { readonly allowTxOverride: boolean },
): Preferences => {
  if (headerValues === undefined || headerValues === '') return NONE;
  const chosen: { [K in Choice]?: string | undefined } = {};
  const invalid: string[] = [];
  let timezone: string | undefined;
  let limit: string | undefined;
  for (const part of headerValues.split(',')) {
    const preference = part.trim();
    const choice = known.get(preference);
    if (choice !== undefined) {
      const [name, value] = choice;
      chosen[name] ??= value;
    } else if (preference.startsWith('timezone=')) {
      timezone ??= preference.slice('timezone='.length);
    } else if (preference.startsWith('max-affected=')) {
      limit ??= preference.slice('max-affected='.length);
    } else {
      invalid.push(preference);
    }
  }
  if (!options.allowTxOverride) chosen.tx = undefined;
  return {
    ...NONE,
    ...(chosen as Pick<Preferences, Choice>),
    timezone,
    maxAffected: limit === undefined ? undefined : readLimit(limit),
    invalid,
  };
};

/**
 * The value of `Preference-Applied`: the given preferences, in PostgREST's order; undefined if there
 * are none. The caller leaves out those that did not count for the request.
 *
 * @example printApplied({ return: 'representation', count: 'exact' }) // 'return=representation, count=exact'
 *
 * Source: RFC 7240, section 3
 */
export const printApplied = (applied: Partial<Preferences>): string | undefined => {
  const parts: string[] = [];
  for (const name of Object.keys(choices) as Choice[]) {
    if (applied[name] !== undefined) parts.push(`${name}=${applied[name]}`);
  }
  if (applied.timezone !== undefined) parts.push(`timezone=${applied.timezone}`);
  if (applied.maxAffected !== undefined && applied.handling === 'strict') {
    parts.push(`max-affected=${applied.maxAffected}`);
  }
  return parts.length === 0 ? undefined : parts.join(', ');
};

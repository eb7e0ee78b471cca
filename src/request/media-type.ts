/**
 * A media type as the request language knows it (RFC 9110, section 8.3; PostgREST's vendored types).
 * Vendored types have parameters that change the answer; any other is only a name.
 */
export type MediaType =
  | { readonly kind: 'plain'; readonly name: string }
  /** `application/vnd.pgrst.object+json`: one object instead of an array. */
  | { readonly kind: 'object'; readonly stripNulls: boolean }
  /** `application/vnd.pgrst.array+json;nulls=stripped`. */
  | { readonly kind: 'stripped array' }
  /** `application/vnd.pgrst.plan`: how Postgres would run it. */
  | {
      readonly kind: 'plan';
      readonly of: MediaType;
      readonly format: 'text' | 'json';
      readonly options: readonly PlanOption[];
    };

export type PlanOption = 'analyze' | 'verbose' | 'settings' | 'buffers' | 'wal';

const PLAN_OPTIONS: readonly PlanOption[] = ['analyze', 'verbose', 'settings', 'buffers', 'wal'];

const plain = (name: string): MediaType => ({ kind: 'plain', name });

export const APPLICATION_JSON = plain('application/json');
export const ANY_MEDIA_TYPE = plain('*/*');

/** The types that are spelt in lower case however they come; others are kept as they are. */
const KNOWN = new Map(
  [
    'application/json',
    'application/geo+json',
    'text/csv',
    'text/plain',
    'text/xml',
    'application/openapi+json',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    '*/*',
  ].map((name) => [name, plain(name)]),
);

const PARAMETER = /^\s*;\s*([A-Za-z0-9-]+)\s*=\s*(?:"([^"]*)"|([A-Za-z0-9|-]+))/;

const readParameters = (text: string): Map<string, string> => {
  const parameters = new Map<string, string>();
  let rest = text;
  for (let match = PARAMETER.exec(rest); match; match = PARAMETER.exec(rest)) {
    parameters.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '');
    rest = rest.slice(match[0].length);
  }
  return parameters;
};

/**
 * Reads one media type, without its quality.
 *
 * @example parseMediaType('application/vnd.pgrst.object+json; nulls=stripped')
 */
export const parseMediaType = (text: string): MediaType => {
  const known = KNOWN.get(text);
  if (known) return known;
  const match = /^([A-Za-z0-9.*]+)\/([A-Za-z0-9.*+-]+)/.exec(text);
  if (!match) return plain(text);
  const name = match[0].toLowerCase();
  const parameters = readParameters(text.slice(match[0].length));
  const stripNulls = parameters.get('nulls') === 'stripped';
  switch (name) {
    case 'application/vnd.pgrst.object':
    case 'application/vnd.pgrst.object+json':
      return { kind: 'object', stripNulls };
    case 'application/vnd.pgrst.array':
    case 'application/vnd.pgrst.array+json':
      return stripNulls ? { kind: 'stripped array' } : APPLICATION_JSON;
    case 'application/vnd.pgrst.plan':
    case 'application/vnd.pgrst.plan+text':
    case 'application/vnd.pgrst.plan+json': {
      const named = new Set((parameters.get('options') ?? '').split('|'));
      return {
        kind: 'plan',
        of: parseMediaType(parameters.get('for') ?? 'application/json'),
        format: name.endsWith('+json') ? 'json' : 'text',
        options: PLAN_OPTIONS.filter((option) => named.has(option)),
      };
    }
    default:
      return KNOWN.get(name) ?? plain(text);
  }
};

/** The type's name with its parameters, as it stands in `Content-Type`. */
export const printMediaType = (type: MediaType): string => {
  switch (type.kind) {
    case 'plain':
      return type.name;
    case 'object':
      return `application/vnd.pgrst.object+json${type.stripNulls ? ';nulls=stripped' : ''}`;
    case 'stripped array':
      return 'application/vnd.pgrst.array+json;nulls=stripped';
    case 'plan': {
      const options = type.options.length > 0 ? `; options=${type.options.join('|')}` : '';
      return `application/vnd.pgrst.plan+${type.format}; for="${printMediaType(type.of)}"${options}`;
    }
  }
};

/** Splits at commas that do not stand in quotes. */
const splitList = (text: string): string[] => {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (text[i] === ',' && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
};

const QUALITY = /;\s*q\s*=\s*([0-9.]+)\s*$/i;

/** From the most to the least specific: `a/b;c=d`, `a/b`, `a/*`, and the one that takes any. */
const specificity = (text: string): number => {
  if (text.startsWith('*/*')) return 0;
  if (/^[^;]*\/\*/.test(text)) return 1;
  return 2 + (text.split(';').length - 1);
};

/**
 * The media types that an Accept header allows, best first: by quality, then by how specific they
 * are, then as they stand (RFC 9110, section 12.5.1). No header, or an empty one: any.
 */
export const parseAccept = (header: string | undefined): readonly MediaType[] => {
  if (header === undefined || header === '') return ANYTHING;
  return SINGLE.get(header) ?? parseList(header);
};

const ANYTHING: readonly MediaType[] = [ANY_MEDIA_TYPE];

/** The headers that name one known type, which most do. */
const SINGLE: ReadonlyMap<string, readonly MediaType[]> = new Map(
  [...KNOWN].map(([name, type]) => [name, [type]]),
);

const parseList = (header: string): readonly MediaType[] =>
  splitList(header)
    .map((part) => {
      const text = part.trim();
      const quality = QUALITY.exec(text);
      const name = quality ? text.slice(0, quality.index).trimEnd() : text;
      return { name, quality: quality ? Number(quality[1]) : 1 };
    })
    .filter(({ name }) => name !== '')
    .sort((a, b) => b.quality - a.quality || specificity(b.name) - specificity(a.name))
    .map(({ name }) => parseMediaType(name));

import type { Header } from '../../http/index.ts';

/** A browser takes it for nothing but what it says it is, frames it nowhere, and tells nobody its address. */
const everywhere: readonly Header[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
];

const strict: readonly Header[] = [
  ...everywhere,
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
];

const none: readonly Header[] = [];

/** Two years, as browsers' lists of such sites ask for. */
const transport: Header = ['Strict-Transport-Security', 'max-age=63072000'];

const isHtml = (value: string): boolean => /^(text\/html|application\/xhtml\+xml|image\/svg)/i.test(value);

const choose = (headers: readonly Header[]): readonly Header[] => {
  let chosen = strict;
  for (let i = 0; i < headers.length; i++) {
    const [name, value] = headers[i] as Header;
    const { length } = name;
    if (length === 23 && name.toLowerCase() === 'content-security-policy') return none;
    if (length === 12 && name.toLowerCase() === 'content-type' && isHtml(value)) chosen = everywhere;
  }
  return chosen;
};

/**
 * What browsers are told for safety with an answer. One that says its own Content-Security-Policy is left as it
 * is: who wrote it has thought of the others. A page that a function of the database has made gets no policy, as
 * only its author knows what it needs.
 *
 * Source: OWASP, REST Security Cheat Sheet, "Security Headers"
 * @param secure whether the client has come over TLS
 */
export const securityHeaders = (headers: readonly Header[], secure: boolean): readonly Header[] => {
  const chosen = choose(headers);
  return secure ? [...chosen, transport] : chosen;
};

import { isIP } from 'node:net';
import type { AnswersTo } from './check-head.ts';

/** Host without its port and, of IPv6, its brackets, in lower case. */
const hostOf = (authority: string): string =>
  authority
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();

/**
 * The names that a server answers to. A page of any site can send its readers' browsers to a server that only they
 * can reach, under a name of its own (DNS rebinding), and is of the same origin then. Such an attack needs a name,
 * so addresses are always fine, and so are localhost and the names below it, which lead nowhere else.
 *
 * @param listed further names without a port; `.example.com` stands for all names below; none: any name
 * @returns undefined: any
 */
export const answersTo = (listed: readonly string[]): AnswersTo | undefined => {
  if (listed.length === 0) return undefined;
  const names = new Set(['localhost', ...listed.map((name) => name.toLowerCase())]);
  const endings = ['.localhost', ...[...names].filter((name) => name.startsWith('.'))];
  return (authority) => {
    const host = hostOf(authority);
    return names.has(host) || isIP(host) !== 0 || endings.some((ending) => host.endsWith(ending));
  };
};

import type { Answered } from '../server.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** `26/Jul/2021:01:56:38 +0000`, in UTC. */
export const printLogTime = (time: Date): string =>
  `${two(time.getUTCDate())}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}:` +
  `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;

/** A client must not be able to begin a line of its own, or to end a quote. */
const clean = (text: string): string =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u001f\u007f"\\]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/**
 * A line of the log in Apache's combined format, with the role as the user.
 *
 * @example '127.0.0.1 - anon [26/Jul/2021:01:56:38 +0000] "GET /clients HTTP/1.1" 200 56 "" "curl/7.64.0"'
 */
export const printAnswered = (answered: Answered, time: Date): string => {
  const { method, target, httpVersion, headers, remoteAddress, status, length, role } = answered;
  return (
    `${remoteAddress?.replace(/^::ffff:/, '') ?? 'unix'} - ${clean(role ?? '-')} [${printLogTime(time)}] ` +
    `"${clean(method)} ${clean(target)} HTTP/${httpVersion}" ${status} ${length ?? '-'} ` +
    `"${clean(headers.referer ?? '')}" "${clean(headers['user-agent'] ?? '')}"`
  );
};

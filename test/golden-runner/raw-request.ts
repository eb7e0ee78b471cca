import type { TestRequest } from '../setup/api.ts';

/**
 * Reads a request as it goes over the wire (RFC 9112), with a file's line ends: request line, headers,
 * an empty line, the body without the file's last line end.
 *
 * @example parseRawRequest('GET /films HTTP/1.1\nAccept: text/csv\n') // { method: 'GET', path: '/films', … }
 */
export const parseRawRequest = (text: string): TestRequest => {
  const end = text.indexOf('\n\n');
  const head = (end < 0 ? text.trimEnd() : text.slice(0, end)).split('\n');
  const [line = '', ...fields] = head;
  const [, method, path] = /^([A-Z]+) ([!-~]+) HTTP\/1\.1$/.exec(line) ?? [];
  if (method === undefined || path === undefined) throw new Error(`Not a request line: ${line}`);
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    if (colon < 1) throw new Error(`Not a header: ${field}`);
    const name = field.slice(0, colon).toLowerCase();
    // A server sees the bytes of a header as Latin-1, and headers of one name as one (RFC 9110, section 5.3).
    const value = Buffer.from(field.slice(colon + 1).trim()).toString('latin1');
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const body = end < 0 ? '' : text.slice(end + 2).replace(/\n$/, '');
  return { method, path, headers, body };
};

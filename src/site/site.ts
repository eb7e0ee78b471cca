import { realpath } from 'node:fs/promises';
import type { Header, HttpRequest, HttpResponse } from '../http/index.ts';
import { readRange } from './byte-range.ts';
import { chooseEncoding, type Encoding } from './encoding.ts';
import { findFile, splitPath } from './find-file.ts';
import { cacheControl } from './keeping.ts';
import { makeShelf } from './shelf.ts';
import type { SiteFile } from './site-file.ts';

export type SiteOptions = {
  /** The folder whose files are served. It may come and go. */
  readonly folder: string;
  /** What pages may load and run (Content-Security-Policy). Default: what comes from this server itself. */
  readonly policy?: string | undefined;
};

/** A folder of files as pages. */
export type Site = {
  /** The answer to a request for a file or a page; undefined: there is none at its path. */
  readonly answer: (request: HttpRequest) => Promise<HttpResponse | undefined>;
  /** Whether there is a page at `/`. */
  readonly hasHome: () => Promise<boolean>;
};

/** Scripts, styles and all else come from this server; nothing is run that stands in the page's own text. */
const defaultPolicy =
  "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

const empty = (status: number, headers: readonly Header[]): HttpResponse => ({
  status,
  headers: status === 304 ? headers : [...headers, ['Content-Length', '0']],
  body: undefined,
});

/** Whether a list of entity tags has this one; a GET compares weakly (RFC 9110, section 13.1.2). */
const hasTag = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));

/** A person's browser that goes to a page, as opposed to a script that asks for data. */
const wantsPage = ({ headers }: HttpRequest): boolean => /\btext\/html\b/i.test(headers.accept ?? '');

const sendFile = async (
  request: HttpRequest,
  path: string,
  file: SiteFile,
  always: readonly Header[],
): Promise<HttpResponse> => {
  const encoding: Encoding | undefined = file.compressible
    ? chooseEncoding(request.headers['accept-encoding'])
    : undefined;
  const etag = file.etag(encoding);
  const headers: Header[] = [
    ['ETag', etag],
    ['Cache-Control', cacheControl(path)],
    ...(file.compressible ? [['Vary', 'Accept-Encoding'] as const] : []),
    ...always,
  ];
  if (hasTag(request.headers['if-none-match'], etag)) return empty(304, headers);
  headers.push(['Content-Type', file.type.name]);
  if (encoding !== undefined) headers.push(['Content-Encoding', encoding]);
  else headers.push(['Accept-Ranges', 'bytes']);

  const condition = request.headers['if-range'];
  const range =
    encoding === undefined && request.method === 'GET' && (condition === undefined || condition === etag)
      ? readRange(request.headers.range, file.length)
      : undefined;
  if (range === 'unsatisfiable') return empty(416, [...headers, ['Content-Range', `bytes */${file.length}`]]);
  if (range !== undefined)
    headers.push(['Content-Range', `bytes ${range.first}-${range.last}/${file.length}`]);
  const { body, length } = range === undefined ? await file.whole(encoding) : file.part(range);
  return {
    status: range === undefined ? 200 : 206,
    headers: [...headers, ['Content-Length', String(length)]],
    body: request.method === 'HEAD' ? undefined : body,
  };
};

/**
 * Serves a folder. A path that names no file, and looks like a page's, gets `index.html`, so that a page may have
 * routes of its own; what looks like a file gets nothing, so that a missing script is seen as missing.
 *
 * @example
 * const site = openSite({ folder: 'public' });
 * await site.answer(request) // index.html for /, /compare?a=1; undefined for /missing.js
 */
export const openSite = ({ folder, policy = defaultPolicy }: SiteOptions): Site => {
  const shelf = makeShelf();
  const always: readonly Header[] = [
    ['Content-Security-Policy', policy],
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ];

  const look = async (
    root: string,
    names: readonly string[],
  ): Promise<{ readonly path: string; readonly file: SiteFile } | undefined> => {
    const found = await findFile(root, names);
    const file = found === undefined ? undefined : await shelf.take(found);
    return file && { path: names.join('/'), file };
  };

  const answer = async (request: HttpRequest): Promise<HttpResponse | undefined> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const names = splitPath(request.path);
    const root = await realpath(folder).catch(() => undefined);
    if (names === undefined || root === undefined) return undefined;
    const inFolder = names.at(-1) === '';
    const found = await look(root, inFolder ? [...names.slice(0, -1), 'index.html'] : names);
    if (found !== undefined) return sendFile(request, found.path, found.file, always);
    // Addresses within the page of a folder are relative to it, so it has to be asked for as one.
    if (!inFolder && (await look(root, [...names, 'index.html'])) !== undefined) {
      const query = request.query === '' ? '' : `?${request.query}`;
      return empty(308, [['Location', `${request.path}/${query}`], ...always]);
    }
    if (!wantsPage(request) || names.at(-1)?.includes('.')) return undefined;
    const page = await look(root, ['index.html']);
    return page && sendFile(request, page.path, page.file, always);
  };
  const hasHome = async (): Promise<boolean> => {
    const root = await realpath(folder).catch(() => undefined);
    return root !== undefined && (await look(root, ['index.html'])) !== undefined;
  };
  return { answer, hasHome };
};

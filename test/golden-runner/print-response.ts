import { STATUS_CODES } from 'node:http';
import type { Header, HttpResponse } from '../../src/http/index.ts';
import { formatJson } from './format-json.ts';

/** Numbers that differ from run to run, or from machine to machine. */
const hideVolatile = (text: string): string =>
  text
    .replace(/dur=[\d.]+/g, 'dur=…')
    .replace(/\(cost=[^)]*\)/g, '(cost=…)')
    .replace(/("[A-Z][A-Za-z ]* (?:Cost|Width|Time)": )[\d.]+/g, '$1…');

const isJson = (headers: readonly Header[]): boolean =>
  headers.some(([name, value]) => name.toLowerCase() === 'content-type' && /^[^;]*\bjson\b/.test(value));

const printBody = (body: Buffer, headers: readonly Header[]): string => {
  if (body.length === 0) return '';
  const text = body.toString('utf8');
  return `\n${hideVolatile(isJson(headers) ? formatJson(text) : text)}\n`;
};

/**
 * The response as it goes over the wire, with a file's line ends: headers sorted, JSON laid out. The
 * length of a body that is there is not written, but has to be right.
 */
export const printResponse = (response: HttpResponse, body: Buffer): string => {
  const { status, headers } = response;
  const length = headers.find(([name]) => name === 'Content-Length')?.[1];
  if (body.length > 0 && length !== undefined && Number(length) !== body.length)
    throw new Error(`Content-Length is ${length}, the body has ${body.length} bytes.`);
  const lines = headers
    .filter(([name]) => name !== 'Content-Length' || body.length === 0)
    .map(([name, value]) => `${name}: ${hideVolatile(value)}`)
    .sort();
  const reason = response.statusText ?? STATUS_CODES[status] ?? '';
  return `HTTP/1.1 ${status} ${reason}\n${lines.map((line) => `${line}\n`).join('')}${printBody(body, headers)}`;
};

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestRequest, TestResponse } from './setup/api.ts';
import { type Fixture, openFixture } from './setup/fixture.ts';
import { type Block, readPage } from './setup/read-page.ts';

const PAGE = 'docs/reference/rest.md';

/** Reads a request as the page shows it: a line, headers, an empty line, a body. */
const readRequest = (text: string): TestRequest => {
  const [head = '', body] = text.trim().split(/\n\n([\s\S]*)/);
  const [line = '', ...fields] = head.split('\n');
  const mark = line.indexOf(' ');
  const method = line.slice(0, mark);
  const headers = Object.fromEntries(
    fields.map((field) => [
      field.slice(0, field.indexOf(':')).toLowerCase(),
      field.slice(field.indexOf(':') + 1).trim(),
    ]),
  );
  const role = method === 'GET' ? 'anon' : 'authenticated';
  return {
    method,
    path: line.slice(mark + 1).replaceAll(/[ "]/g, encodeURIComponent),
    headers: { ...headers, 'x-role': role },
    ...(body === undefined ? {} : { body }),
  };
};

const isAnswer = ({ language, text }: Block): boolean => language === 'json' || text.startsWith('HTTP/');

/** Each request of the page with the answer that stands below it, if one does. */
const examples = () => {
  const blocks = readPage(PAGE);
  return blocks.flatMap((block, i) => {
    if (block.language !== 'http' || isAnswer(block)) return [];
    const next = blocks[i + 1];
    return [{ line: block.line, text: block.text, answer: next && isAnswer(next) ? next : undefined }];
  });
};

describe(PAGE, () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture('bookshop', { txEnd: 'rollback-allow-override' });
  });
  afterAll(() => fixture?.api.close());

  const expectHead = (answer: string, { status, headers }: TestResponse): void => {
    const [line = '', ...fields] = answer.trim().split('\n');
    expect(`HTTP/1.1 ${status}`).toBe(line);
    for (const field of fields) {
      const at = field.indexOf(':');
      expect(headers[field.slice(0, at).toLowerCase()]).toBe(field.slice(at + 1).trim());
    }
  };

  test.each(examples())('line $line: $text', async ({ text, answer }) => {
    const response = await fixture.api.ask(readRequest(text));
    if (answer === undefined) expect(response.status).toBe(400);
    else if (answer.language === 'json') expect(response.json()).toEqual(JSON.parse(answer.text));
    else expectHead(answer.text, response);
  });

  test('names every operator that is parsed', () => {
    const page = readFileSync(PAGE, 'utf8');
    const parser = readFileSync('src/request/parse-filter.ts', 'utf8');
    const table = parser.slice(
      parser.indexOf('const search'),
      parser.indexOf(']);', parser.indexOf('const words')),
    );
    const operators = [...table.replaceAll(/kind: '.*?'/g, '').matchAll(/'([a-z]+)'/g)].map(
      ([, name]) => name,
    );
    expect(operators).toContain('imatch');
    expect(operators.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

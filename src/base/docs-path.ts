import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// Two folders up in the sources (src/base) and in the package (dist/base) alike.
const root = new URL('../../', import.meta.url);

/**
 * Where a page of the documentation lies, so that it can be opened from the folder where somebody is: the pages are
 * part of the package.
 *
 * @param page from the package's folder, with the section: `docs/reference/findings.md#table-without-row-security`
 * @param from the folder where the reader is
 * @example findPage('docs/README.md', '/srv/app') // 'node_modules/ashlar/docs/README.md'
 */
export const findPage = (page: string, from: string): string => {
  const [path = '', section] = page.split('#');
  const whole = fileURLToPath(new URL(path, root));
  const near = relative(from, whole);
  const shown = near.length < whole.length ? near : whole;
  return section === undefined ? shown : `${shown}#${section}`;
};

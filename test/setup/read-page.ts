import { readFileSync } from 'node:fs';

/** A block of a page of the documentation: what a reader copies, or is shown. */
export type Block = {
  /** `sql`, `sh`, `json`. */
  readonly language: string;
  readonly text: string;
  /** The file that the lines before it name last, if it is to be saved: `migrations/001_notes.sql`. */
  readonly file: string | undefined;
  /** Of its first line. */
  readonly line: number;
};

/** Reads the blocks of a Markdown page, in their order. */
export const readPage = (path: string): readonly Block[] => {
  const text = readFileSync(path, 'utf8');
  const blocks: Block[] = [];
  let end = 0;
  for (const match of text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)) {
    const before = text.slice(end, match.index).trimEnd().split('\n').slice(-3).join('\n');
    const files = [...before.matchAll(/`([\w./-]+\.sql)`/g)];
    blocks.push({
      language: match[2] ?? '',
      // A block of a list's item is indented.
      text: (match[3] ?? '').replaceAll(new RegExp(`^${match[1]}`, 'gm'), ''),
      file: files.at(-1)?.[1],
      line: text.slice(0, match.index).split('\n').length + 1,
    });
    end = match.index + match[0].length;
  }
  return blocks;
};

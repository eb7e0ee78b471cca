import { readFileSync } from 'node:fs';

/** A block of a page of the documentation: what a reader copies, or is shown. */
export type Block = {
  /** `sql`, `sh`, `json`. */
  readonly language: string;
  readonly text: string;
  /** The file that the text before it names last, if it is to be saved: `migrations/001_notes.sql`. */
  readonly file: string | undefined;
  /** Of its first line. */
  readonly line: number;
};

/** Reads the blocks of a Markdown page, in their order. */
export const readPage = (path: string): readonly Block[] => {
  const text = readFileSync(path, 'utf8');
  const blocks: Block[] = [];
  let end = 0;
  for (const match of text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    const before = text.slice(end, match.index);
    const files = [...before.matchAll(/`([\w./-]+\.sql)`/g)];
    blocks.push({
      language: match[1] ?? '',
      text: match[2] ?? '',
      file: files.at(-1)?.[1],
      line: text.slice(0, match.index).split('\n').length + 1,
    });
    end = match.index + match[0].length;
  }
  return blocks;
};

import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes to: results to standard output, everything else to standard error. */
export type Terminal = {
  /** A line of the result. */
  readonly out: (line: string) => void;
  /** A line for the person who watches. */
  readonly err: (line: string) => void;
  /** Styles text for standard output, where that shows colours (and `NO_COLOR` is not set). */
  readonly style: (style: Style, text: string) => string;
  /** The same for standard error. */
  readonly styleErr: (style: Style, text: string) => string;
  /** Whether standard error shows colours. */
  readonly color: boolean;
};

/** Who reads no further, as `head` does, has what they want. */
const endWithReader = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
};

/** The terminal of this process. */
export const processTerminal = (): Terminal => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader);
  const styleErr: Terminal['styleErr'] = (style, text) => styleText(style, text, { stream: process.stderr });
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
    styleErr,
    color: styleErr('bold', 'x') !== 'x',
  };
};

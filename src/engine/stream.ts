import type { OnRows, Outcome } from '../db/index.ts';
import type { RowSink } from './answer.ts';
import { addRows, type Frame } from './frame.ts';

/** Up to this many bytes are gathered before the answer begins, so that small answers have a length. */
const WHOLE = 256 * 1024;

/** Bytes that are handed over at once, after that. */
const CHUNK = 64 * 1024;

/** What a statement came to: all of it, or the beginning of much. */
export type Streamed =
  | { readonly kind: 'whole'; readonly total: number | undefined; readonly outcomes: readonly Outcome[] }
  | {
      readonly kind: 'streamed';
      readonly total: number | undefined;
      readonly pump: (sink: RowSink) => Promise<void>;
    };

/**
 * Runs a statement whose answer may be long. If it is short, it is gathered; if not, the rows wait
 * in Postgres until `pump` takes them, and no more is read than it takes.
 *
 * @param run starts the statement and calls its argument with rows as they come
 * @param totalAt the column that tells the total of rows, if there is one
 */
export const streamRows = (
  run: (onRows: OnRows) => Promise<readonly Outcome[]>,
  frame: Frame,
  csv: boolean,
  totalAt: number | undefined,
): Promise<Streamed> =>
  new Promise((resolve, reject) => {
    let sink: RowSink | undefined;
    let attach: (() => void) | undefined;
    let total: number | undefined;
    let begun = false;
    let finish: (() => void) | undefined;
    let abort: ((error: unknown) => void) | undefined;

    const begin = (): Promise<void> => {
      begun = true;
      const pumped = new Promise<void>((done, failed) => {
        finish = done;
        abort = failed;
      });
      // The failure is told through `pump`; nobody else waits for it.
      pumped.catch(() => {});
      return new Promise((attached) => {
        attach = attached;
        resolve({
          kind: 'streamed',
          total,
          pump: (into) => {
            sink = into;
            attached();
            return pumped;
          },
        });
      });
    };

    const onRows: OnRows = async (rows) => {
      if (totalAt !== undefined && total === undefined) {
        const text = rows[0]?.[totalAt];
        if (text) total = Number(text.toString());
      }
      addRows(frame, rows, csv);
      if (!begun && frame.size > WHOLE) await begin();
      if (sink !== undefined && frame.size >= CHUNK) await frame.handTo(sink);
    };

    run(onRows).then(
      async (outcomes) => {
        frame.close();
        if (!begun) return resolve({ kind: 'whole', total, outcomes });
        try {
          if (sink !== undefined) await frame.handTo(sink);
          finish?.();
        } catch (error) {
          abort?.(error);
        }
      },
      (error) => {
        if (begun) {
          abort?.(error);
          attach?.();
        } else reject(error);
      },
    );
  });

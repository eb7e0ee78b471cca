import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Api, openApi, type Refused, type SentRequest } from './api.ts';

/** What a view has of its data. */
export type Loading<T> = {
  readonly data: T | undefined;
  readonly refused: Refused | undefined;
  /** What was asked for it. */
  readonly sent: readonly SentRequest[];
  readonly again: () => void;
};

/**
 * Loads what a view shows, and anew when `key` changes. What was shown before stays until then.
 *
 * @param load undefined: there is nothing to ask yet
 */
export const useRows = <T>(key: string, load: ((api: Api) => Promise<T>) | undefined): Loading<T> => {
  const [state, setState] = useState<Omit<Loading<T>, 'again'>>({
    data: undefined,
    refused: undefined,
    sent: [],
  });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);

  useEffect(() => {
    let current = true;
    const sent: SentRequest[] = [];
    const settle = (more: Partial<Loading<T>>): void => {
      if (current) setState({ data: undefined, refused: undefined, ...more, sent });
    };
    if (load === undefined) settle({});
    else {
      load(openApi((request) => sent.push(request))).then(
        (data) => settle({ data }),
        (error) => settle({ refused: { message: error.message, hint: error.hint ?? null } }),
      );
    }
    return () => {
      current = false;
    };
  }, [key, turn]);

  return { ...state, again };
};

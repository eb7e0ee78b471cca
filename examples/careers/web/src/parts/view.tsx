import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { SentRequest } from '../api.ts';
import type { Loading } from '../use-rows.ts';
import { How } from './how.tsx';

type ViewProps = {
  readonly title: string;
  readonly lead: ComponentChildren;
  readonly sent: readonly SentRequest[];
  readonly children: ComponentChildren;
};

let arrived = false;

/** A view of the notebook: its headline, what it is for, and how it was made. */
export const View = ({ title, lead, sent, children }: ViewProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Career notebook`;
    // Who goes to another view by keyboard or by ear continues at its top; who has just come is left alone.
    if (arrived) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    arrived = true;
  }, [title]);
  return (
    <main id="main">
      <header class="view-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <p class="lead">{lead}</p>
        </div>
        <How sent={sent} />
      </header>
      {children}
    </main>
  );
};

type LoadedProps<T> = {
  readonly of: Loading<T>;
  readonly children: (data: T) => ComponentChildren;
};

/** What there is of data: itself, why there is none, or that it is on its way. */
export const Loaded = <T,>({ of: { data, refused, again }, children }: LoadedProps<T>) => {
  if (refused !== undefined)
    return (
      <div class="notice" role="alert">
        <p>
          <strong>This could not be loaded.</strong> {refused.message}
        </p>
        {refused.hint !== null && <p>{refused.hint}</p>}
        <button type="button" class="button" onClick={again}>
          Try again
        </button>
      </div>
    );
  if (data === undefined)
    return (
      <p class="loading" aria-live="polite">
        Loading …
      </p>
    );
  return <>{children(data)}</>;
};

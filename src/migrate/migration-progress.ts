/** What goes on while files are applied. */
export type MigrationProgress =
  /** Another process is applying migrations to this database; we wait for it. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'applying'; readonly file: string }
  | { readonly kind: 'applied'; readonly file: string; readonly durationMs: number }
  /** What Postgres (or we) had to say about a statement that went well. */
  | {
      readonly kind: 'notice';
      readonly file: string;
      readonly line: number;
      /** `WARNING`, `NOTICE`, `INFO`, … */
      readonly severity: string;
      readonly message: string;
    };

export type OnProgress = (progress: MigrationProgress) => void;

export const ignoreProgress: OnProgress = () => {};

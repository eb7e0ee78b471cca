import type { Kind } from './kind.ts';

/** The commands that take settings as options. */
export type Taker = 'dev' | 'start' | 'migrate';

/**
 * One setting. Its name in the file gives its other names: `poolSize` is `ASHLAR_POOL_SIZE` in the environment
 * and `--pool-size` on the command line.
 */
export type Setting<T> = {
  /** What it decides, in a phrase that begins small and has no full stop. */
  readonly meaning: string;
  readonly kind: Kind<T>;
  /** What holds where nobody sets it; undefined: nothing does, which `absent` explains. */
  readonly fallback: T | undefined;
  /** Where a command has another fallback. */
  readonly fallbackOf?: { readonly [command in Taker]?: T };
  /** What happens without a value: `the project's own database`. */
  readonly absent?: string;
  /** The commands that have it as an option; from the file and the environment all take it. */
  readonly takers: readonly Taker[];
  readonly short?: string;
  /**
   * Whether it is never shown: all of it, or the password that an address has in it. Text that begins with @ is
   * then the name of the file that has the value.
   */
  readonly secret?: 'whole' | 'password';
};

type Given<T> = Omit<Setting<T>, 'meaning' | 'kind' | 'fallback'>;

/** A setting that always has a value. */
export const setting = <T>(
  meaning: string,
  kind: Kind<T>,
  fallback: NoInfer<T>,
  given: Given<NoInfer<T>>,
): Setting<T> & { readonly fallback: T } => ({ meaning, kind, fallback, ...given });

/** A setting that may have none. */
export const optional = <T>(
  meaning: string,
  kind: Kind<T>,
  given: Given<NoInfer<T>> & { readonly absent: string },
): Setting<T> & { readonly fallback: undefined } => ({ meaning, kind, fallback: undefined, ...given });

const words = (name: string): readonly string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

/** `poolSize` → `ASHLAR_POOL_SIZE` */
export const variableOf = (name: string): string => `ASHLAR_${words(name).join('_').toUpperCase()}`;

/** `poolSize` → `pool-size` */
export const optionOf = (name: string): string => words(name).join('-');

import { useState } from 'preact/hooks';
import { rowsOf } from '../api.ts';
import { Loaded, View } from '../parts/view.tsx';
import { useRows } from '../use-rows.ts';

type LearningPath = {
  readonly id: string;
  readonly title: string;
  readonly learning_steps: readonly {
    readonly position: number;
    readonly title: string;
    readonly skills: readonly { readonly id: string; readonly name: string }[];
  }[];
};

const place = 'careers.done';

/** The steps that are done: they stay in this browser, nobody else learns of them. */
const useTicks = () => {
  const [done, setDone] = useState<ReadonlySet<string>>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
      return new Set(Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []);
    } catch {
      return new Set();
    }
  });
  const keep = (next: ReadonlySet<string>): void => {
    setDone(next);
    try {
      localStorage.setItem(place, JSON.stringify([...next]));
    } catch {
      // They hold until the page is left.
    }
  };
  return {
    done,
    tick: (step: string, isDone: boolean) => {
      const next = new Set(done);
      if (isDone) next.add(step);
      else next.delete(step);
      keep(next);
    },
    clear: () => keep(new Set()),
  };
};

type Ticks = ReturnType<typeof useTicks>;

const Steps = ({ path, done, tick }: Pick<Ticks, 'done' | 'tick'> & { readonly path: LearningPath }) => {
  const keyOf = (position: number): string => `${path.id}/${position}`;
  const count = path.learning_steps.filter(({ position }) => done.has(keyOf(position))).length;
  return (
    <section class="path">
      <h2>{path.title}</h2>
      <p class="progress">
        <progress max={path.learning_steps.length} value={count} aria-label={`Done of ${path.title}`} />
        <span>
          {count} of {path.learning_steps.length} done
        </span>
      </p>
      <ol>
        {path.learning_steps.map(({ position, title, skills }) => {
          const key = keyOf(position);
          return (
            <li key={key} class={done.has(key) ? 'done' : undefined}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={done.has(key)}
                  onChange={({ currentTarget }) => tick(key, currentTarget.checked)}
                />
                {title}
              </label>
              {skills.length > 0 && (
                <ul class="chips">
                  {skills.map(({ id, name }) => (
                    <li key={id}>{name}</li>
                  ))}
                </ul>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
};

export const Path = () => {
  const { done, tick, clear } = useTicks();
  const paths = useRows('paths', (api) =>
    rowsOf<readonly LearningPath[]>(
      api
        .from('learning_paths')
        .select('id, title, learning_steps(position, title, skills(id, name))')
        .order('position')
        .order('position', { referencedTable: 'learning_steps' })
        .order('position', { referencedTable: 'learning_steps.skills' }),
    ),
  );
  return (
    <View
      title="Path"
      lead="What to learn, in which order. Tick what is done: the ticks stay in this browser."
      sent={paths.sent}
    >
      <Loaded of={paths}>
        {(data) => (
          <>
            <div class="paths">
              {data.map((path) => (
                <Steps key={path.id} path={path} done={done} tick={tick} />
              ))}
            </div>
            <p class="small">
              Which skills belong to a step is our own reading; for the steps the notebook names no source.
            </p>
            {done.size > 0 && (
              <button type="button" class="button" onClick={clear}>
                Clear all ticks
              </button>
            )}
          </>
        )}
      </Loaded>
    </View>
  );
};

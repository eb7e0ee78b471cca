import { rowsOf } from '../api.ts';
import { Loaded, View } from '../parts/view.tsx';
import { Link } from '../router.tsx';
import { useRows } from '../use-rows.ts';

type OpenQuestion = { readonly id: number; readonly question: string };

type Gap = { readonly lacks: string; readonly role_id: string; readonly about: string };

const kinds = [
  { lacks: 'pay', title: 'Roles without pay' },
  { lacks: 'responsibilities', title: 'Roles without responsibilities' },
  { lacks: 'source', title: 'Figures without a source' },
  { lacks: 'date', title: 'Figures without a date' },
];

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Several figures of one role in one region are told as such. */
const countAbout = (gaps: readonly Gap[]): readonly (readonly [string, number])[] => [
  ...gaps.reduce(
    (counts, { about }) => counts.set(about, (counts.get(about) ?? 0) + 1),
    new Map<string, number>(),
  ),
];

export const Gaps = () => {
  const loading = useRows('gaps', async (api) => {
    const [questions, gaps] = await Promise.all([
      rowsOf<readonly OpenQuestion[]>(api.from('open_questions').select('id, question').order('position')),
      rowsOf<readonly Gap[]>(api.from('gaps').select('*').order('about')),
    ]);
    return { questions, gaps };
  });
  return (
    <View
      title="Gaps"
      lead="What the notebook does not know: questions that are open, and data that is missing."
      sent={loading.sent}
    >
      <Loaded of={loading}>
        {({ questions, gaps }) => (
          <>
            <h2>Open questions</h2>
            <ol class="questions">
              {questions.map(({ id, question }) => (
                <li key={id}>
                  <span>{capitalize(question)}</span>
                  <Link to={`/ask?${new URLSearchParams({ q: question })}`}>What comes near</Link>
                </li>
              ))}
            </ol>
            <h2>Missing data</h2>
            <div class="demands">
              {kinds.map(({ lacks, title }) => (
                <section key={lacks}>
                  <h3>{title}</h3>
                  <ul class="items">
                    {countAbout(gaps.filter((gap) => gap.lacks === lacks)).map(([about, count]) => (
                      <li key={about}>
                        {about}
                        {count > 1 && ` (${count} figures)`}
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          </>
        )}
      </Loaded>
    </View>
  );
};

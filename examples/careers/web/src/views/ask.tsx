import { useEffect, useId, useRef } from 'preact/hooks';
import { rowsOf } from '../api.ts';
import { printFigures } from '../money.ts';
import { Cite } from '../parts/cite.tsx';
import { HoursSettings } from '../parts/pay-settings.tsx';
import { Loaded, View } from '../parts/view.tsx';
import { hoursAYear, usePreferences } from '../preferences.ts';
import { go, Link, usePlace } from '../router.tsx';
import { useRows } from '../use-rows.ts';
import { type Compared, Comparison } from './compare.tsx';

type Figure = {
  readonly id: number;
  readonly role_id: string;
  readonly role: string;
  readonly region: string;
  readonly currency: string;
  readonly low: number | null;
  readonly typical: number | null;
  readonly high: number | null;
  readonly hourly_low: number | null;
  readonly hourly_typical: number | null;
  readonly hourly_high: number | null;
  readonly as_of: string | null;
  readonly note: string | null;
  readonly source_id: number | null;
  readonly source: string | null;
};

type Answer = {
  readonly understood: readonly {
    readonly kind: 'role' | 'region' | 'skill' | 'subject';
    readonly id: string;
    readonly title: string;
    readonly said: string;
  }[];
  readonly hours_per_year: number;
  readonly pay: readonly Figure[] | null;
  readonly comparison: readonly Compared[] | null;
  readonly demand:
    | readonly {
        readonly id: string;
        readonly name: string;
        readonly category: string;
        readonly recruiters_percent: number | null;
        readonly is_more_than: boolean;
        readonly source_id: number | null;
      }[]
    | null;
  readonly outlook:
    | readonly {
        readonly occupation: string;
        readonly from_year: number;
        readonly to_year: number;
        readonly growth_percent: number;
        readonly source_id: number | null;
      }[]
    | null;
  readonly passages: readonly {
    readonly passage_id: number;
    readonly title: string;
    readonly place: number;
    readonly places: number;
    readonly source_id: number | null;
    readonly source: string | null;
    readonly headline: string;
  }[];
  readonly missing: readonly string[];
};

const examples = [
  'What do junior backend developers earn in New York, and what is that an hour?',
  'How does a backend engineer intern differ from a junior developer?',
  'Which Python frameworks are in demand?',
  'How do I prevent SQL injection?',
];

const sourceOf = (id: number | null) => (id === null ? null : { id });

const Understood = ({ understood }: Pick<Answer, 'understood'>) => (
  <section>
    <h2>Understood</h2>
    {understood.length === 0 ? (
      <p>No role, region, skill or subject that the notebook knows by name.</p>
    ) : (
      <ul class="chips understood">
        {understood.map(({ kind, id, title, said }) => (
          <li key={kind + id}>
            “{said}” <span class="small">{kind}</span> {title}
          </li>
        ))}
      </ul>
    )}
  </section>
);

const Pay = ({ pay, hours }: { readonly pay: readonly Figure[]; readonly hours: number }) => (
  <section>
    <h2>Pay</h2>
    <ul class="figures">
      {pay.map((figure) => {
        const cited = {
          claim: `${figure.role}, ${figure.region}: ${printFigures(figure)} a year`,
          source: sourceOf(figure.source_id),
          asOf: figure.as_of,
          note: figure.note,
        };
        const hourly = {
          currency: figure.currency,
          low: figure.hourly_low,
          typical: figure.hourly_typical,
          high: figure.hourly_high,
        };
        return (
          <li key={figure.id}>
            <span class="figure-place">
              {figure.role}, {figure.region}
            </span>
            <span class="figure-amount">
              <Cite cited={cited}>{printFigures(figure)}</Cite> <span class="small">a year</span>
            </span>
            <span class="figure-amount">
              <Cite cited={cited}>{printFigures(hourly, (amount) => amount, 2)}</Cite>{' '}
              <span class="small">an hour</span>
            </span>
            <span class="small">{figure.source ?? 'no source is noted'}</span>
          </li>
        );
      })}
    </ul>
    <p class="small">
      An hour is a year’s figure divided by {hours.toLocaleString('en-US')} hours.
      {pay.length > 1 && ' Figures that disagree stand side by side; no average is made of them.'}
    </p>
    <form class="settings" onSubmit={(event) => event.preventDefault()}>
      <HoursSettings />
    </form>
  </section>
);

const Demanded = ({ demand }: { readonly demand: NonNullable<Answer['demand']> }) => (
  <section>
    <h2>Demand</h2>
    <ul class="items">
      {demand.map(({ id, name, category, recruiters_percent: percent, is_more_than, source_id }) => (
        <li key={id}>
          {name} <span class="small">{category}</span>{' '}
          {percent !== null && (
            <Cite
              cited={{
                claim: `${is_more_than ? 'More than ' : ''}${percent} % of recruiters look for ${name}.`,
                source: sourceOf(source_id),
                asOf: null,
              }}
            >
              {is_more_than ? 'over ' : ''}
              {percent} % of recruiters
            </Cite>
          )}
        </li>
      ))}
    </ul>
  </section>
);

const Outlook = ({ outlook }: { readonly outlook: NonNullable<Answer['outlook']> }) => (
  <section>
    <h2>Outlook</h2>
    <ul class="items">
      {outlook.map(({ occupation, from_year, to_year, growth_percent, source_id }) => {
        const claim = `Employment of ${occupation}: ${growth_percent} % more from ${from_year} to ${to_year}`;
        return (
          <li key={occupation}>
            {occupation}, {from_year} to {to_year}:{' '}
            <Cite cited={{ claim, source: sourceOf(source_id) }}>+{growth_percent} %</Cite>
          </li>
        );
      })}
    </ul>
  </section>
);

/** The words found stand between ⟦ and ⟧. A piece out of a paragraph shows that it is one. */
const Headline = ({ text }: { readonly text: string }) => (
  <>
    {/^⟦?\p{Ll}/u.test(text) && '… '}
    {text.split(/[⟦⟧]/).map((part, i) => (i % 2 === 1 ? <mark key={i}>{part}</mark> : part))}
    {/[^.:!?⟧]⟧?$/.test(text) && ' …'}
  </>
);

const Passages = ({ passages }: Pick<Answer, 'passages'>) => (
  <section>
    <h2>Written about it</h2>
    <ol class="passages">
      {passages.map(({ passage_id, title, place, places, source_id, source, headline }) => (
        <li key={passage_id}>
          <h3>{title}</h3>
          <p>
            <Headline text={headline} />
          </p>
          <p class="small">
            {places > 1 ? `Paragraph ${place} of ${places}. ` : ''}
            {source_id === null ? (
              'A text of our own on the topic.'
            ) : (
              <Cite
                cited={{ claim: `“${title}”, a text of our own about a source`, source: { id: source_id } }}
              >
                About: {source}
              </Cite>
            )}
          </p>
        </li>
      ))}
    </ol>
  </section>
);

const Answered = ({ answer }: { readonly answer: Answer }) => {
  const { understood, pay, comparison, demand, outlook, passages, missing, hours_per_year } = answer;
  const [first, second] = understood.filter(({ kind }) => kind === 'role');
  return (
    <div class="answer">
      <Understood understood={understood} />
      {missing.length > 0 && (
        <section class="missing" aria-label="Missing">
          <h2>Missing</h2>
          <ul>
            {missing.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </section>
      )}
      {pay !== null && <Pay pay={pay} hours={hours_per_year} />}
      {outlook !== null && <Outlook outlook={outlook} />}
      {demand !== null && <Demanded demand={demand} />}
      {comparison !== null && first !== undefined && second !== undefined && (
        <>
          <Comparison items={comparison} titles={[first.title, second.title]} />
          <p>
            <Link to={`/compare?${new URLSearchParams({ a: first.id, b: second.id })}`}>
              Compare their pay, too
            </Link>
          </p>
        </>
      )}
      {passages.length > 0 && <Passages passages={passages} />}
    </div>
  );
};

export const Ask = () => {
  const { query } = usePlace();
  const question = query.get('q')?.trim() ?? '';
  const [preferences] = usePreferences();
  const hours = hoursAYear(preferences);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    if (field.current !== null) field.current.value = question;
  }, [question]);
  const answer = useRows(
    `ask ${hours} ${question}`,
    question === ''
      ? undefined
      : (api) => rowsOf<Answer>(api.rpc('ask', { question, hours_per_year: hours }, { get: true })),
  );
  return (
    <View
      title="Ask"
      lead="A question in plain words. What can be computed is computed, with its sources; what is written about it is found; what is missing is said."
      sent={answer.sent}
    >
      <search>
        <form
          class="ask"
          onSubmit={(event) => {
            event.preventDefault();
            const asked = field.current?.value.trim() ?? '';
            go(asked === '' ? '/ask' : `/ask?${new URLSearchParams({ q: asked })}`);
          }}
        >
          <label for={id} class="visually-hidden">
            Your question
          </label>
          <input
            id={id}
            ref={field}
            type="search"
            maxLength={400}
            placeholder="What does a junior developer earn?"
            autocomplete="off"
          />
          <button type="submit" class="button primary">
            Ask
          </button>
        </form>
      </search>
      {question === '' ? (
        <section>
          <h2>For instance</h2>
          <ul class="examples">
            {examples.map((example) => (
              <li key={example}>
                <Link to={`/ask?${new URLSearchParams({ q: example })}`}>{example}</Link>
              </li>
            ))}
          </ul>
        </section>
      ) : (
        <Loaded of={answer}>{(data) => <Answered answer={data} />}</Loaded>
      )}
    </View>
  );
};

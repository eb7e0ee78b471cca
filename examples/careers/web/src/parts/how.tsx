import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SentRequest } from '../api.ts';
import { Sheet } from './sheet.tsx';

/** What `ashlar dev` tells of a request at /dev/explain. */
type Explained = {
  readonly role: string;
  readonly exempt: boolean;
  readonly statements: readonly { readonly text: string; readonly params: readonly (string | null)[] }[];
  readonly tables: readonly {
    readonly name: string;
    readonly rowSecurity: boolean;
    readonly policies: readonly { readonly name: string; readonly using: string | null }[];
  }[];
  readonly functions: readonly { readonly name: string; readonly definition: string }[];
};

type Explanation = { readonly explained?: Explained; readonly why?: string };

const explain = async (sent: SentRequest): Promise<Explanation> => {
  try {
    const answer = await fetch('/dev/explain', { method: 'POST', body: JSON.stringify(sent) });
    if (answer.status === 404 || answer.status === 405)
      return { why: 'The SQL is shown by "ashlar dev" only; this server does not explain itself.' };
    const body = await answer.json();
    return answer.ok ? { explained: body as Explained } : { why: String(body.message) };
  } catch {
    return { why: 'The server does not answer.' };
  }
};

/** `select=title%2Cid` reads better as `select=title,id`. */
const readable = (target: string): string => {
  try {
    return decodeURIComponent(target.replaceAll('+', ' '));
  } catch {
    return target;
  }
};

/** A line for each parameter; a long one may be broken after its commas. */
const Target = ({ target }: { readonly target: string }) => (
  <>
    {readable(target)
      .replace(/[?&]/g, '\n$&')
      .split(',')
      .map((part, i) => (
        <Fragment key={`${i}${part}`}>
          {i > 0 && ','}
          <wbr />
          {part}
        </Fragment>
      ))}
  </>
);

/** A line for each clause, as far as they can be told without parsing. */
const printSql = (text: string): string =>
  text.replace(/ (FROM|WHERE|ORDER BY|GROUP BY|LIMIT|LEFT JOIN|LATERAL)(?= )/g, '\n$1');

const Statement = ({ statements }: Pick<Explained, 'statements'>) => {
  const last = statements.at(-1);
  return (
    <>
      <pre>
        <code>{printSql(last?.text ?? '')}</code>
      </pre>
      {last !== undefined && last.params.length > 0 && (
        <p class="small">
          Values travel apart from the text:{' '}
          {last.params.map((param, i) => (
            <span key={`${i}${param}`} class="param">
              <code>${i + 1}</code> {param ?? 'null'}
            </span>
          ))}
        </p>
      )}
    </>
  );
};

const Policies = ({ role, exempt, tables }: Explained) => (
  <ul class="policies">
    {tables.map(({ name, rowSecurity, policies }) => (
      <li key={name}>
        <code>{name}</code>{' '}
        {exempt || !rowSecurity
          ? 'has no policy that holds for this role.'
          : policies.length === 0
            ? `shows ${role} nothing: no policy lets it.`
            : policies.map((policy) => (
                <span key={policy.name}>
                  “{policy.name}” <code>using ({policy.using ?? 'true'})</code>
                </span>
              ))}
      </li>
    ))}
  </ul>
);

const Functions = ({ functions }: Pick<Explained, 'functions'>) => (
  <>
    {functions.map(({ name, definition }) => (
      <details key={name}>
        <summary>
          <code>{name}</code>
        </summary>
        <pre>
          <code>{definition}</code>
        </pre>
      </details>
    ))}
  </>
);

const Request = ({ sent }: { readonly sent: SentRequest }) => {
  const [explanation, setExplanation] = useState<Explanation>();
  useEffect(() => {
    let current = true;
    void explain(sent).then((one) => current && setExplanation(one));
    return () => {
      current = false;
    };
  }, [sent]);
  const explained = explanation?.explained;
  return (
    <section class="request">
      <h3>The request</h3>
      <pre>
        <code>
          {sent.method} <Target target={sent.target} />
        </code>
      </pre>
      <h3>The SQL it became</h3>
      {explanation === undefined && <p>Loading …</p>}
      {explanation?.why !== undefined && <p>{explanation.why}</p>}
      {explained !== undefined && (
        <>
          <Statement {...explained} />
          {explained.functions.length > 0 && (
            <>
              <h3>The functions it calls</h3>
              <Functions {...explained} />
            </>
          )}
          <h3>What let it through</h3>
          <p>
            You ask as <code>{explained.role}</code>. Each table was opened to that role by a grant, and its
            rows by a policy:
          </p>
          <Policies {...explained} />
        </>
      )}
    </section>
  );
};

/** Shows how a view was made: its requests, their SQL, and the policies that let them through. */
export const How = ({ sent }: { readonly sent: readonly SentRequest[] }) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="quiet-button how-button"
        aria-label="How? Show how this was made"
        disabled={sent.length === 0}
        onClick={() => setOpen(true)}
      >
        How?
      </button>
      {open && (
        <Sheet title="How this was made" onClose={() => setOpen(false)}>
          <p>
            No code of its own runs on the server: the page asks the API, the API makes one statement of it,
            and Postgres answers.
          </p>
          {sent.map((one) => (
            <Request key={one.target} sent={one} />
          ))}
        </Sheet>
      )}
    </>
  );
};

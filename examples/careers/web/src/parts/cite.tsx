import { type ComponentChildren, createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import { rowsOf, type Source } from '../api.ts';
import { printMonth } from '../pay.ts';
import { useRows } from '../use-rows.ts';
import { Sheet } from './sheet.tsx';

/** Something that the notebook says, and who said it. */
export type Cited = {
  /** In words: `Junior Back-End Developer, New York: $73,318 a year`. */
  readonly claim: string;
  /** Null: the notebook does not tell. */
  readonly source: Pick<Source, 'id'> | null;
  /** Undefined: time does not matter to it. */
  readonly asOf?: string | null;
  readonly note?: string | null;
};

const Citing = createContext<(cited: Cited) => void>(() => {});

type SourceText = Source & {
  readonly documents: readonly { readonly passages: readonly { readonly body: string }[] }[];
};

const SourceSheet = ({ cited, onClose }: { readonly cited: Cited; readonly onClose: () => void }) => {
  const id = cited.source?.id;
  const { data, refused } = useRows(
    `source ${id}`,
    id === undefined
      ? undefined
      : (api) =>
          rowsOf<SourceText>(
            api
              .from('sources')
              .select('*, documents(passages(body))')
              .eq('id', id)
              .order('position', { referencedTable: 'documents.passages' })
              .single(),
          ),
  );
  const passages = data?.documents.flatMap((document) => document.passages) ?? [];
  return (
    <Sheet title="Where this comes from" onClose={onClose}>
      <p class="claim">{cited.claim}</p>
      <dl class="facts">
        <dt>Source</dt>
        <dd>
          {id === undefined
            ? 'The notebook does not say where it has this from.'
            : refused !== undefined
              ? `It could not be loaded: ${refused.message}`
              : data === undefined
                ? 'Loading …'
                : `${data.title}. ${data.publisher} (${data.kind}), no. ${data.id} of the notebook.`}
        </dd>
        {data !== undefined && (
          <>
            <dt>Address</dt>
            <dd>{data.url === null ? 'Not written down.' : <a href={data.url}>{data.url}</a>}</dd>
          </>
        )}
        {cited.asOf !== undefined && (
          <>
            <dt>As of</dt>
            <dd>{cited.asOf === null ? 'No month or year is noted.' : printMonth(cited.asOf)}</dd>
          </>
        )}
        {cited.note && (
          <>
            <dt>Note</dt>
            <dd>{cited.note}</dd>
          </>
        )}
      </dl>
      {passages.length > 0 && <h3>What the notebook says of it</h3>}
      {passages.map(({ body }) => (
        <p key={body}>{body}</p>
      ))}
    </Sheet>
  );
};

/** Lets everything inside open its source. */
export const Citations = ({ children }: { readonly children: ComponentChildren }) => {
  const [cited, setCited] = useState<Cited>();
  return (
    <Citing.Provider value={setCited}>
      {children}
      {cited !== undefined && <SourceSheet cited={cited} onClose={() => setCited(undefined)} />}
    </Citing.Provider>
  );
};

export const useCite = (): ((cited: Cited) => void) => useContext(Citing);

/** A number or a claim that opens its source. */
export const Cite = ({
  cited,
  children,
}: {
  readonly cited: Cited;
  readonly children: ComponentChildren;
}) => {
  const cite = useCite();
  return (
    <button
      type="button"
      class={cited.source === null ? 'cite cite-unsourced' : 'cite'}
      title={cited.source === null ? 'No source is noted' : 'Open its source'}
      onClick={() => cite(cited)}
    >
      {children}
    </button>
  );
};

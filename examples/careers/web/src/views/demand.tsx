import { rowsOf, type Source } from '../api.ts';
import { Cite } from '../parts/cite.tsx';
import { Loaded, View } from '../parts/view.tsx';
import { useRows } from '../use-rows.ts';

type Skill = {
  readonly id: string;
  readonly name: string;
  readonly builds_on_id: string | null;
  readonly skill_demands: {
    readonly recruiters_percent: number | null;
    readonly is_more_than: boolean;
    readonly sources: Source | null;
  };
};

type Category = { readonly id: string; readonly name: string; readonly skills: readonly Skill[] };

const SkillItem = ({ skill, before }: { readonly skill: Skill; readonly before: string | undefined }) => {
  const { recruiters_percent: percent, is_more_than, sources } = skill.skill_demands;
  return (
    <li class="demand">
      <span class="demand-name">{skill.name}</span>
      {before !== undefined && <span class="small">on {before}</span>}
      {percent !== null && (
        <>
          <span class="demand-bar" aria-hidden="true">
            <span style={{ width: `${percent}%` }} />
          </span>
          <Cite
            cited={{
              claim: `${is_more_than ? 'More than ' : ''}${percent} % of recruiters look for ${skill.name}.`,
              source: sources,
              asOf: null,
            }}
          >
            {is_more_than ? 'over ' : ''}
            {percent} % of recruiters
          </Cite>
        </>
      )}
    </li>
  );
};

export const Demand = () => {
  const categories = useRows('demand', (api) =>
    rowsOf<readonly Category[]>(
      api
        .from('skill_categories')
        .select(
          'id, name, skills!inner(id, name, builds_on_id, skill_demands!inner(recruiters_percent, is_more_than, sources(*)))',
        )
        .order('position')
        .order('position', { referencedTable: 'skills' }),
    ),
  );
  return (
    <View
      title="In demand"
      lead="What employers expect of juniors. Only two of these have a figure; the others are named without one."
      sent={categories.sent}
    >
      <Loaded of={categories}>
        {(data) => {
          const names = new Map(data.flatMap(({ skills }) => skills.map(({ id, name }) => [id, name])));
          return (
            <>
              <div class="demands">
                {data.map(({ id, name, skills }) => (
                  <section key={id}>
                    <h2>{name}</h2>
                    <ul>
                      {skills.map((skill) => (
                        <SkillItem
                          key={skill.id}
                          skill={skill}
                          before={names.get(skill.builds_on_id ?? '')}
                        />
                      ))}
                    </ul>
                  </section>
                ))}
              </div>
              <p class="missing">
                <strong>Missing:</strong> the notebook does not say where these lists come from, nor of which
                year they are.
              </p>
            </>
          );
        }}
      </Loaded>
    </View>
  );
};

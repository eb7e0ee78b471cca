-- Who may do what. The notebook is public to read; its own programs (service_role) alone write it. A GRANT opens a
-- table, a policy chooses its rows; without both, nobody sees anything.

alter table public.sources enable row level security;
alter table public.currencies enable row level security;
alter table public.regions enable row level security;
alter table public.region_parts enable row level security;
alter table public.roles enable row level security;
alter table public.salary_observations enable row level security;
alter table public.occupations enable row level security;
alter table public.outlooks enable row level security;
alter table public.role_occupations enable row level security;
alter table public.responsibilities enable row level security;
alter table public.role_responsibilities enable row level security;
alter table public.requirements enable row level security;
alter table public.role_requirements enable row level security;
alter table public.skill_categories enable row level security;
alter table public.skills enable row level security;
alter table public.skill_demands enable row level security;
alter table public.learning_paths enable row level security;
alter table public.learning_steps enable row level security;
alter table public.learning_step_skills enable row level security;
alter table public.open_questions enable row level security;
alter table public.documents enable row level security;
alter table public.passages enable row level security;
alter table public.role_names enable row level security;
alter table public.region_names enable row level security;
alter table public.skill_names enable row level security;
alter table public.subjects enable row level security;
alter table public.subject_names enable row level security;

grant select on
  public.sources, public.currencies, public.regions, public.region_parts, public.roles, public.salary_observations,
  public.occupations, public.outlooks, public.role_occupations, public.responsibilities, public.role_responsibilities,
  public.requirements, public.role_requirements, public.skill_categories, public.skills, public.skill_demands,
  public.learning_paths, public.learning_steps, public.learning_step_skills, public.open_questions, public.documents,
  public.passages, public.role_names, public.region_names, public.skill_names, public.subjects, public.subject_names
  to anon, authenticated;

create policy "sources are public" on public.sources for select to anon, authenticated using (true);
create policy "currencies are public" on public.currencies for select to anon, authenticated using (true);
create policy "regions are public" on public.regions for select to anon, authenticated using (true);
create policy "parts of regions are public" on public.region_parts for select to anon, authenticated using (true);
create policy "roles are public" on public.roles for select to anon, authenticated using (true);
create policy "pay is public" on public.salary_observations for select to anon, authenticated using (true);
create policy "occupations are public" on public.occupations for select to anon, authenticated using (true);
create policy "outlooks are public" on public.outlooks for select to anon, authenticated using (true);
create policy "occupations of roles are public" on public.role_occupations
  for select to anon, authenticated using (true);
create policy "responsibilities are public" on public.responsibilities for select to anon, authenticated using (true);
create policy "responsibilities of roles are public" on public.role_responsibilities
  for select to anon, authenticated using (true);
create policy "requirements are public" on public.requirements for select to anon, authenticated using (true);
create policy "requirements of roles are public" on public.role_requirements
  for select to anon, authenticated using (true);
create policy "kinds of skills are public" on public.skill_categories for select to anon, authenticated using (true);
create policy "skills are public" on public.skills for select to anon, authenticated using (true);
create policy "demand is public" on public.skill_demands for select to anon, authenticated using (true);
create policy "paths are public" on public.learning_paths for select to anon, authenticated using (true);
create policy "steps of paths are public" on public.learning_steps for select to anon, authenticated using (true);
create policy "skills of steps are public" on public.learning_step_skills
  for select to anon, authenticated using (true);
create policy "open questions are public" on public.open_questions for select to anon, authenticated using (true);
create policy "documents are public" on public.documents for select to anon, authenticated using (true);
create policy "passages are public" on public.passages for select to anon, authenticated using (true);
create policy "names of roles are public" on public.role_names for select to anon, authenticated using (true);
create policy "names of regions are public" on public.region_names for select to anon, authenticated using (true);
create policy "names of skills are public" on public.skill_names for select to anon, authenticated using (true);
create policy "subjects are public" on public.subjects for select to anon, authenticated using (true);
create policy "names of subjects are public" on public.subject_names for select to anon, authenticated using (true);

-- What service_role may do in `public` it is granted by itself, and policies do not hold for it.

-- Functions run with the rights of whoever calls them, so callers have to reach what is shared.
grant usage on schema notebook to anon, authenticated, service_role;
grant select on notebook.names to anon, authenticated, service_role;

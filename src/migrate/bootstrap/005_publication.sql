-- ashlar:optional There is no publication supabase_realtime, so "alter publication supabase_realtime add table …" fails. The database's owner can make it: create publication supabase_realtime
create publication supabase_realtime;

-- Tells the server when the schema has changed, whoever changed it.

create function ashlar.notify_schema_changed() returns event_trigger
  language plpgsql
  set search_path = ''
  as $$
begin
  -- What is temporary is seen by its session alone, and some commands change no more than what is stored.
  if tg_event = 'ddl_command_end' then
    if not exists (
      select from pg_event_trigger_ddl_commands() as command
      where command.schema_name is distinct from 'pg_temp'
        and command.command_tag not in ('REFRESH MATERIALIZED VIEW', 'REINDEX')
    ) then
      return;
    end if;
  elsif not exists (
    select from pg_event_trigger_dropped_objects() as dropped where not dropped.is_temporary
  ) then
    return;
  end if;
  notify ashlar, 'reload schema';
end
$$;
comment on function ashlar.notify_schema_changed() is 'Sends NOTIFY ashlar, ''reload schema''.';

-- ashlar:optional The server is not told when the schema changes, as only a superuser can make event triggers. After a change: notify ashlar, 'reload schema'
create event trigger ashlar_ddl on ddl_command_end execute function ashlar.notify_schema_changed();

-- ashlar:optional As above, when something is dropped.
create event trigger ashlar_drop on sql_drop execute function ashlar.notify_schema_changed();

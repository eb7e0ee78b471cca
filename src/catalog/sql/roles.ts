/** SQL: `Model.roles`; of the roles' settings, those that are `settable`. */
export const rolesSql = `
select r.oid::bigint as "oid",
       r.rolname as "name",
       r.rolcanlogin as "login",
       r.rolsuper as "superuser",
       r.rolbypassrls as "bypassRls",
       r.rolinherit as "inherit",
       (select coalesce(json_agg(g.name order by g.name), '[]')
        from (select distinct pg_get_userbyid(m.roleid) as name from pg_auth_members m where m.member = r.oid) g
       ) as "memberOf",
       (select coalesce(json_agg(json_build_array(s.name, s.value) order by s.name collate "C"), '[]')
        from (
          select distinct on (kv.name) kv.name, kv.value
          from pg_db_role_setting rs
          cross join lateral unnest(rs.setconfig) config
          cross join lateral (select split_part(config, '=', 1) as name,
                                     substr(config, strpos(config, '=') + 1) as value) kv
          join settable on settable.name = kv.name
          where rs.setrole = r.oid
            and rs.setdatabase in (0, (select oid from pg_database where datname = current_database()))
          order by kv.name, rs.setdatabase desc
        ) s) as "settings"
from pg_roles r
where r.rolname !~ '^pg_'
order by r.rolname`;

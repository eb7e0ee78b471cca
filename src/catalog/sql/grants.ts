/**
 * SQL: who may do what by an ACL, as a JSON array of `{grantee, privilege}`.
 *
 * @param acl an expression of type `aclitem[]`; where nothing was ever granted, `acldefault` is its place
 */
export const grantsSql = (acl: string): string => `(
  select coalesce(json_agg(json_build_object('grantee', g.grantee, 'privilege', g.privilege)
                           order by g.grantee collate "C", g.privilege collate "C"), '[]')
  from (
    select distinct
      case a.grantee when 0 then 'PUBLIC' else pg_get_userbyid(a.grantee)::text end as grantee,
      a.privilege_type as privilege
    from aclexplode(${acl}) a
  ) g)`;

/** SQL: the names of those to whom an ACL gives one privilege, as a JSON array. */
export const granteesSql = (acl: string, privilege: string): string => `(
  select coalesce(json_agg(g.grantee order by g.grantee collate "C"), '[]')
  from (
    select distinct case a.grantee when 0 then 'PUBLIC' else pg_get_userbyid(a.grantee)::text end as grantee
    from aclexplode(${acl}) a
    where a.privilege_type = '${privilege}'
  ) g)`;

-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "employees"."name", row_to_json("employees_supervisor_id_1".*) AS "supervisor_id"
  FROM "public"."employees"
  LEFT JOIN LATERAL (
    SELECT "employees_1"."name"
    FROM "public"."employees" AS "employees_1"
    WHERE "employees_1"."id" = "employees"."supervisor_id"
  ) AS "employees_supervisor_id_1" ON TRUE
  WHERE "employees"."id" = $1
) AS _ashlar_row;
-- $1 = '4'

-- what functions have set for the answer

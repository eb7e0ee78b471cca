-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "employees"."name", (
    SELECT coalesce(json_agg("employees_employees_1".*), '[]') AS "employees_employees_1"
    FROM (
      SELECT "employees_1"."name"
      FROM "public"."employees" AS "employees_1"
      WHERE "employees_1"."supervisor_id" = "employees"."id"
      ORDER BY "employees_1"."id"
    ) AS "employees_employees_1"
  ) AS "employees"
  FROM "public"."employees"
  WHERE "employees"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer

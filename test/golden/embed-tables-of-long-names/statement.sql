-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be"."name", (
    SELECT coalesce(json_agg("folders_in_folders_in_folders_with_a_name_as_long_as_it_1_0".*), '[]') AS "folders_in_folders_in_folders_with_a_name_as_long_as_it_1_0"
    FROM (
      SELECT "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_1"."name", (
        SELECT coalesce(json_agg("folders_in_folders_in_folders_with_a_name_as_long_as_it_2_0".*), '[]') AS "folders_in_folders_in_folders_with_a_name_as_long_as_it_2_0"
        FROM (
          SELECT "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_2"."name"
          FROM "public"."folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be" AS "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_2"
          WHERE "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_2"."inside" = "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_1"."id"
        ) AS "folders_in_folders_in_folders_with_a_name_as_long_as_it_2_0"
      ) AS "sub"
      FROM "public"."folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be" AS "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_1"
      WHERE "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_1"."inside" = "folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be"."id"
      ORDER BY "folders_in_folders_in_folders_with_a_name_as_long_as_it_m_1"."id"
    ) AS "folders_in_folders_in_folders_with_a_name_as_long_as_it_1_0"
  ) AS "sub"
  FROM "public"."folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be"
  WHERE "folders_in_folders_in_folders_with_a_name_as_long_as_it_may_be"."id" = $1
) AS _ashlar_row;
-- $1 = '1'

-- what functions have set for the answer

import type { Harness } from "./harness.ts";

/** Makes Postgres refuse every update of one column, and counts them, until it is disposed. */
export async function refusing(harness: Harness, table: string, column: string) {
  await harness.sql(`
    create sequence verbatim.refused; grant usage on sequence verbatim.refused to verbatim_app;
    create function verbatim.refuse() returns trigger language plpgsql as $$
      begin perform nextval('verbatim.refused'); raise exception 'refused by the test'; end $$;
    create trigger refuse before update of ${column} on verbatim.${table} for each row execute function verbatim.refuse()`);
  return {
    /** A sequence does not roll back with the refused transaction. */
    count: async () =>
      Number(
        (await harness.sql("select case when is_called then last_value else 0 end as n from verbatim.refused"))[0]![
          "n"
        ],
      ),
    async [Symbol.asyncDispose]() {
      await harness.sql(
        `drop trigger refuse on verbatim.${table}; drop function verbatim.refuse(); drop sequence verbatim.refused`,
      );
    },
  };
}

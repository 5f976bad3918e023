import pg from "pg";
import { expect, it } from "vitest";
import { createLog } from "./log.ts";
import { startTestPostgres } from "./postgres/embedded.ts";

/** The table refuses what is told of Ada, by itself and from within a statement made of text. */
const table = "create table person (name text not null, age int not null check (age > 0))";
const insert = "insert into person values ('Ada Lovelace', -1)";
const inside = `do $do$ begin execute $sql$${insert}$sql$; end $do$`;

it("a statement that failed is logged with what to look for, and without the row that it repeats", async () => {
  const lines: string[] = [];
  const log = createLog("test", "debug", { write: (line) => void lines.push(line) });
  await using postgres = await startTestPostgres();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query(table);
    const [plain, nested] = await Promise.all(
      [insert, inside].map((sql) => client.query(sql).catch((thrown: unknown) => thrown)),
    );
    // Or nothing below would prove anything.
    expect(plain).toMatchObject({ detail: expect.stringContaining("Ada Lovelace") });
    expect(nested).toMatchObject({ where: expect.stringContaining("Ada Lovelace") });
    const causes = [plain, nested, new Error("wrapped", { cause: plain }), new AggregateError([plain, nested])];
    for (const level of ["debug", "info", "warn", "error"] as const) {
      for (const cause of causes) log.with({ requestId: "1" })[level]("insert.failed", { cause });
    }
    expect(lines).toHaveLength(16);
    for (const line of lines) {
      expect(line).not.toContain("Ada");
      expect(line).toContain("person_age_check");
    }
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ err: { code: "23514", table: "person" }, requestId: "1" });
  } finally {
    await client.end();
  }
});

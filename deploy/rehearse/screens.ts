import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Person } from "./person.ts";

/** Photographs the page of everybody who is still there: `{name}-{when}.png`. A page that cannot be drawn now is told, not fatal. */
export async function photograph(
  people: Iterable<Person>,
  folder: string,
  when: string,
  say: (line: string) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const there = [...people].filter((person) => !person.gone);
  await Promise.all(
    there.map(async (person) => {
      try {
        await person.page.screenshot({ path: join(folder, `${person.name}-${when}.png`), timeout: 10_000 });
      } catch (cause) {
        say(`No picture of ${person.name} (${when}): ${String(cause).split("\n")[0]}`);
      }
    }),
  );
}

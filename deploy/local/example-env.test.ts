import { glob, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { root } from "./places.ts";
import { portTable } from "./ports.ts";

/** Set by the starter for its own processes only: an operator never writes these. */
const internal = ["API_INTERNAL_URL", "SFU_INTERNAL_URL", "VERBATIM_STARTED_AT"];
/** Every program of the machine has these. */
const machine = ["PATH", "INIT_CWD", "XDG_CACHE_HOME", "XDG_DATA_HOME"];

it("the example environment documents every variable that a service, the starter or a rehearsal reads", async () => {
  const example = await readFile(path.join(root, "deploy", "env", "example.env"), "utf8");
  const documented = new Set([...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]!));
  const read = new Set<string>(Object.values(portTable).map((port) => port.variable));
  let files = 0;
  for await (const file of glob("{sfu,api,recorder,shared/hands}/src/**/config.ts", { cwd: root })) {
    files += 1;
    const text = await readFile(path.join(root, file), "utf8");
    for (const match of text.matchAll(/^\s+([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+):/gm)) read.add(match[1]!);
  }
  expect(files).toBeGreaterThan(2);
  for await (const file of glob("deploy/{local,rehearse}/**/*.ts", {
    cwd: root,
    exclude: (name) => name.endsWith(".test.ts"),
  })) {
    const text = await readFile(path.join(root, file), "utf8");
    for (const match of text.matchAll(/\benv\["([A-Z][A-Z0-9_]+)"\]/g)) read.add(match[1]!);
  }
  expect(
    [...read].filter((name) => !documented.has(name) && ![...internal, ...machine].includes(name)).toSorted(),
  ).toEqual([]);
});

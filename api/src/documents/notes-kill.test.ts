import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import * as Y from "yjs";
import { expect, it } from "vitest";
import { NOTES_ROOT } from "@verbatim/shared/document/notes";
import { errorTable } from "@verbatim/shared/errors";
import { openDatabase } from "../database/database.ts";
import { log, useHarness } from "../../test/harness.ts";
import { forgeNotesTicket, openNotes } from "../../test/notes-client.ts";
import { scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";
import { createUpdateLog } from "./update-log.ts";

const KILLS = 6;
/** Letters that everybody has stored between one kill and the next. */
const LETTERS = 25;

const { harness, staff } = await useHarness();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** How often a person's letter stands in the text, tags apart. */
const count = (text: string, letter: string): number => text.replaceAll(/<[^>]*>/g, "").split(letter).length - 1;

/** A real api process on the harness's database. */
function startApiProcess(port: number): ChildProcess {
  const { secrets } = harness.config;
  return spawn(process.execPath, [new URL("../main.ts", import.meta.url).pathname], {
    env: {
      PATH: process.env["PATH"],
      LOG_LEVEL: "error",
      DATABASE_URL: harness.url,
      STORE_DIR: harness.config.store.kind === "disk" ? harness.config.store.root : "",
      API_PORT: String(port),
      API_INTERNAL_PORT: "0",
      SFU_INTERNAL_URL: harness.sfu.url,
      SERVICE_SECRET: secrets.service,
      TICKET_SECRET: secrets.ticket,
      LINK_SECRET: secrets.link,
      AUTH_SECRET: secrets.auth,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

it("killed again and again while five people type, an api loses no letter that it has called stored", async () => {
  const { at } = await scene(harness, staff);
  let port = await freePort();
  let child = startApiProcess(port);
  const restart = async (): Promise<void> => {
    port = await freePort();
    child = startApiProcess(port);
  };
  /** Marks that are stored. A process that found its port taken by another test's is started again. */
  const stored = async (): Promise<number[]> => {
    if (child.exitCode !== null) await restart();
    return pages.map((page) => page.stored());
  };
  const pages = Array.from({ length: 5 }, (_, n) =>
    openNotes({
      port: () => port,
      interviewId: at.interviewId,
      ticket: () =>
        forgeNotesTicket(harness.config.secrets.ticket, { ...at, name: `Person ${n}`, person: `user:${n}` }),
    }),
  );
  let typing: NodeJS.Timeout | undefined;
  try {
    // Twenty letters a second each, on and off the network: what is typed without one is sent when it is back.
    const letter = (n: number): string => String.fromCharCode(97 + n);
    typing = setInterval(() => pages.forEach((page, n) => page.type(letter(n))), 50);
    for (let kill = 0; kill < KILLS; kill++) {
      const before = pages.map((page) => page.stored());
      await until(stored, (marks) => marks.every((mark, n) => mark >= before[n]! + LETTERS), 60_000);
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      const acknowledged = pages.map((page) => page.stored());
      await using database = openDatabase({ url: harness.url, log, max: 1 });
      const doc = new Y.Doc();
      const named = { ...at, document: `notes/${at.interviewId}` };
      for (const update of await createUpdateLog(database).load(named)) Y.applyUpdate(doc, update);
      const text = doc.getXmlFragment(NOTES_ROOT).toJSON();
      pages.forEach((_, n) => {
        expect(count(text, letter(n))).toBeGreaterThanOrEqual(acknowledged[n]!);
      });
      await restart();
    }
    clearInterval(typing);
    const sent = pages.map((page) => page.type("!"));
    await until(stored, (marks) => marks.every((mark, n) => mark >= sent[n]!), 60_000);
    await until(
      () => new Set(pages.map((page) => page.text())).size,
      (texts) => texts === 1,
      60_000,
    );
    // And of all that was typed, through every kill, nothing is missing or doubled.
    const text = pages[0]!.text();
    pages.forEach((_, n) => expect(count(text, letter(n))).toBe(sent[n]! - 1));
    // A page that is told no does not come back by itself.
    const noes: number[] = [errorTable["input.invalid"].close, errorTable["auth.forbidden"].close];
    for (const { codes } of pages) expect(codes.filter((code) => noes.includes(code))).toEqual([]);
  } finally {
    clearInterval(typing);
    for (const page of pages) page[Symbol.dispose]();
    child.kill("SIGKILL");
  }
});

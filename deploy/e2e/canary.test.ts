import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { beforeAll, expect, it } from "vitest";
import { getReview, type Interview } from "@verbatim/shared/api/interviews";
import type { Client } from "../rehearse/client.ts";
import { collectFiles, copyStore } from "../rehearse/collect.ts";
import { poll } from "../rehearse/poll.ts";
import {
  joinAsCandidate,
  joinAsInterviewer,
  linkOf,
  signInAs,
  startRecording,
  stopRecording,
} from "../rehearse/walk.ts";
import { everyWay, isAccessible } from "./looks.ts";
import { anna, enterStage, newInterview } from "./new-installation.ts";
import { endAfterwards, type Guest, lampIs, openStage, type Stage, understood } from "./stage.ts";

/**
 * Each canary is a word that offline speech and PocketSphinx get, said once at a known second of the candidate's voice.
 * What was said before Start, while muted, while paused and after Stop must be nowhere; what was said while recording must be found,
 * or the search itself would prove nothing.
 */
const SAID = [
  { atSeconds: 1, word: "elephant", text: "there was an elephant in the garden" },
  { atSeconds: 12, word: "university", text: "i studied at the university" },
  { atSeconds: 20, word: "mountain", text: "we went up to the mountain" },
  { atSeconds: 30, word: "hospital", text: "she worked in the hospital" },
  { atSeconds: 38, word: "restaurant", text: "we had dinner in the restaurant" },
  { atSeconds: 50, word: "telephone", text: "he called me on the telephone" },
];
const KEPT = ["university", "restaurant"];
const GONE = ["elephant", "mountain", "hospital", "telephone"];
const NAMES = ["kingfisher", "wagtail", anna.email];

let stage: Stage;
let host: Guest;
let candidate: Guest;
let client: Client;
let interview: Interview;
let beganMs: number;

const second = async (at: number): Promise<void> => {
  await poll(() => Date.now() >= beganMs + at * 1000, 120_000, { everyMs: 20 });
};

const spooled = async (): Promise<string[]> =>
  (await readdir(join(stage.stack.settings.dataDir, "spool"), { recursive: true })).filter((name) =>
    name.endsWith(".spool"),
  );

beforeAll(async () => {
  stage = await openStage();
  client = await enterStage(stage, "Anna Kingfisher");
  interview = await newInterview(client, { title: "Canary", candidateName: "Carl Wagtail", autoStart: false });
  host = await stage.guest("host");
  candidate = await stage.guest("candidate", { says: SAID });
  await signInAs(host.page, stage.url, anna);
  await joinAsInterviewer(host.page, stage.url, interview.id, false);
  await joinAsCandidate(candidate.page, linkOf(interview, "candidate"), false);
  await host.page
    .getByRole("button", { name: /^Admit/ })
    .first()
    .click();
  await candidate.page.locator("[data-lamp]").first().waitFor();
});
endAfterwards(() => stage);

it("only what was said while recording and unmuted is kept: not before Start, muted, paused or after Stop", async () => {
  const press = (page: Guest["page"], name: string) => page.getByRole("button", { name, exact: true }).first().click();
  beganMs = Date.now() + 500;
  await candidate.microphone.begin(beganMs);
  await second(8);
  await startRecording(host.page);
  await lampIs(host.page, "safe", "behind");
  await second(17);
  await press(candidate.page, "Mute");
  await second(26);
  await press(candidate.page, "Unmute");
  await press(host.page, "Pause recording");
  await lampIs(host.page, "paused");
  await second(35);
  await press(host.page, "Resume recording");
  await lampIs(host.page, "safe", "behind");
  await second(46);
  await stopRecording(host.page);
  await second(56);

  // Stop can still be undone.
  expect((await spooled()).length).toBeGreaterThan(0);
  const out = join(stage.stack.settings.dataDir, "found");
  const review = await poll(
    async () => {
      const { recordings } = await client.call(getReview, { params: { interviewId: interview.id } });
      return recordings[0]?.tracks.length ? recordings[0] : undefined;
    },
    60_000,
    { everyMs: 250 },
  );
  if (!review) throw new Error("No master was made.");
  await collectFiles(client, review, out);
  await copyStore(stage.stack, interview.id, out);

  const heard = [await understood(join(out, "master.mp3"))];
  for (const file of await readdir(join(out, "store"), { recursive: true })) {
    if (/\.(ogg|wav)$/.test(file)) heard.push(await understood(join(out, "store", file)));
  }
  const kept = heard.join("\n");
  for (const word of KEPT) expect(kept, `${word} was said while recording`).toContain(word);
  for (const word of GONE) expect(kept, `${word} must not be kept`).not.toContain(word);

  const words = await poll(
    async () => {
      const { recordings } = await client.call(getReview, { params: { interviewId: interview.id } });
      const text = recordings
        .flatMap((one) => one.segments.map((segment) => segment.text))
        .join(" ")
        .toLowerCase();
      return KEPT.every((word) => text.includes(word)) ? text : undefined;
    },
    30_000,
    { everyMs: 250 },
  );
  expect(words, "the transcript has what was kept").toBeDefined();
  for (const word of GONE) expect(words).not.toContain(word);

  const database = new pg.Client({ connectionString: stage.stack.urls.database });
  await database.connect();
  try {
    const { rows } = await database.query<{ update: Buffer }>("select update from verbatim.document_update");
    const document = Buffer.concat(rows.map((row) => row.update))
      .toString("utf8")
      .toLowerCase();
    expect(document).toContain(KEPT[0]);
    for (const word of GONE) expect(document).not.toContain(word);
  } finally {
    await database.end();
  }
});

it("the spool is deleted once nothing can be undone, with what came after Stop", async () => {
  const empty = await poll(async () => (await spooled()).length === 0, 200_000, { everyMs: 500 });
  expect(empty, "the spool was deleted").toBe(true);
});

it("Start after that makes part 2 of the same interview; its page plays both", async () => {
  const listener = await host.context.newPage();
  await listener.goto(`${stage.url}/interviews/${interview.id}`);
  const heard = listener.getByRole("region", { name: "Player" });
  const first = await heard.getAttribute("data-recording");
  await startRecording(host.page);
  await lampIs(host.page, "safe", "behind");
  await listener.getByText("Part 2", { exact: true }).waitFor({ timeout: 60_000 });
  expect(await heard.getAttribute("data-recording"), "who listens to part 1 keeps it").toBe(first);
  await listener.close();
  await stopRecording(host.page);
  await host.page.goto(`${stage.url}/interviews/${interview.id}`);
  const part = (name: string) => host.page.getByRole("radio", { name });
  const shown = host.page.getByRole("region", { name: "Player" });
  const ids = new Set<string | null>();
  await host.page.emulateMedia({ reducedMotion: "reduce" });
  for (const name of ["Part 2", "Part 1"]) {
    await host.page.getByText(name, { exact: true }).click();
    expect(await part(name).isChecked()).toBe(true);
    await host.page.getByRole("button", { name: "Play", exact: true }).click();
    const played = () =>
      host.page
        .locator("audio")
        .first()
        .evaluate((one) => (one as HTMLAudioElement).currentTime);
    await expect.poll(played, { message: name }).toBeGreaterThan(0.5);
    ids.add(await shown.getAttribute("data-recording"));
  }
  expect(ids.size, "each plays its own").toBe(2);
  await everyWay(host.page, (way) => isAccessible(host.page, `review ${way}`, true));
});

it("no log of any process has a name in it, or a word that was said", async () => {
  const logs = join(stage.stack.settings.dataDir, "logs");
  const files = await readdir(logs);
  const whole = (await Promise.all(files.map((file) => readFile(join(logs, file), "utf8")))).join("\n").toLowerCase();
  expect(whole, "what was looked through tells of this interview").toContain(interview.id);
  expect(files).toEqual(expect.arrayContaining(["api.log", "scribe.log", "postgres.log"]));
  for (const text of [...NAMES, ...KEPT, ...GONE]) expect(whole, text).not.toContain(text);
});

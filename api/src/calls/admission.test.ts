import { expect, it } from "vitest";
import { control, endCall, getEntry, openLink, takeTicket } from "@verbatim/shared/api/call";
import { createInterview } from "@verbatim/shared/api/interviews";
import { getStatus } from "@verbatim/shared/api/status";
import { useHarness } from "../../test/harness.ts";
import { draft, gather, paramsOf, scene } from "../../test/scene.ts";
import { mostCalls } from "./capacity.ts";

const { harness, staff } = await useHarness({ env: { MAX_CALLS: "1" } });

const full = { status: 503, body: { code: "calls.full" } };
const ticket = { for: "call" } as const;

it("at the limit a new call is refused before its notice is read; the one that runs is let in again", async () => {
  const first = await scene(harness, staff);
  const second = await scene(harness, staff);
  await first.host.browser.call(takeTicket, paramsOf(first.host), ticket);
  await gather(harness, [first.host]);

  const { browser } = second.candidate;
  expect(await browser.try(getEntry, paramsOf(second.candidate), undefined)).toMatchObject(full);
  expect(await browser.try(takeTicket, paramsOf(second.candidate), ticket)).toMatchObject(full);
  await first.candidate.browser.call(getEntry, paramsOf(first.candidate));
  await first.candidate.browser.call(takeTicket, paramsOf(first.candidate), ticket);
  expect((await staff.call(getStatus)).calls).toEqual({ now: 1, most: 1, recording: 0 });

  await first.host.browser.call(endCall, paramsOf(first.host));
  await browser.call(takeTicket, paramsOf(second.candidate), ticket);
  await second.host.browser.call(endCall, paramsOf(second.host));
  // Who comes to a call that is over reads so, whatever else runs.
  const third = await scene(harness, staff);
  await third.host.browser.call(takeTicket, paramsOf(third.host), ticket);
  expect((await first.candidate.browser.call(getEntry, paramsOf(first.candidate))).over).toBe(true);
  await third.host.browser.call(endCall, paramsOf(third.host));
});

it("of many who come at once to the last place, people of one interview get it", async () => {
  const scenes = [];
  for (let n = 0; n < 4; n++) scenes.push(await scene(harness, staff));
  const answers = await Promise.all(
    scenes.flatMap(({ host, candidate }) =>
      [host, candidate].map(async (person) => ({
        interviewId: person.interviewId,
        status: (await person.browser.try(takeTicket, paramsOf(person), ticket)).status,
      })),
    ),
  );
  const inside = new Set(answers.filter(({ status }) => status === 200).map(({ interviewId }) => interviewId));
  expect(inside.size).toBe(1);
  expect(answers.filter(({ status }) => status === 503).length).toBe(6);
  const winner = scenes.find(({ host }) => inside.has(host.interviewId))!;
  await winner.host.browser.call(endCall, paramsOf(winner.host));
});

it("a call that is recorded keeps its place when everybody is gone, and nobody recording is refused", async () => {
  const first = await scene(harness, staff);
  const second = await scene(harness, staff);
  await first.host.browser.call(takeTicket, paramsOf(first.host), ticket);
  await second.host.browser.try(takeTicket, paramsOf(second.host), ticket);
  // As after an operator lowered the limit: two are recorded, one is allowed.
  for (const { host } of [first, second])
    await host.browser.call(control, paramsOf(host), { action: "start", epoch: 0 });
  await harness.sql("update verbatim.interview set live_at = now() - interval '10 minutes', participants = '[]'");
  expect((await staff.call(getStatus)).calls).toMatchObject({ now: 2, most: 1, recording: 2 });
  await second.host.browser.call(takeTicket, paramsOf(second.host), ticket);
  const third = await staff.call(createInterview, {}, draft);
  const token = third.links.find(({ role }) => role === "observer")?.url.split("#")[1] ?? "";
  const observer = harness.browser();
  const { interviewId } = await observer.call(openLink, {}, { token });
  expect(await observer.try(getEntry, { interviewId, role: "observer" }, undefined)).toMatchObject(full);
});

it("what a machine carries grows with its cores, and an operator's word counts more", () => {
  const on = (cores: number, offlineSpeech = false, configured?: number) =>
    mostCalls({ cores, offlineSpeech, configured });
  expect(on(8)).toBeGreaterThan(on(2));
  expect(on(8, true)).toBeLessThan(on(8));
  expect(on(1, true)).toBeGreaterThanOrEqual(1);
  expect(on(1, true, 50)).toBe(50);
});

import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { createInterview, getInterview, joinByAccount, listInterviews } from "@verbatim/shared/api/interviews";
import { useHarness } from "../../test/harness.ts";
import { comeIn, draft, gather, paramsOf, participant, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const newInterview = () => staff.call(createInterview, {}, draft);

describe("interviews", () => {
  it("come back as they were made, in the list too", async () => {
    const made = await newInterview();
    expect(made).toMatchObject({ title: draft.title, candidateName: "Ada Lovelace", state: "scheduled", present: 0 });
    expect(await staff.call(getInterview, { interviewId: made.id })).toEqual({
      ...made,
      serverNowMs: expect.any(Number),
    });
    const { interviews } = await staff.call(listInterviews);
    expect(interviews.map(({ id }) => id)).toContain(made.id);
  });

  it("name every faulty field", async () => {
    const answer = await staff.try(
      createInterview,
      {},
      { ...draft, title: " ", durationMinutes: 1, zone: "Mars/Base" },
    );
    expect(answer.status).toBe(400);
    const { message } = answer.body as { message: string };
    expect(message).toContain("title: is needed");
    expect(message).toContain("durationMinutes: must be at least 5 minutes");
    expect(message).toContain("zone: must be a time zone");
  });

  it("keep only a hash of each link's secret", async () => {
    const { links } = await newInterview();
    const rows = JSON.stringify(await harness.sql("select encode(secret_hash, 'base64') as h, * from verbatim.link"));
    for (const { url } of links) expect(rows).not.toContain(url.split(".").at(-1));
  });
});

describe("a link", () => {
  it("changes nothing by being looked at, and gives a cookie when it is opened", async () => {
    const interview = await newInterview();
    const token = interview.links.find(({ role }) => role === "candidate")!.url.split("#")[1]!;
    const browser = harness.browser();
    const before = await harness.sql("select count(*)::int as n from verbatim.seat");
    await browser.raw("/join");
    expect(await harness.sql("select count(*)::int as n from verbatim.seat")).toEqual(before);
    expect(await browser.call(call.openLink, {}, { token })).toEqual({ interviewId: interview.id, role: "candidate" });
    const entry = await browser.call(call.getEntry, { interviewId: interview.id, role: "candidate" });
    expect(entry).toMatchObject({ name: "Ada Lovelace", consented: null, over: false, organisation: "Acme" });
  });

  it("is one seat for the candidate on every device, and one per browser for observers", async () => {
    const interview = await newInterview();
    const phone = await comeIn(harness, interview, "candidate");
    const laptop = await comeIn(harness, interview, "candidate");
    expect(laptop.seatId).toBe(phone.seatId);
    const a = await comeIn(harness, interview, "observer", "A");
    const b = await comeIn(harness, interview, "observer", "B");
    expect(a.seatId).not.toBe(b.seatId);
    const devices = await Promise.all(
      [phone, laptop].map(
        async (each) =>
          decodeJwt((await each.browser.call(call.takeTicket, paramsOf(each), { for: "call" })).ticket)["deviceId"],
      ),
    );
    expect(devices[0]).not.toBe(devices[1]);
  });

  it("expires a week after the planned end", async () => {
    const interview = await newInterview();
    await harness.sql("update verbatim.interview set starts_at = now() - interval '8 days' where id = $1", [
      interview.id,
    ]);
    const token = interview.links[0]!.url.split("#")[1]!;
    expect(await harness.browser().try(call.openLink, {}, { token })).toMatchObject({
      status: 410,
      body: { code: "link.expired" },
    });
  });

  it("opened again in the same browser is the same seat", async () => {
    const interview = await newInterview();
    const person = await comeIn(harness, interview, "observer", "A");
    const token = interview.links.find(({ role }) => role === "observer")!.url.split("#")[1]!;
    await person.browser.call(call.openLink, {}, { token });
    expect((await person.browser.call(call.getEntry, paramsOf(person))).seatId).toBe(person.seatId);
  });
});

describe("a ticket", () => {
  it("needs consent from the candidate, whose answer is stored with version, device and time", async () => {
    const interview = await newInterview();
    const token = interview.links.find(({ role }) => role === "candidate")!.url.split("#")[1]!;
    const browser = harness.browser();
    await browser.call(call.openLink, {}, { token });
    const params = { interviewId: interview.id, role: "candidate" };
    expect(await browser.try(call.takeTicket, params, { for: "call" })).toMatchObject({
      status: 409,
      body: { code: "consent.required" },
    });
    const { notice } = await browser.call(call.getEntry, params);
    expect((await browser.try(call.giveConsent, params, { version: "old", accepted: true })).status).toBe(409);
    const entry = await browser.call(call.giveConsent, params, { version: notice.version, accepted: true });
    expect(entry.consented).toBe(notice.version);
    const { ticket, url } = await browser.call(call.takeTicket, params, { for: "call" });
    expect(decodeJwt(ticket)).toMatchObject({ role: "candidate", aud: "call", consented: true, admitted: false });
    expect(new URL(url)).toMatchObject({ protocol: "ws:", pathname: "/signal", port: "3010" });
    const stored =
      "select notice_version, accepted, at is not null as timed from verbatim.consent where interview_id = $1";
    expect(await harness.sql(stored, [interview.id])).toEqual([
      { notice_version: notice.version, accepted: true, timed: true },
    ]);
    await browser.call(call.giveConsent, params, { version: notice.version, accepted: false });
    const without = await browser.call(call.takeTicket, params, { for: "call" });
    expect(decodeJwt(without.ticket)).toMatchObject({ consented: false });
  });

  it("is never a document's for the candidate", async () => {
    const { candidate, host } = await scene(harness, staff);
    await gather(harness, [host, candidate]);
    expect((await candidate.browser.try(call.takeTicket, paramsOf(candidate), { for: "document" })).status).toBe(403);
    const { url } = await host.browser.call(call.takeTicket, paramsOf(host), { for: "document" });
    expect(url).toBe(`ws://127.0.0.1:${harness.api.port}/live/${host.interviewId}`);
  });

  it("tells the media server of the call before anyone comes", async () => {
    const { host, interview } = await scene(harness, staff);
    await host.browser.call(call.takeTicket, paramsOf(host), { for: "call" });
    const told = await until(() => harness.sfu.calls.get(interview.id), Boolean);
    expect(told).toMatchObject({ title: draft.title, recording: null, ended: false, language: "en" });
  });

  it("asks a guest for a name first", async () => {
    const { interview } = await scene(harness, staff);
    const guest = await comeIn(harness, interview, "observer");
    expect(await guest.browser.try(call.takeTicket, paramsOf(guest), { for: "call" })).toMatchObject({
      status: 409,
      body: { code: "state.conflict" },
    });
    await guest.browser.call(call.giveName, paramsOf(guest), { name: "Eve" });
    expect((await guest.browser.try(call.takeTicket, paramsOf(guest), { for: "call" })).status).toBe(200);
  });

  it("is not given once the call has ended for everyone", async () => {
    const { host, candidate } = await scene(harness, staff);
    expect((await candidate.browser.try(call.endCall, paramsOf(candidate), {})).status).toBe(403);
    await host.browser.call(call.endCall, paramsOf(host));
    expect(await candidate.browser.try(call.takeTicket, paramsOf(candidate), { for: "call" })).toMatchObject({
      status: 410,
      body: { code: "interview.over" },
    });
    expect((await candidate.browser.call(call.getEntry, paramsOf(candidate))).over).toBe(true);
    await until(
      () => harness.sfu.calls.get(host.interviewId)?.ended,
      (ended) => ended === true,
    );
  });
});

it("one browser holds staff, candidate and observer seats side by side", async () => {
  const interview = await newInterview();
  await staff.call(joinByAccount, { interviewId: interview.id }, { role: "interviewer" });
  for (const role of ["candidate", "observer"] as const) {
    const token = interview.links.find((link) => link.role === role)!.url.split("#")[1]!;
    await staff.call(call.openLink, {}, { token });
  }
  const roles = ["interviewer", "candidate", "observer"];
  const entries = await Promise.all(
    roles.map((role) => staff.call(call.getEntry, { interviewId: interview.id, role })),
  );
  expect(entries.map(({ role }) => role)).toEqual(roles);
  expect(new Set(entries.map(({ seatId }) => seatId)).size).toBe(3);
});

it("shows who is present, and admits a candidate who was let in before", async () => {
  const { host, candidate, at } = await scene(harness, staff);
  await until(() => harness.sfu.connected, Boolean);
  harness.sfu.room(at, [participant(host), participant(candidate)]);
  await until(
    async () => (await staff.call(getInterview, { interviewId: at.interviewId })).present,
    (present) => present === 2,
  );
  const { ticket } = await candidate.browser.call(call.takeTicket, paramsOf(candidate), { for: "call" });
  expect(decodeJwt(ticket)).toMatchObject({ admitted: true });
});

// Last: after it this address may open no more links for a minute.
it("a link says whether it was cut or is wrong, no more to a stranger, and stops the guessing", async () => {
  const interview = await newInterview();
  const good = interview.links[0]!.url.split("#")[1]!;
  const said = async (token: string) => {
    const { status, body } = await harness.browser().try(call.openLink, {}, { token });
    return [status, (body as { code: string }).code, (body as { message: string }).message].join(" ");
  };
  const wrong = `${good.slice(0, -2)}AA`;
  const other = `00000000-0000-4000-8000-000000000000.${good.split(".")[1]}`;
  for (const token of [good.slice(0, -1), `${good}A`, good.split(".")[1]!, "nonsense", ""]) {
    expect(await said(token)).toMatch(/^400 link.cut This link is not complete/);
  }
  expect(await said(wrong)).toMatch(/^404 link.invalid This link is wrong/);
  expect(await said(other)).toBe(await said(wrong));
  // A good link in between gives no tries back but its own.
  const more = [];
  for (let n = 0; n < 12; n++) {
    more.push((await harness.browser().try(call.openLink, {}, { token: wrong })).status);
    if (n % 3 === 0) await harness.browser().try(call.openLink, {}, { token: good });
  }
  expect(more.filter((status) => status === 404).length).toBeLessThanOrEqual(7);
  expect(more.at(-1)).toBe(429);
});

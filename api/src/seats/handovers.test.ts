import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { revokeLink } from "@verbatim/shared/api/changes";
import { continueElsewhere, HANDOVER_MS } from "@verbatim/shared/api/handover";
import { decodeJwt } from "jose";
import { secondTenant, useHarness } from "../../test/harness.ts";
import { comeIn, paramsOf, type Person, scene } from "../../test/scene.ts";

const { harness, staff } = await useHarness();

/** The secret of a new link to this person's own place. */
const linkOf = async (person: Person): Promise<string> => {
  const { url } = await person.browser.call(continueElsewhere, paramsOf(person));
  expect(url).toMatch(/\/join#[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}$/);
  return url.split("#")[1] ?? "";
};
const open = (token: string, browser = harness.browser()) => browser.try(call.openLink, {}, { token });
const gone = { status: 410, body: { code: "link.expired" } };

it.each(["candidate", "co-interviewer", "observer"] as const)(
  "%s: the second device comes into the same seat, as another device of it",
  async (role) => {
    const { interview, candidate } = await scene(harness, staff);
    const first = role === "candidate" ? candidate : await comeIn(harness, interview, role, "Cora");
    const phone = harness.browser();
    const opened = await open(await linkOf(first), phone);
    expect(opened).toMatchObject({ status: 200, body: { interviewId: interview.id, role } });
    const before = await first.browser.call(call.getEntry, paramsOf(first));
    expect(await phone.call(call.getEntry, paramsOf(first))).toEqual(before);
    const [here, there] = await Promise.all(
      [first.browser, phone].map(async (browser) =>
        decodeJwt((await browser.call(call.takeTicket, paramsOf(first), { for: "call" })).ticket),
      ),
    );
    expect(there).toMatchObject({ seatId: first.seatId, role, name: before.name, admitted: here?.["admitted"] });
    expect(there?.["deviceId"]).not.toBe(here?.["deviceId"]);
    const audit = await harness.sql(
      "select action, actor from verbatim.audit where interview_id = $1 and action like 'seat.handover%' order by id",
      [interview.id],
    );
    const actor = `seat:${first.seatId}`;
    expect(audit).toEqual([
      { action: "seat.handover_made", actor },
      { action: "seat.handover_used", actor },
    ]);
  },
);

it("it works once, also for two at the same moment; who is in by it stays in", async () => {
  const { candidate } = await scene(harness, staff);
  const token = await linkOf(candidate);
  const browsers = [harness.browser(), harness.browser(), harness.browser()];
  const answers = await Promise.all(browsers.map((browser) => open(token, browser)));
  expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([410, 410]);
  const inside = browsers[answers.findIndex(({ status }) => status === 200)];
  expect(await open(token, inside)).toMatchObject({ status: 200 });
  expect(await open(token)).toMatchObject(gone);
});

it("the person's own browser does not use it up", async () => {
  const { candidate } = await scene(harness, staff);
  const token = await linkOf(candidate);
  expect(await open(token, candidate.browser)).toMatchObject({ status: 200 });
  expect(await open(token)).toMatchObject({ status: 200 });
});

it("it ends after ten minutes, and when a newer one is made", async () => {
  const { candidate } = await scene(harness, staff);
  const first = await linkOf(candidate);
  const second = await linkOf(candidate);
  expect(await open(first)).toMatchObject(gone);
  const [row] = await harness.sql(
    "select extract(epoch from expires_at - created_at) * 1000 as lasts from verbatim.seat_handover where seat_id = $1 and used_at is null",
    [candidate.seatId],
  );
  expect(Math.abs(Number(row?.["lasts"]) - HANDOVER_MS)).toBeLessThan(60_000);
  await harness.sql("update verbatim.seat_handover set expires_at = now() - interval '1 second' where seat_id = $1", [
    candidate.seatId,
  ]);
  expect(await open(second)).toMatchObject(gone);
});

it("it ends with the seat: withdrawn with its link, or closed by a host", async () => {
  const { interview, candidate, host, observers } = await scene(harness, staff, { observers: 1 });
  const ofCandidate = await linkOf(candidate);
  await staff.call(revokeLink, { interviewId: interview.id, role: "candidate" });
  expect(await open(ofCandidate)).toMatchObject({ status: 403, body: { code: "seat.removed" } });
  expect(await candidate.browser.try(continueElsewhere, paramsOf(candidate), undefined)).toMatchObject({ status: 403 });
  const [observer] = observers;
  if (!observer) throw new Error("nobody listens");
  const ofObserver = await linkOf(observer);
  await host.browser.call(call.removePerson, paramsOf(host), { seatId: observer.seatId });
  expect(await open(ofObserver)).toMatchObject({ status: 403, body: { code: "seat.removed" } });
});

it("another organisation's name before the secret opens nothing, and only its hash is stored", async () => {
  const { candidate, at } = await scene(harness, staff);
  const token = await linkOf(candidate);
  await secondTenant(harness);
  const [other] = await harness.sql("select id from verbatim.tenant where id <> $1 limit 1", [at.tenantId]);
  const [, secret] = token.split(".");
  expect(await open(`${String(other?.["id"])}.${secret}`)).toMatchObject({
    status: 404,
    body: { code: "link.invalid" },
  });
  const rows = await harness.sql("select * from verbatim.seat_handover where seat_id = $1", [candidate.seatId]);
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(secret);
  expect(await open(token)).toMatchObject({ status: 200 });
});

it("who has an account signs in on the other device instead", async () => {
  const { host } = await scene(harness, staff);
  expect(await host.browser.try(continueElsewhere, paramsOf(host), undefined)).toMatchObject({
    status: 403,
    body: { code: "auth.forbidden" },
  });
});

it("nobody makes them without end", async () => {
  const { candidate } = await scene(harness, staff);
  const statuses = [];
  for (let n = 0; n < 11; n++)
    statuses.push((await candidate.browser.try(continueElsewhere, paramsOf(candidate), undefined)).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
});

import { describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import * as changes from "@verbatim/shared/api/changes";
import { createInterview, getInterview, type Interview, joinByAccount } from "@verbatim/shared/api/interviews";
import { useHarness } from "../../test/harness.ts";
import { draft, paramsOf, participant, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const of = (interview: Interview) => ({ interviewId: interview.id });
const tokenOf = (interview: Interview, role: string): string =>
  interview.links.find((link) => link.role === role)?.url.split("#")[1] ?? "";
const audited = async (interview: Interview): Promise<unknown[]> =>
  (
    await harness.sql(
      "select action from verbatim.audit where interview_id = $1 and action like 'interview.%' order by id",
      [interview.id],
    )
  ).map(({ action }) => action);
const later = new Date(Date.now() + 26 * 3_600_000).toISOString();

describe("an interview", () => {
  it("is edited, and people with a link read from when it was moved", async () => {
    const made = await staff.call(createInterview, {}, draft);
    expect(made).toMatchObject({
      contact: "grace@example.org",
      keptMonths: 6,
      movedFrom: null,
      mayEdit: "all",
      mayCancel: "yes",
    });
    const edited = await staff.call(changes.editInterview, of(made), {
      ...draft,
      title: "Frontend engineer",
      startsAt: later,
      contact: "+43 1 234",
    });
    expect(edited).toMatchObject({
      title: "Frontend engineer",
      startsAt: later,
      movedFrom: draft.startsAt,
      contact: "+43 1 234",
    });
    expect(await staff.call(getInterview, of(made))).toEqual({ ...edited, serverNowMs: expect.any(Number) });
    const guest = harness.browser();
    await guest.call(call.openLink, {}, { token: tokenOf(made, "candidate") });
    expect(await guest.call(call.getEntry, { interviewId: made.id, role: "candidate" })).toMatchObject({
      startsAt: later,
      movedFrom: draft.startsAt,
      contact: "+43 1 234",
    });
    expect(await audited(made)).toEqual(["interview.create", "interview.edit"]);
  });

  it("records pictures unless somebody turns that off, and then says so in its notice and to the media server", async () => {
    const made = await staff.call(createInterview, {}, draft);
    expect(made.recordPicture).toBe(true);
    expect(made.notice.fixed.text[0]).toContain("the sound, the picture and the shared screen");
    const off = { ...draft, recordPicture: false };
    const edited = await staff.call(changes.editInterview, of(made), off);
    expect(edited.recordPicture).toBe(false);
    expect(edited.notice.fixed.text[0]).toContain("not the picture");
    expect(edited.notice.version).not.toBe(made.notice.version);
    expect((await staff.call(changes.editInterview, of(made), draft)).recordPicture).toBe(false);

    for (const recordPicture of [true, false]) {
      const { interview, host, at } = await scene(harness, staff, { recordPicture });
      harness.sfu.room(at, [participant(host)]);
      const told = await until(() => harness.sfu.calls.get(interview.id), Boolean);
      expect(told?.picture).toBe(recordPicture);
      const refused = await staff.try(changes.editInterview, of(interview), {
        ...draft,
        recordPicture: !recordPicture,
      });
      expect(refused).toMatchObject({ status: 409, body: { code: "state.conflict" } });
    }
  });

  it("keeps its time and language while people are in the call, and its title can be corrected", async () => {
    const { interview, host, candidate, at } = await scene(harness, staff);
    harness.sfu.room(at, [participant(host), participant(candidate)]);
    await until(
      async () => (await staff.call(getInterview, of(interview))).present,
      (present) => present === 2,
    );
    const refused = await staff.try(changes.editInterview, of(interview), { ...draft, language: "de" });
    expect(refused).toMatchObject({ status: 409, body: { code: "state.conflict" } });
    expect((refused.body as { message: string }).message).toContain("People are in the call");
    expect(await staff.call(changes.editInterview, of(interview), { ...draft, title: "Corrected" })).toMatchObject({
      title: "Corrected",
      language: "en",
      mayEdit: "names_present",
    });
    await until(
      () => harness.sfu.calls.get(interview.id)?.title,
      (title) => title === "Corrected",
    );
  });

  it("that was cancelled lets nobody in and says so with whom to ask, until that is undone", async () => {
    const { interview, host, candidate } = await scene(harness, staff);
    await host.browser.call(call.takeTicket, paramsOf(host), { for: "call" });
    expect(await staff.call(changes.cancelInterview, of(interview))).toMatchObject({
      state: "cancelled",
      mayEdit: "nothing",
      mayCancel: "cancelled",
    });
    const refused = await harness.browser().try(call.openLink, {}, { token: tokenOf(interview, "observer") });
    expect(refused).toMatchObject({ status: 410, body: { code: "interview.cancelled" } });
    expect((refused.body as { message: string }).message).toMatch(
      /cancelled.*Grace Hopper of Acme \(grace@example.org\)/,
    );
    for (const person of [host, candidate]) {
      expect(await person.browser.try(call.takeTicket, paramsOf(person), { for: "call" })).toMatchObject({
        status: 410,
      });
    }
    expect(await staff.try(joinByAccount, of(interview), { role: "observer" })).toMatchObject({ status: 410 });
    expect((await candidate.browser.call(call.getEntry, paramsOf(candidate))).cancelled).toBe(true);
    expect(await staff.try(changes.editInterview, of(interview), draft)).toMatchObject({ status: 410 });
    // Whoever is in the call is out of it.
    await until(
      () => harness.sfu.calls.get(interview.id)?.ended,
      (ended) => ended === true,
    );
    expect(await staff.call(changes.restoreInterview, of(interview))).toMatchObject({ state: "scheduled" });
    await harness.browser().call(call.openLink, {}, { token: tokenOf(interview, "observer") });
    await host.browser.call(call.takeTicket, paramsOf(host), { for: "call" });
    await until(
      () => harness.sfu.calls.get(interview.id)?.ended,
      (ended) => ended === false,
    );
    expect(await audited(interview)).toEqual(["interview.create", "interview.cancel", "interview.restore"]);
  });

  it("is not cancelled while it is recorded, nor after it has taken place", async () => {
    const { interview, host } = await scene(harness, staff);
    await host.browser.call(call.control, paramsOf(host), { action: "start", epoch: 0 });
    expect(await staff.try(changes.cancelInterview, of(interview), {})).toMatchObject({ status: 409 });
    expect(await staff.call(getInterview, of(interview))).toMatchObject({
      mayEdit: "names_begun",
      mayCancel: "recording",
    });
    await host.browser.call(call.endCall, paramsOf(host));
    await harness.sql("update verbatim.recording set phase = 'closed' where interview_id = $1", [interview.id]);
    expect(await staff.try(changes.cancelInterview, of(interview), {})).toMatchObject({ status: 410 });
    expect((await staff.call(getInterview, of(interview))).mayCancel).toBe("over");
  });
});

describe("its calendar entry", () => {
  const download = async (interview: Interview, role: string) =>
    (await staff.raw(changes.calendarPath.replace(":interviewId", interview.id).replace(":role", role))).text();
  const line = (text: string, name: string): string | undefined =>
    text
      .replaceAll("\r\n ", "")
      .split("\r\n")
      .find((each) => each.startsWith(`${name}:`));

  it("holds the role's link, keeps its UID, and counts changes up to the cancellation", async () => {
    const made = await staff.call(createInterview, {}, draft);
    const first = await download(made, "candidate");
    expect(line(first, "URL")).toBe(`URL:${made.links.find(({ role }) => role === "candidate")?.url}`);
    expect(line(first, "SEQUENCE")).toBe("SEQUENCE:0");
    await staff.call(changes.editInterview, of(made), { ...draft, startsAt: later });
    const moved = await download(made, "candidate");
    expect(line(moved, "DTSTART")).toBe(`DTSTART:${later.slice(0, 19).replaceAll(/[-:]/g, "")}Z`);
    expect(line(moved, "SEQUENCE")).toBe("SEQUENCE:1");
    await staff.call(changes.cancelInterview, of(made));
    const cancelled = await download(made, "candidate");
    expect([line(cancelled, "STATUS"), line(cancelled, "METHOD")]).toEqual(["STATUS:CANCELLED", "METHOD:CANCEL"]);
    expect(line(cancelled, "SEQUENCE")).toBe("SEQUENCE:2");
    expect(new Set([first, moved, cancelled].map((text) => line(text, "UID"))).size).toBe(1);
  });

  it("of the interviewer has no token, and strangers get none", async () => {
    const made = await staff.call(createInterview, {}, draft);
    const text = (await download(made, "interviewer")).replaceAll("\r\n ", "");
    expect(text).toContain(`/interviews/${made.id}`);
    expect(text).not.toContain("#");
    const path = changes.calendarPath.replace(":interviewId", made.id).replace(":role", "candidate");
    expect((await harness.browser().raw(path)).status).toBe(401);
  });
});

import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { editInterview } from "@verbatim/shared/api/changes";
import { createInterview, getInterview, type Interview, joinByAccount } from "@verbatim/shared/api/interviews";
import { previewNotice } from "@verbatim/shared/api/notice";
import { useHarness } from "../../test/harness.ts";
import { comeIn, draft, paramsOf, participant, type Person, scene } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const answer = async (person: Person, accepted: boolean) => {
  const { notice } = await person.browser.call(call.getEntry, paramsOf(person));
  return person.browser.call(call.giveConsent, paramsOf(person), { version: notice.version, accepted });
};
const act = (person: Person, action: string, epoch: number) =>
  person.browser.try(call.control, paramsOf(person), { action, epoch });
const told = (interviewId: string) => harness.sfu.calls.get(interviewId);
const consentTold = (person: Person): boolean | undefined =>
  told(person.interviewId)?.seats.find(({ seatId }) => seatId === person.seatId)?.consented;
const given = { contact: "grace@example.org", keptMonths: 6, recordPicture: true };
const draftOf = ({ title, candidateName, startsAt, zone, durationMinutes, language, autoStart }: Interview) => ({
  title,
  candidateName,
  startsAt,
  zone,
  durationMinutes,
  language: language as "en",
  autoStart,
});

describe("a no", () => {
  it("lets the candidate in without a recording: Start is refused in words until they agree", async () => {
    const { host, candidate, at, interview } = await scene(harness, staff);
    const entry = await answer(candidate, false);
    expect(entry).toMatchObject({ consented: null, declined: true });
    const { ticket } = await candidate.browser.call(call.takeTicket, paramsOf(candidate), { for: "call" });
    expect(decodeJwt(ticket)).toMatchObject({ consented: false });
    harness.sfu.room(at, [participant(host), participant(candidate, { consented: false })]);
    const refused = await act(host, "start", 0);
    expect(refused).toMatchObject({ status: 409, body: { code: "consent.required" } });
    expect((refused.body as { message: string }).message).toContain("Ada Lovelace does not agree to be recorded");
    expect(await staff.call(getInterview, { interviewId: interview.id })).toMatchObject({
      consent: { accepted: false },
    });
    await answer(candidate, true);
    expect((await act(host, "start", 0)).status).toBe(200);
    await until(() => consentTold(candidate), Boolean);
  });

  it("of a co-interviewer who is in the call holds Start back too, and one at the door stops nothing", async () => {
    const { host, candidate, at, interview } = await scene(harness, staff);
    const second = await comeIn(harness, interview, "co-interviewer", "Cora");
    await act(host, "start", 0);
    await answer(second, false);
    await until(
      () => consentTold(second),
      (consented) => consented === false,
    );
    expect(told(interview.id)?.recording?.transitions.map(({ to }) => to)).toEqual(["recording"]);
    await act(host, "pause", 1);
    harness.sfu.room(at, [participant(host), participant(candidate), participant(second, { consented: false })]);
    await until(
      async () => (await staff.call(getInterview, { interviewId: interview.id })).present,
      (present) => present === 3,
    );
    const refused = await act(host, "resume", 1);
    expect((refused.body as { message: string }).message).toContain("Cora does not agree");
  });

  it("keeps an automatic start from happening, which comes with the yes", async () => {
    const { host, candidate, at } = await scene(harness, staff, { autoStart: true });
    await answer(candidate, false);
    // The media server may not have heard of it yet.
    harness.sfu.room(at, [participant(host), participant(candidate)]);
    await until(
      async () => (await staff.call(getInterview, { interviewId: at.interviewId })).present,
      (present) => present === 2,
    );
    expect(told(at.interviewId)?.recording ?? null).toBeNull();
    await answer(candidate, true);
    await until(
      () => told(at.interviewId)?.recording?.transitions.map(({ to }) => to),
      (list) => list?.join() === "recording",
    );
  });
});

describe("stopping being recorded", () => {
  it("pauses at once and tells the media server, and only a yes of the same person lets it go on", async () => {
    const { host, candidate, at } = await scene(harness, staff);
    harness.sfu.room(at, [participant(host), participant(candidate)]);
    await act(host, "start", 0);
    await until(
      () => told(at.interviewId)?.recording?.transitions.length,
      (n) => n === 1,
    );
    await answer(candidate, false);
    await until(
      () => told(at.interviewId)?.recording?.transitions.map(({ to }) => to),
      (list) => list?.join() === "recording,paused",
    );
    expect(consentTold(candidate)).toBe(false);
    const rows = await harness.sql(
      "select t.to, t.by_seat_id, t.created_at is not null as timed from verbatim.transition t join verbatim.recording r on r.id = t.recording_id where r.interview_id = $1 order by t.revision",
      [at.interviewId],
    );
    expect(rows[1]).toEqual({ to: "paused", by_seat_id: candidate.seatId, timed: true });
    const refused = await act(host, "resume", 1);
    expect(refused).toMatchObject({ status: 409, body: { code: "consent.required" } });
    await answer(candidate, true);
    expect((await act(host, "resume", 1)).status).toBe(200);
    const actions = await harness.sql("select action from verbatim.audit where interview_id = $1 order by id", [
      at.interviewId,
    ]);
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["consent.refused", "control.withdraw", "consent.given", "control.resume"]),
    );
    const answers = await harness.sql(
      "select accepted, at is not null as timed from verbatim.consent where seat_id = $1 order by id",
      [candidate.seatId],
    );
    expect(answers.map(({ accepted }) => accepted)).toEqual([true, false, true]);
  });

  it("never loses against Resume at the same moment", async () => {
    const { host, candidate, at } = await scene(harness, staff);
    await act(host, "start", 0);
    for (let n = 0; n < 8; n++) {
      await answer(candidate, true);
      await act(host, "pause", 1);
      await Promise.all([act(host, "resume", 1), answer(candidate, false)]);
      const [row] = await harness.sql("select phase from verbatim.recording where interview_id = $1", [at.interviewId]);
      expect(row).toEqual({ phase: "paused" });
    }
  });

  it("after Stop makes its undo end in a pause", async () => {
    const { host, candidate } = await scene(harness, staff);
    await act(host, "start", 0);
    await act(host, "stop", 1);
    await answer(candidate, false);
    const undone = await act(host, "undo_stop", 1);
    expect(undone).toMatchObject({ status: 200, body: { recording: { lamp: "paused" } } });
    expect((await act(host, "resume", 1)).status).toBe(409);
  });
});

describe("the notice", () => {
  it("is accepted by an interviewer in joining, with the version that stood beside the button", async () => {
    const interview = await staff.call(createInterview, {}, draft);
    const params = { interviewId: interview.id, role: "interviewer" };
    await staff.call(joinByAccount, { interviewId: interview.id }, { role: "interviewer" });
    expect(await staff.try(call.takeTicket, params, { for: "call" })).toMatchObject({
      body: { code: "consent.required" },
    });
    await staff.call(joinByAccount, { interviewId: interview.id }, { role: "interviewer", accepts: "an older one" });
    expect((await staff.call(call.getEntry, params)).consented).toBeNull();
    const accepts = interview.notice.version;
    for (let n = 0; n < 2; n++) {
      await staff.call(joinByAccount, { interviewId: interview.id }, { role: "interviewer", accepts });
    }
    expect((await staff.call(call.getEntry, params)).consented).toBe(accepts);
    const { ticket } = await staff.call(call.takeTicket, params, { for: "call" });
    expect(decodeJwt(ticket)).toMatchObject({ consented: true });
    expect(await harness.sql("select 1 from verbatim.consent where interview_id = $1", [interview.id])).toHaveLength(1);
  });

  it("is kept word for word with each answer, and a changed one must be answered again", async () => {
    const { candidate, interview } = await scene(harness, staff);
    const own = "We are Acme.\n\nAsk Grace.";
    const { notice: read } = await candidate.browser.call(call.getEntry, paramsOf(candidate));
    const edited = await staff.call(
      editInterview,
      { interviewId: interview.id },
      { ...draftOf(interview), notice: own },
    );
    expect(edited).toMatchObject({ ownNotice: own, notice: { own: true, text: ["We are Acme.", "Ask Grace."] } });
    expect(edited.notice.fixed.text[0]).toMatch(
      /^Acme records the sound, the picture and the shared screen of everyone who speaks/,
    );
    expect(await candidate.browser.try(call.takeTicket, paramsOf(candidate), { for: "call" })).toMatchObject({
      status: 409,
      body: { code: "consent.required" },
    });
    const late = { version: read.version, accepted: true };
    expect(await candidate.browser.try(call.giveConsent, paramsOf(candidate), late)).toMatchObject({
      status: 409,
      body: { code: "notice.changed" },
    });
    await answer(candidate, true);
    expect((await candidate.browser.try(call.takeTicket, paramsOf(candidate), { for: "call" })).status).toBe(200);
    const kept = await harness.sql(
      "select v.content from verbatim.consent c join verbatim.notice_version v on v.interview_id = c.interview_id and v.version = c.notice_version where c.seat_id = $1 order by c.id",
      [candidate.seatId],
    );
    expect(kept.map(({ content }) => (content as { own: boolean }).own)).toEqual([false, true]);
    const ours = await staff.call(editInterview, { interviewId: interview.id }, { ...draftOf(interview), notice: "" });
    expect(ours.notice).toEqual(interview.notice);
    expect(
      await harness.sql("select text from verbatim.notice_text where interview_id = $1 order by id", [interview.id]),
    ).toEqual([{ text: own }, { text: "" }]);
  });

  it("can be written while the interview is made, and there is a text to begin with where we have one", async () => {
    expect((await staff.call(previewNotice, { language: "de" }, given)).standard).toContain(
      "Die Lampe oben sagt jederzeit",
    );
    expect(await staff.call(previewNotice, { language: "mt" }, given)).toMatchObject({
      standard: "",
      own: "",
      notice: { language: "en", own: false },
    });
    expect((await staff.try(previewNotice, { language: "xx" }, given)).status).toBe(404);
    const made = await staff.call(createInterview, {}, { ...draft, language: "mt", notice: "B'Malti." });
    expect(made.notice).toMatchObject({ language: "mt", own: true, fixed: { language: "en" }, text: ["B'Malti."] });
  });

  it("is shown before it is saved exactly as it will be read, and nobody else's interview is", async () => {
    const made = await staff.call(createInterview, {}, { ...draft, notice: "As it was." });
    const change = { contact: "+43 1", keptMonths: 3, recordPicture: false };
    const asked = { interviewId: made.id, ...change };
    const before = await staff.call(previewNotice, { language: "en" }, asked);
    expect(before).toMatchObject({ own: "As it was.", notice: { text: ["As it was."], own: true } });
    const after = await staff.call(previewNotice, { language: "en" }, { ...asked, notice: "" });
    expect(after.notice.fixed.text.join(" ")).toMatch(/Grace Hopper, \+43 1.*3 months/);
    expect((await staff.call(getInterview, { interviewId: made.id })).ownNotice).toBe("As it was.");
    const saved = await staff.call(
      editInterview,
      { interviewId: made.id },
      { ...draftOf(made), ...change, notice: "" },
    );
    expect(saved.notice).toEqual(after.notice);
    const unknown = { ...asked, interviewId: crypto.randomUUID() };
    expect((await staff.try(previewNotice, { language: "en" }, unknown)).status).toBe(404);
  });
});

import * as call from "@verbatim/shared/api/call";
import { createInterview, type Interview, joinByAccount } from "@verbatim/shared/api/interviews";
import type { Template } from "@verbatim/shared/plan/template";
import type { Participant } from "@verbatim/shared/control/protocol";
import type { InterviewId, Role, SeatId, TenantId } from "@verbatim/shared/ids";
import type { Browser, Params } from "./browser.ts";
import type { Harness } from "./harness.ts";
import { until } from "./until.ts";

export const draft = {
  title: "Backend engineer",
  candidateName: "Ada Lovelace",
  startsAt: new Date(Date.now() + 3_600_000).toISOString(),
  zone: "Europe/Vienna",
  durationMinutes: 60,
  language: "en",
  autoStart: false,
} as const;

export type Person = {
  readonly browser: Browser;
  readonly interviewId: InterviewId;
  readonly role: Role;
  readonly seatId: SeatId;
};

/** Opens an invitation in a browser of its own, gives a name, and accepts the notice where one is shown. */
export async function comeIn(harness: Harness, interview: Interview, role: Role, name?: string): Promise<Person> {
  const browser = harness.browser();
  const token = interview.links.find((link) => link.role === role)?.url.split("#")[1] ?? "";
  const { interviewId } = await browser.call(call.openLink, {}, { token });
  const params = { interviewId, role };
  if (name !== undefined) await browser.call(call.giveName, params, { name });
  const entry = await browser.call(call.getEntry, params);
  if (entry.consented === null && role !== "observer") {
    await browser.call(call.giveConsent, params, { version: entry.notice.version, accepted: true });
  }
  return { browser, interviewId, role, seatId: entry.seatId };
}

/** An interview with its host, candidate and observers in their seats. */
export async function scene(
  harness: Harness,
  staff: Browser,
  options: { observers?: number; autoStart?: boolean; recordPicture?: boolean; template?: Template } = {},
) {
  const { observers: _, ...settings } = options;
  const interview = await staff.call(createInterview, {}, { ...draft, ...settings });
  const { seatId } = await staff.call(joinByAccount, { interviewId: interview.id }, { role: "interviewer" });
  const host: Person = { browser: staff, interviewId: interview.id, role: "interviewer", seatId };
  const { notice } = await staff.call(call.getEntry, paramsOf(host));
  await staff.call(call.giveConsent, paramsOf(host), { version: notice.version, accepted: true });
  const candidate = await comeIn(harness, interview, "candidate");
  const observers: Person[] = [];
  for (let n = 1; n <= (options.observers ?? 0); n++) {
    observers.push(await comeIn(harness, interview, "observer", `Observer ${n}`));
  }
  const [row] = await harness.sql("select tenant_id from verbatim.interview where id = $1", [interview.id]);
  return {
    interview,
    host,
    candidate,
    observers,
    at: { tenantId: row?.["tenant_id"] as TenantId, interviewId: interview.id },
  };
}

export const paramsOf = (person: Person): Params => ({ interviewId: person.interviewId, role: person.role });

export function participant(person: Person, change: Partial<Participant> = {}): Participant {
  return {
    seatId: person.seatId,
    role: person.role,
    name: person.role,
    presence: "here",
    microphone: "on",
    camera: false,
    screen: false,
    quality: "good",
    consented: true,
    ...change,
  };
}

/** These people are in the call, as everybody sees; who is not named is not. Resolves when our rows have it. */
export async function gather(harness: Harness, people: readonly Person[]): Promise<void> {
  const interviewId = people[0]?.interviewId ?? "";
  const [row] = await harness.sql("select tenant_id from verbatim.interview where id = $1", [interviewId]);
  await until(() => harness.sfu.connected, Boolean);
  const at = { tenantId: row?.["tenant_id"] as TenantId, interviewId: interviewId as InterviewId };
  const told = people.map((person) => participant(person));
  harness.sfu.room(at, told);
  const stored = "select participants as told from verbatim.interview where id = $1";
  const seats = (list: unknown) => (list as Participant[]).map(({ seatId }) => seatId).join();
  await until(
    async () => (await harness.sql(stored, [interviewId]))[0]?.["told"],
    (list) => seats(list) === seats(told),
  );
}

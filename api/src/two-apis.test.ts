import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { getInterview } from "@verbatim/shared/api/interviews";
import { createBrowser } from "../test/browser.ts";
import { useHarness, useSecondApi } from "../test/harness.ts";
import { comeIn, gather, paramsOf, participant, type Person, scene } from "../test/scene.ts";
import { until } from "../test/until.ts";

const { harness, staff } = await useHarness();
const second = await useSecondApi(harness);

/** The same person at the other process. */
function atSecond(person: Person): Person {
  const browser = createBrowser(`http://127.0.0.1:${second.port}`, harness.config.http.publicUrl);
  for (const [name, value] of person.browser.cookies) browser.cookies.set(name, value);
  return { ...person, browser };
}

it("two processes beside one another start a recording once, and one takeover wins", async () => {
  const { host, candidate, interview, at } = await scene(harness, staff, { autoStart: true });
  harness.sfu.room(at, [participant(host), participant(candidate)]);
  await until(
    async () => (await staff.call(getInterview, { interviewId: at.interviewId })).state,
    (state) => state === "recording",
  );
  const transitions =
    "select t.revision from verbatim.transition t join verbatim.recording r on r.id = t.recording_id where r.interview_id = $1";
  expect(await harness.sql(transitions, [at.interviewId])).toHaveLength(1);

  const people: Person[] = [];
  for (let n = 0; n < 8; n++) people.push(await comeIn(harness, interview, "observer", `Person ${n}`));
  await gather(harness, [host, candidate, ...people]);
  const racers = people.map((person, n) => (n % 2 === 0 ? person : atSecond(person)));
  const answers = await Promise.all(
    racers.map((each) => each.browser.try(call.control, paramsOf(each), { action: "take_over", epoch: 1 })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const winner = people[answers.findIndex(({ status }) => status === 200)]!;
  await until(
    () => harness.sfu.calls.get(at.interviewId)?.recording?.controller?.seatId,
    (seat) => seat === winner.seatId,
  );
});

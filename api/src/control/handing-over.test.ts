import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import { act, audited, startedScene, tryAct, viewOf } from "../../test/controlling.ts";
import { useHarness } from "../../test/harness.ts";
import { comeIn, paramsOf, participant, type Person } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const give = (by: Person, to: Person, epoch: number) =>
  by.browser.try(call.handOver, paramsOf(by), { seatId: to.seatId, epoch });
const view = (interviewId: string) => viewOf(staff, interviewId);
const losses = (interviewId: string) =>
  harness.sql("select seat_id from verbatim.control_loss where interview_id = $1", [interviewId]);

const started = () => startedScene(harness, staff);

it("the controller hands over to an observer, who controls from then on; everybody reads by whom", async () => {
  const { host, one, at } = await started();
  expect(await give(host, one, 1)).toMatchObject({ status: 200, body: { epoch: 2, controllerSeatId: one.seatId } });
  const handed = { epoch: 2, controllerName: "observer", controllerFrom: { name: "Grace Hopper", how: "handed_over" } };
  expect(await view(at.interviewId)).toMatchObject(handed);
  await until(
    () => harness.sfu.calls.get(at.interviewId)?.view,
    (told) => told?.epoch === 2 && told.controllerFrom?.name === "Grace Hopper",
  );
  expect(await tryAct(host, "pause", 2)).toMatchObject({ status: 409, body: { code: "control.lost" } });
  await act(one, "pause", 2);
  // Who gave it away knows.
  expect(await losses(at.interviewId)).toEqual([]);
  expect(await audited(harness, at.interviewId, "control.hand_over")).toMatchObject([
    { actor: `seat:${host.seatId}`, detail: { epoch: 2, to: one.seatId } },
  ]);
  // Taken, it was given by nobody.
  await act(host, "take_over", 2);
  expect((await view(at.interviewId)).controllerFrom).toBeUndefined();
});

it("of handing over and taking over at once exactly one wins, and the other reads who", async () => {
  const { host, one, two, at } = await started();
  const answers = await Promise.all([give(host, one, 1), tryAct(two, "take_over", 1), give(host, two, 1)]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const after = await view(at.interviewId);
  expect(after.epoch).toBe(2);
  for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "control.lost" });
    expect((body as { message: string }).message).toContain(after.controllerName);
  }
});

it("nobody hands over what they do not control, to the candidate, to themselves, or to who is not here", async () => {
  const { host, candidate, one, two, interview, at } = await started();
  const late = await comeIn(harness, interview, "observer", "Late");
  const other = await started();
  for (const [by, to, epoch, status] of [
    [one, two, 1, 409],
    [candidate, one, 1, 403],
    [host, candidate, 1, 404],
    [host, other.one, 1, 404],
    [host, late, 1, 404],
    [host, host, 1, 409],
    [host, one, 0, 409],
  ] as const) {
    expect(await give(by, to, epoch), `${by.role} to ${to.role}`).toMatchObject({ status });
  }
  harness.sfu.room(at, [participant(host), participant(one, { presence: "left", name: "Olga" }), participant(two)]);
  await until(
    async () =>
      (
        await harness.sql("select participants::text as told from verbatim.interview where id = $1", [at.interviewId])
      )[0]!["told"],
    (told) => String(told).includes("Olga"),
  );
  expect(await give(host, one, 1)).toMatchObject({
    status: 409,
    body: { code: "state.conflict", message: "Olga is not in the call any more. You still control the recording." },
  });
  expect(await view(at.interviewId)).toMatchObject({ epoch: 1, controllerSeatId: host.seatId });
});

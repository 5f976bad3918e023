import pg from "pg";
import { expect, it } from "vitest";
import * as call from "@verbatim/shared/api/call";
import * as changes from "@verbatim/shared/api/changes";
import { act, audited, startedScene, tryAct, viewOf } from "../../test/controlling.ts";
import { useHarness } from "../../test/harness.ts";
import { gather, paramsOf, type Person } from "../../test/scene.ts";
import { until } from "../../test/until.ts";

const { harness, staff } = await useHarness();

const remove = (by: Person, whom: Person) => by.browser.call(call.removePerson, paramsOf(by), { seatId: whom.seatId });
const view = (interviewId: string) => viewOf(staff, interviewId);
const started = () => startedScene(harness, staff);

it("a host who removes whoever controls the recording controls it in the same moment", async () => {
  const { host, one, two, at } = await started();
  await act(one, "take_over", 1);
  await remove(host, two);
  expect(await view(at.interviewId)).toMatchObject({ epoch: 2, controllerSeatId: one.seatId });
  await remove(host, one);
  const passed = {
    epoch: 3,
    controllerSeatId: host.seatId,
    controllerFrom: { name: "Observer 1", how: "place_closed" },
  };
  expect(await view(at.interviewId)).toMatchObject(passed);
  await until(
    () => harness.sfu.calls.get(at.interviewId)?.recording,
    (told) => told?.epoch === 3 && told.controller?.seatId === host.seatId,
  );
  expect((await audited(harness, at.interviewId, "seat.remove")).map(({ detail }) => detail)).toMatchObject([
    { seatId: two.seatId },
    { seatId: one.seatId, epoch: 3 },
  ]);
  await act(host, "stop", 3);
});

it("whoever takes over in the moment of their removal does not keep control, whichever comes first", async () => {
  const locked =
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  const waiting = async (n: number) =>
    until(
      async () => (await harness.sql(locked))[0]!["n"],
      (count) => count === n,
    );
  for (const removedFirst of [true, false]) {
    const { host, one, at } = await started();
    // Whoever holds the row makes both wait for it, in the order in which they come.
    const holder = new pg.Client({ connectionString: harness.url });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select 1 from verbatim.recording where interview_id = $1 for update", [at.interviewId]);
    const take = () => tryAct(one, "take_over", 1);
    const shut = () => remove(host, one);
    const first = removedFirst ? shut() : take();
    await waiting(1);
    const second = removedFirst ? take() : shut();
    await waiting(2);
    await holder.query("commit");
    await holder.end();
    await Promise.all([first, second]);
    expect((await view(at.interviewId)).controllerSeatId).toBe(host.seatId);
    if (removedFirst) expect(await second).toMatchObject({ status: 403, body: { code: "seat.removed" } });
  }
});

it("a link that is withdrawn takes its controller's control back to the host, or leaves it to be taken", async () => {
  for (const hosted of [true, false]) {
    const { host, one, at } = await started();
    await act(one, "take_over", 1);
    if (!hosted) await gather(harness, [one]);
    await staff.call(changes.revokeLink, { interviewId: at.interviewId, role: "observer" });
    expect(await view(at.interviewId)).toMatchObject({
      epoch: 3,
      controllerSeatId: hosted ? host.seatId : null,
      controllerName: hosted ? "Grace Hopper" : "",
      lamp: "starting",
    });
    await act(host, "stop", 3);
  }
});

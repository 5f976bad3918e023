import { SeatId } from "@verbatim/shared/ids";
import { Device, FakeHandler, testFakeParameters, type types } from "mediasoup-client";
import { expect, it } from "vitest";
import { type ConsumerNotice, createReceiver, newest, type Remote } from "./receiver.ts";

const ada = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a11");
const ben = SeatId.parse("0b9bd7a4-44a3-4b3a-9c3c-3f5c5a3a1a12");
const remote = (consumerId: string, seatId: SeatId, medium: Remote["medium"], flowing: boolean): Remote => ({
  consumerId,
  seatId,
  medium,
  flowing,
  decoded: flowing,
  // Never looked into by the choice.
  track: {} as MediaStreamTrack,
});
const ids = (...remotes: Remote[]): string[] => newest(remotes).map(({ consumerId }) => consumerId);

it("keeps the old picture until the new one flows, and hears each person once", () => {
  expect(ids(remote("old", ada, "camera", true), remote("new", ada, "camera", false))).toEqual(["old"]);
  expect(ids(remote("old", ada, "camera", true), remote("new", ada, "camera", true))).toEqual(["new"]);
});

it("shows what there is when nothing flows yet, each person and medium apart", () => {
  expect(
    ids(remote("a", ada, "audio", false), remote("b", ada, "camera", false), remote("c", ben, "audio", false)),
  ).toEqual(["a", "b", "c"]);
});

async function transport(): Promise<types.Transport> {
  const device = new Device({ handlerFactory: FakeHandler.createFactory(testFakeParameters) });
  await device.load({ routerRtpCapabilities: testFakeParameters.generateRouterRtpCapabilities() });
  const made = device.createRecvTransport(testFakeParameters.generateTransportRemoteParameters());
  return made.on("connect", (_parameters, done) => done());
}

function notice(medium: "audio" | "camera"): ConsumerNotice {
  const codecMimeType = medium === "audio" ? "audio/opus" : "video/VP8";
  const { id, producerId, rtpParameters } = testFakeParameters.generateConsumerRemoteParameters({ codecMimeType });
  const parameters = rtpParameters as ConsumerNotice["rtpParameters"];
  return { type: "consumer", consumerId: id, producerId, seatId: ada, medium, rtpParameters: parameters };
}

it("takes what is announced before its transport is there, once; but nothing that ended meanwhile", async () => {
  const receiver = createReceiver();
  const arriving = Promise.withResolvers<types.Transport | undefined>();
  const [stays, ends] = [notice("audio"), notice("camera")];
  const added = [stays, stays, ends].map((one) => receiver.add(arriving.promise, one));
  receiver.remove(ends.consumerId);
  const made = await transport();
  arriving.resolve(made);
  expect(await Promise.all(added)).toEqual(["added", "known", "known"]);
  expect(receiver.remotes.get().map(({ consumerId }) => consumerId)).toEqual([stays.consumerId]);
  made.close();
  expect(receiver.remotes.get()).toEqual([]);
});

it("has nothing where no transport came of it", async () => {
  const receiver = createReceiver();
  const closed = await transport();
  closed.close();
  for (const none of [undefined, closed])
    expect(await receiver.add(Promise.resolve(none), notice("audio"))).toBe("known");
  expect(receiver.remotes.get()).toEqual([]);
});

import { RtpCapabilities } from "@verbatim/shared/signal/media";
import { Device, type types } from "mediasoup-client";

/** This browser beside one server's codecs. */
export type Loaded = { readonly device: types.Device; readonly rtpCapabilities: RtpCapabilities };

export type BrowserDevice = {
  /** A page's first connection takes a tenth of a second to make, the next ones little: made and closed where nobody waits for it. */
  readonly warm: () => void;
  /** Finds out, once for each way that a server speaks, what of it this browser can send and receive. */
  readonly load: (router: RtpCapabilities) => Promise<Loaded>;
  /** The same ahead of a call, from a server that said what its calls speak. */
  readonly expect: (router: RtpCapabilities) => void;
  /** What to say with the next hello, if it was found out ahead: once, because a later server may be another. */
  readonly takeExpected: () => RtpCapabilities | undefined;
};

export function createBrowserDevice(make = (): Promise<types.Device> => Device.factory()): BrowserDevice {
  let last: { readonly key: string; readonly loaded: Promise<Loaded> } | undefined;
  let expected: RtpCapabilities | undefined;

  const loadNew = async (router: RtpCapabilities): Promise<Loaded> => {
    const device = await make();
    await device.load({ routerRtpCapabilities: router as types.RtpCapabilities });
    return { device, rtpCapabilities: RtpCapabilities.parse(device.rtpCapabilities) };
  };
  const load = (router: RtpCapabilities): Promise<Loaded> => {
    const key = JSON.stringify(router);
    if (last?.key !== key) last = { key, loaded: loadNew(router) };
    const { loaded } = last;
    loaded.catch(() => {
      // Told to whoever asked; the next one tries anew.
      if (last?.loaded === loaded) last = undefined;
    });
    return loaded;
  };

  return {
    warm() {
      try {
        const first = new RTCPeerConnection();
        for (const kind of ["audio", "video"]) first.addTransceiver(kind);
        first.close();
      } catch {
        // Whatever is wrong is told when they join.
      }
    },
    load,
    expect(router) {
      load(router).then(
        ({ rtpCapabilities }) => {
          expected = rtpCapabilities;
        },
        () => {
          // Whatever is wrong is told when they join.
        },
      );
    },
    takeExpected() {
      const taken = expected;
      expected = undefined;
      return taken;
    },
  };
}

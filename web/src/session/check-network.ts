import type { RtpCapabilities } from "@verbatim/shared/signal/media";
import { signalProtocol } from "@verbatim/shared/signal/protocol";
import { probePath, type ProbeResult } from "../media/probe.ts";
import { createConnection, RequestRefused, type Socket } from "../signal/connection.ts";

type Deps = {
  readonly takeTicket: (signal: AbortSignal) => Promise<{ readonly ticket: string; readonly url: string }>;
  readonly openSocket: (url: string) => Socket;
  /** What calls on this media server speak. */
  readonly onSpoken: (router: RtpCapabilities) => void;
  /** Who joins does not wait for it, and it must not compete with the call: it ends at once. */
  readonly signal: AbortSignal;
};

/** Proves the way to the media server before the call. Rejects when the api does not answer; a media server out of reach is a result. */
export async function checkNetwork({ takeTicket, openSocket, onSpoken, signal }: Deps): Promise<ProbeResult> {
  const { ticket, url } = await takeTicket(signal);
  const opened = Promise.withResolvers<boolean>();
  const connection = createConnection(openSocket(url), {
    open: () => opened.resolve(true),
    notice: () => {
      // A probe is told nothing of the room.
    },
    closed: () => opened.resolve(false),
  });
  signal.addEventListener("abort", connection.close, { once: true });
  if (signal.aborted) connection.close();
  try {
    if (!(await opened.promise)) return { path: "none", wanted: undefined };
    const { welcome } = await connection.request({ type: "hello", protocol: signalProtocol.current, ticket });
    if (welcome?.routerRtpCapabilities) onSpoken(welcome.routerRtpCapabilities);
    return await probePath(connection, signal);
  } catch (thrown) {
    if (thrown instanceof RequestRefused) return { path: "none", wanted: undefined };
    throw thrown;
  } finally {
    signal.removeEventListener("abort", connection.close);
    connection.close();
  }
}

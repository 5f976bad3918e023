import type { Role } from "@verbatim/shared/ids";
import { type BrowserDevice, createBrowserDevice } from "../media/browser-device.ts";
import { createLocalMedia, type LocalMedia } from "../media/local-media.ts";
import { type Call, createCall } from "./call.ts";
import { socketAhead } from "./socket-ahead.ts";
import { type CallTickets, openWebSocket, ticketsAhead, ticketsFor } from "./tickets.ts";

/** One person's place in a call from the way in to the end: their devices, and the call, which they join when they press. */
export type Place = {
  readonly local: LocalMedia;
  readonly browser: BrowserDevice;
  readonly call: Call;
  /** Into the live document, for those who may read it. */
  readonly documents: CallTickets;
  /** The person checks their devices: a ticket is fetched. */
  readonly prepare: () => void;
  /** Their hand is at Join: the socket is opened, too. */
  readonly reach: () => void;
  readonly dispose: () => void;
};

/** Nobody in the call learns of what is made ready here. */
export function createPlace({ interviewId, role }: { readonly interviewId: string; readonly role: Role }): Place {
  const local = createLocalMedia(window.isSecureContext ? navigator.mediaDevices : undefined);
  const browser = createBrowserDevice();
  const tickets = ticketsAhead(ticketsFor(interviewId, role, "call"));
  const sockets = socketAhead(openWebSocket);
  const call = createCall({
    takeTicket: tickets.take,
    openSocket: sockets.open,
    local,
    browser,
    now: Date.now,
    layer: role === "observer" ? 0 : 2,
  });
  return {
    local,
    browser,
    call,
    documents: ticketsAhead(ticketsFor(interviewId, role, "document")),
    prepare: () => void tickets.prepare(),
    reach: () => {
      void tickets.prepare().then((ticket) => {
        if (ticket && call.state.get().session.phase === "idle") sockets.reach(ticket.url);
      });
    },
    dispose: () => {
      sockets.dispose();
      call.dispose();
      local.dispose();
    },
  };
}

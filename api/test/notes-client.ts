import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { SignJWT } from "jose";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { MESSAGE_STORED, NOTES_ROOT, notesPath } from "@verbatim/shared/document/notes";
import type { InterviewId } from "@verbatim/shared/ids";
import type { NotesTicket } from "@verbatim/shared/ticket";

const ORIGIN = "http://localhost:3000";

/** A ticket as the api signs it, for people of whom a test needs many. */
export const forgeNotesTicket = (
  secret: string,
  claims: Pick<NotesTicket, "tenantId" | "interviewId"> & Partial<NotesTicket>,
): Promise<string> =>
  new SignJWT({
    aud: "notes",
    jti: crypto.randomUUID(),
    which: "shared",
    person: `user:${crypto.randomUUID()}`,
    seatId: null,
    name: "Somebody",
    ...claims,
  })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("30s")
    .sign(new TextEncoder().encode(secret));

export class FromOurPage extends WebSocket {
  constructor(address: string | URL) {
    super(address, { origin: ORIGIN });
  }
}

/** One socket without a client's manners. */
export const rawNotes = (port: number, interviewId: InterviewId, ticket: string, client: number): WebSocket =>
  new FromOurPage(`ws://127.0.0.1:${port}${notesPath(interviewId, "shared")}?ticket=${ticket}&client=${client}`);

/** A page with the notes open: the stock client, a ticket for each connection, and marks behind what is typed. */
export function openNotes(options: {
  readonly port: () => number;
  readonly interviewId: InterviewId;
  readonly which?: "shared" | "private";
  readonly ticket: () => Promise<string>;
}) {
  const doc = new Y.Doc();
  const path = notesPath(options.interviewId, options.which ?? "shared");
  const provider = new WebsocketProvider("ws://unknown", path.slice(1), doc, {
    connect: false,
    disableBc: true,
    WebSocketPolyfill: FromOurPage as never,
  });
  const fragment = doc.getXmlFragment(NOTES_ROOT);
  let sent = 0;
  let stored = 0;
  const codes: number[] = [];
  let ended = false;

  const sendMark = (): void => {
    if (!provider.synced || provider.ws?.readyState !== WebSocket.OPEN) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_STORED);
    encoding.writeVarUint(encoder, sent);
    provider.ws.send(encoding.toUint8Array(encoder) as never);
  };
  provider.messageHandlers[MESSAGE_STORED] = (_encoder, decoder) => {
    stored = Math.max(stored, decoding.readVarUint(decoder));
    decoding.readVarUint8Array(decoder);
  };
  const connect = async (): Promise<void> => {
    try {
      const ticket = await options.ticket();
      if (ended) return;
      provider.serverUrl = `ws://127.0.0.1:${options.port()}`;
      provider.params = { ticket, client: String(doc.clientID) };
      provider.connect();
    } catch {
      // The api is away: asked again, as a page does.
      if (!ended) setTimeout(() => void connect(), 50);
    }
  };
  provider.on("sync", (synced) => {
    if (synced) sendMark();
  });
  provider.on("connection-close", (event) => {
    provider.shouldConnect = false;
    if (event) codes.push(event.code);
    if (!ended) setTimeout(() => void connect(), 20);
  });
  void connect();

  return {
    doc,
    provider,
    fragment,
    codes,
    /** Writes at the end of a paragraph of one's own; answers with the mark behind it. */
    type(text: string): number {
      doc.transact(() => {
        let own = fragment.toArray().find((each) => (each as Y.XmlElement).getAttribute("by") === String(doc.clientID));
        if (!own) {
          own = new Y.XmlElement("paragraph");
          fragment.push([own]);
          (own as Y.XmlElement).setAttribute("by", String(doc.clientID));
          (own as Y.XmlElement).insert(0, [new Y.XmlText()]);
        }
        const words = (own as Y.XmlElement).get(0) as Y.XmlText;
        words.insert(words.length, text);
      });
      sent++;
      sendMark();
      return sent;
    },
    /** Up to which mark all is stored, by the server's word. */
    stored: () => stored,
    text: () => fragment.toJSON(),
    [Symbol.dispose]() {
      ended = true;
      provider.destroy();
      doc.destroy();
    },
  };
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import type { InterviewId, TenantId } from "@verbatim/shared/ids";
import type { NotesTicket, Ticket } from "@verbatim/shared/ticket";
import { createLog } from "@verbatim/hands/log";
import { createLiveDocuments, type LiveDocuments } from "../src/documents/live-documents.ts";
import type { NotesClients } from "../src/documents/notes-clients.ts";
import { createNotesDocuments } from "../src/documents/notes-documents.ts";
import { type DocumentAt, folded, type UpdateLog } from "../src/documents/update-log.ts";
import { hearNow } from "./hear-now.ts";

const log = createLog("test", "silent");
export const at = {
  tenantId: "10000000-0000-4000-8000-000000000001" as TenantId,
  interviewId: "20000000-0000-4000-8000-000000000002" as InterviewId,
};
export const seat = "30000000-0000-4000-8000-000000000003";

/** Updates kept in an array; `gate` holds appends back, as a slow database would. */
export function arrayLog(): UpdateLog & { updates: Uint8Array[]; gate: Promise<void> } {
  const kept = {
    updates: [] as Uint8Array[],
    gate: Promise.resolve(),
    load: async () => [...kept.updates],
    append: async (_at: DocumentAt, update: Uint8Array) => {
      await kept.gate;
      kept.updates.push(update);
    },
    compact: async () => {
      kept.updates = [folded(kept.updates)];
    },
  };
  return kept;
}

/** Live documents on a port; every socket reads the one at `at`, the first as seat 0, the next as seat 1 and so on. */
export async function serveLiveFrom(updates: UpdateLog): Promise<Stage & { readonly documents: LiveDocuments }> {
  const documents = createLiveDocuments({ updates, log });
  const stage = await serveSockets(documents, (socket, wire, n, address) => {
    const ticket = { ...at, seatId: String(n) } as unknown as Ticket;
    documents.serve(socket, wire, ticket, address.endsWith("from=start"));
  });
  return { ...stage, documents };
}

/** Shared notes on a port, of the interview at `at`; every socket is another person's, under whatever client it writes. */
export async function serveNotesFrom(updates: UpdateLog): Promise<Stage> {
  const clients: NotesClients = { load: async () => new Map(), claim: async (_at, _client, person) => person };
  const documents = createNotesDocuments({ updates, clients, log });
  return serveSockets(documents, (socket, _wire, n) =>
    documents.serve(socket, { ...at, which: "shared", person: `user:${n}`, seatId: null } as unknown as NotesTicket, n),
  );
}

async function serveSockets(
  documents: AsyncDisposable,
  serve: (socket: WebSocket, wire: Duplex, n: number, address: string) => void,
): Promise<Stage> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, maxPayload: 65_536 });
  let count = 0;
  sockets.on("connection", (socket, { socket: wire, url = "" }) => serve(socket, wire, count++, url));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    sockets: () => [...sockets.clients],
    async [Symbol.asyncDispose]() {
      await documents[Symbol.asyncDispose]();
      for (const socket of sockets.clients) socket.terminate();
      http.close();
    },
  };
}

type Stage = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** The server's ends of what is open. */
  sockets(): WebSocket[];
};

/** The stock client, and what it is told beside the document. */
export function observeLive(url: string): {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  readonly now: ReadonlyMap<string, unknown>;
} & AsyncDisposable {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, "live", doc, {
    connect: false,
    disableBc: true,
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  provider.awareness.setLocalState(null);
  const now = hearNow(provider);
  provider.connect();
  return {
    doc,
    provider,
    now,
    async [Symbol.asyncDispose]() {
      provider.destroy();
      doc.destroy();
    },
  };
}

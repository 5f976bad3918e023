import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { InterviewId, SeatId, TenantId } from "@verbatim/shared/ids";
import { Ticket } from "@verbatim/shared/ticket";
import { createLog } from "@verbatim/hands/log";
import { openDatabase } from "../src/database/database.ts";
import { createLiveDocuments } from "../src/documents/live-documents.ts";
import { readerLimits } from "../src/documents/live-reader.ts";
import { createUpdateLog } from "../src/documents/update-log.ts";
import { type Room, ROOMS, text, UPDATES_PER_SECOND } from "./fan-out-load.ts";

/** Our side of the fan-out bench: the live documents with everything on (tickets read, read-only, every update in Postgres first). */
const log = createLog("bench", "error");
const database = openDatabase({ url: process.env["DATABASE_URL"] ?? "", log });
const documents = createLiveDocuments({ updates: createUpdateLog(database), log });
const http = createServer();
const sockets = new WebSocketServer({ server: http, maxPayload: readerLimits.frameBytes });
sockets.on("connection", (socket, request) => {
  const ticket = new URL(request.url ?? "/", "http://localhost").searchParams.get("ticket");
  documents.serve(socket, Ticket.parse(JSON.parse(ticket ?? "{}")));
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
process.send?.({ port: (http.address() as AddressInfo).port });

let timer: NodeJS.Timeout | undefined;
// The bench that started us is gone: so are we.
process.on("disconnect", () => process.exit());
process.on("message", (message: "write" | "stop") => {
  clearInterval(timer);
  if (message === "stop") return;
  let n = 0;
  // Rooms write one after another, as talk does, not all at the same instant.
  timer = setInterval(
    () => {
      const room = ROOMS[n++ % ROOMS.length] as Room;
      void documents.write(room as unknown as { tenantId: TenantId; interviewId: InterviewId }, (live) =>
        live.setInterim(room.seatId as SeatId, { startMs: n, text: text(n) }),
      );
    },
    1000 / (UPDATES_PER_SECOND * ROOMS.length),
  );
});

import { setTimeout as delay } from "node:timers/promises";
import * as Y from "yjs";
import { NOTES_ROOT, notesLimits } from "@verbatim/shared/document/notes";
import { DomainError } from "@verbatim/shared/errors";
import type { Log } from "@verbatim/hands/log";
import { keepTrying } from "./keep-trying.ts";
import type { NotesClients } from "./notes-clients.ts";
import { faultOf } from "./notes-shape.ts";
import { readUpdate } from "./notes-update.ts";
import { createRounds } from "./rounds.ts";
import type { DocumentAt, UpdateLog } from "./update-log.ts";

/** Updates that arrive within this time are stored and sent as one. */
const GROUP_MS = 10;
/** Rows after which they are folded into one, at loading and while people write. */
const COMPACT_AFTER = 1_000;
/** Clients of one person that the document has not seen, in one update: this page, and what earlier ones could not send. */
const MOST_NEW_CLIENTS = 20;
/** Updates that wait for a database that is away. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** One open document of notes: the only copy in this process. */
export type NotesDocument = {
  /**
   * Takes what a person wrote. Resolves with the state vector that is stored now, and with it the update. Throws a DomainError
   * when the update breaks a rule, a Withheld where what it stands on is missing; then nothing of it was applied, stored or sent.
   */
  take(update: Uint8Array, person: string): Promise<Uint8Array>;
  /** Whether this person writes under this client; nobody else may then. */
  claim(client: number, person: string): Promise<boolean>;
  /** Everything stored that a page with this state vector lacks, and the state vector that is stored. */
  since(stateVector: Uint8Array): Promise<{ readonly update: Uint8Array; readonly stateVector: Uint8Array }>;
  readonly idle: boolean;
  /** Waits for what was taken, then lets go. */
  close(): Promise<void>;
};

type Written = { readonly update: Uint8Array; readonly person: string };

const refused = (why: string): DomainError => new DomainError("input.invalid", why);

/** Neither we nor the database have what an update stands on. */
export class Withheld extends DomainError {
  constructor() {
    super("input.invalid", "Something that it stands on was withheld.");
  }
}

/** Loads a document and follows its rounds. Pages are answered between them, so that nobody holds what a crash could take back. */
export async function openNotesDocument(
  at: DocumentAt,
  deps: { readonly updates: UpdateLog; readonly clients: NotesClients; readonly log: Log },
  announce: (update: Uint8Array) => void,
): Promise<NotesDocument> {
  const { updates, clients, log } = deps;
  const away = (cause: unknown, retryMs: number): void =>
    log.warn("notes.database_failed", { interviewId: at.interviewId, cause, retryMs });
  const owners = await clients.load(at);
  let rows = 0;
  let doc = await load();
  /** Of the encoded document; never too small. Encoding it anew for every letter would cost 10 ms at 2 MB. */
  let bytes = Y.encodeStateAsUpdate(doc).length;
  if (rows > COMPACT_AFTER) await compact();

  let waitingBytes = 0;
  let closed = false;

  async function load(): Promise<Y.Doc> {
    const stored = await updates.load(at);
    const loaded = new Y.Doc();
    loaded.getXmlFragment(NOTES_ROOT);
    for (const update of stored) Y.applyUpdate(loaded, update);
    rows = stored.length;
    return loaded;
  }

  async function compact(): Promise<void> {
    await updates.compact(at);
    rows = 1;
  }

  /** Makes the copy anew from what is stored, and from what this round has taken so far. */
  async function reload(made: readonly Uint8Array[]): Promise<void> {
    const loaded = await keepTrying(load, away);
    for (const update of made) Y.applyUpdate(loaded, update);
    doc.destroy();
    doc = loaded;
    bytes = Y.encodeStateAsUpdate(doc).length;
  }

  const claim = async (client: number, person: string): Promise<boolean> => {
    const known = owners.get(client);
    if (known !== undefined) return known === person;
    const owner = await clients.claim(at, client, person);
    owners.set(client, owner);
    return owner === person;
  };

  const mayWrite = async (written: ReadonlySet<number>, person: string): Promise<void> => {
    const fresh = [...written].filter((client) => !owners.has(client)).length;
    if (fresh > MOST_NEW_CLIENTS) throw refused("Too many clients in one update.");
    for (const client of written) {
      if (!(await claim(client, person))) throw new DomainError("auth.forbidden", "Those are another person's words.");
    }
  };

  const mustFit = (more: number): void => {
    if (bytes + more <= notesLimits.documentBytes) return;
    bytes = Y.encodeStateAsUpdate(doc).length;
    if (bytes + more > notesLimits.documentBytes) throw new DomainError("input.too_large", "These notes are full.");
  };

  /** Applies one update; what it changed, as Yjs itself writes it, or undefined. */
  const apply = async ({ update, person }: Written, made: readonly Uint8Array[]): Promise<Uint8Array | undefined> => {
    const stateOf = (client: number): number => Y.getState(doc.store, client);
    let read = readUpdate(update, stateOf);
    if (read.type === "missing") {
      // Another process may have stored what it stands on, while this one takes over from it.
      const before = Y.encodeStateVector(doc);
      await reload(made);
      announce(Y.encodeStateAsUpdate(doc, before));
      read = readUpdate(update, stateOf);
    }
    if (read.type === "missing") throw new Withheld();
    if (read.type === "bad") throw refused(read.why);
    await mayWrite(read.clients, person);
    if (read.adds) mustFit(update.length);
    const { fresh, fault } = applied(update);
    if (fault !== undefined) {
      await reload(made);
      throw refused(fault);
    }
    bytes += fresh?.length ?? 0;
    return fresh;
  };

  const applied = (update: Uint8Array): { fresh: Uint8Array | undefined; fault: string | undefined } => {
    const found: ReturnType<typeof applied> = { fresh: undefined, fault: undefined };
    const onUpdate = (fresh: Uint8Array): void => void (found.fresh = fresh);
    const onDone = (transaction: Y.Transaction): void => void (found.fault = faultOf(transaction));
    doc.on("update", onUpdate);
    doc.on("afterTransaction", onDone);
    try {
      Y.applyUpdate(doc, update);
    } catch (thrown) {
      log.warn("notes.update_refused", { interviewId: at.interviewId, cause: thrown });
      found.fault = "The update cannot be applied.";
    } finally {
      doc.off("update", onUpdate);
      doc.off("afterTransaction", onDone);
    }
    return found;
  };

  const rounds = createRounds<Written, Uint8Array>({
    pace: () => delay(GROUP_MS),
    async apply(round) {
      waitingBytes = 0;
      const made: Uint8Array[] = [];
      for (const [written, refuse] of round) {
        try {
          const fresh = await apply(written, made);
          if (fresh) made.push(fresh);
        } catch (cause) {
          refuse(cause);
        }
      }
      return made.length > 0 ? Y.mergeUpdates(made) : undefined;
    },
    async store(update) {
      await keepTrying(() => updates.append(at, update), away);
      rows++;
    },
    announce,
    stored: () => Y.encodeStateVector(doc),
    async afterwards() {
      if (rows <= COMPACT_AFTER) return;
      // A fold that failed changed nothing; the next round tries again.
      await compact().catch((cause: unknown) =>
        log.warn("notes.compact_failed", { interviewId: at.interviewId, cause }),
      );
    },
  });

  return {
    take(update, person) {
      if (closed) return Promise.reject(new DomainError("server.draining", "The document is closed."));
      waitingBytes += update.length;
      if (waitingBytes > MOST_WAITING_BYTES)
        return Promise.reject(new DomainError("server.draining", "Too much waits to be stored."));
      return rounds.add({ update, person });
    },
    claim,
    since: (stateVector) =>
      rounds.read(() => ({
        update: Y.encodeStateAsUpdate(doc, stateVector),
        stateVector: Y.encodeStateVector(doc),
      })),
    get idle() {
      return rounds.idle;
    },
    async close() {
      closed = true;
      await rounds.end();
      doc.destroy();
    },
  };
}

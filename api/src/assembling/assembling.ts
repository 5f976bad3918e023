import { createHash } from "node:crypto";
import type { PgBoss } from "pg-boss";
import type { RecordingId, TenantId } from "@verbatim/shared/ids";
import { isSound, manifestKey } from "@verbatim/shared/recording/keys";
import { ASSEMBLE_QUEUE, type AssembleJob, PREPARE_QUEUE, type PrepareJob } from "@verbatim/shared/recording/manifest";
import type { Log } from "@verbatim/hands/log";
import { openManifest, signManifest } from "@verbatim/hands/manifest-signature";
import type { Store } from "@verbatim/hands/store/store";
import type { Database, TenantTrx } from "../database/database.ts";
import { buildManifest, draftManifest } from "./build-manifest.ts";
import { lastAssembly } from "./last-assembly.ts";

export type Assembling = {
  /** Asks for an assembly when a stopped recording is whole, or as whole as it will get. Safe to call at any time. */
  consider(at: { readonly tenantId: TenantId; readonly recordingId: RecordingId }): Promise<void>;
  /** Pictures may come after the master: signs for those too, in a manifest of their own from which nothing is made. */
  addPictures(at: { readonly tenantId: TenantId; readonly recordingId: RecordingId }): Promise<void>;
  /** Lets the master of a running recording be begun: everything before the position is stored. */
  prepare(at: { readonly tenantId: TenantId; readonly recordingId: RecordingId }, untilSamples: number): Promise<void>;
  /** Every recording that waits for one, and manifests that a crash kept from the store or the queue. */
  sweep(tenantId: TenantId): Promise<void>;
};

type Ordered = Omit<AssembleJob, "tenantId">;

/** A put that hangs must not hold up the next try. */
const PUT_MS = 20_000;

export function createAssembling(deps: {
  readonly database: Database;
  readonly store: Store;
  readonly jobs: Pick<PgBoss, "send">;
  readonly secret: string;
  readonly log: Log;
}): Assembling {
  const { database, store, log } = deps;

  const consider: Assembling["consider"] = async ({ tenantId, recordingId }) => {
    const ordered = await database.tenant(tenantId, (trx) => order(trx, recordingId, deps.secret, log));
    if (ordered) await publish(tenantId, ordered);
  };

  /** The manifest to the store, then the job, unless nothing is to be made from it; each may be repeated. */
  const publish = async (tenantId: TenantId, ordered: Ordered): Promise<void> => {
    const row = await database.tenant(tenantId, (trx) =>
      trx
        .selectFrom("manifest")
        .select(["content", "finished_at"])
        .where("interview_id", "=", ordered.interviewId)
        .where("revision", "=", ordered.revision)
        .executeTakeFirstOrThrow(),
    );
    const bytes = Buffer.from(row.content);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await store.put(ordered.manifestKey, bytes, {
      sha256,
      contentType: "application/json",
      signal: AbortSignal.timeout(PUT_MS),
    });
    const job: AssembleJob = { tenantId, ...ordered };
    if (!row.finished_at) await deps.jobs.send(ASSEMBLE_QUEUE, job, { id: jobId(job) });
    await database.tenant(tenantId, (trx) =>
      trx
        .updateTable("manifest")
        .set({ sent_at: new Date() })
        .where("interview_id", "=", ordered.interviewId)
        .where("revision", "=", ordered.revision)
        .execute(),
    );
    log.info(row.finished_at ? "manifest.pictures_added" : "assembling.ordered", {
      recordingId: ordered.recordingId,
      revision: ordered.revision,
    });
  };

  return {
    consider,
    async addPictures({ tenantId, recordingId }) {
      const added = await database.tenant(tenantId, (trx) => latePictures(trx, recordingId, deps.secret));
      if (!added) return;
      // The sweep puts it into the store, if this does not.
      await publish(tenantId, added).catch((cause: unknown) =>
        log.warn("assembling.publish_failed", { recordingId, cause }),
      );
    },
    async prepare({ tenantId, recordingId }, untilSamples) {
      const draft = await database.tenant(tenantId, async (trx) => {
        const row = await trx.selectFrom("recording").selectAll().where("id", "=", recordingId).executeTakeFirst();
        if (row?.phase !== "recording" && row?.phase !== "paused") return undefined;
        const { manifest_revision: last } = await trx
          .selectFrom("interview")
          .select("manifest_revision")
          .where("id", "=", row.interview_id)
          .executeTakeFirstOrThrow();
        const manifest = await draftManifest(trx, row, untilSamples);
        return manifest && { ...manifest, revision: last + 1 };
      });
      if (!draft) return;
      const job: PrepareJob = { untilSamples, signed: signManifest(deps.secret, draft) };
      await deps.jobs.send(PREPARE_QUEUE, job);
    },
    async sweep(tenantId) {
      const { wanted, unsent } = await database.tenant(tenantId, async (trx) => ({
        wanted: await trx
          .selectFrom("recording")
          .select("id")
          .where("assemble_wanted", "=", true)
          .where("phase", "in", ["stopped", "closed"])
          .execute(),
        unsent: await trx
          .selectFrom("manifest")
          .select(["interview_id", "recording_id", "revision", "key"])
          .where("sent_at", "is", null)
          .where("created_at", "<", new Date(Date.now() - 5_000))
          .execute(),
      }));
      for (const { id } of wanted) {
        await consider({ tenantId, recordingId: id }).catch((cause: unknown) =>
          log.warn("assembling.order_failed", { recordingId: id, cause }),
        );
      }
      for (const row of unsent) {
        const again = {
          interviewId: row.interview_id,
          recordingId: row.recording_id,
          revision: row.revision,
          manifestKey: row.key,
        };
        await publish(tenantId, again).catch((cause: unknown) =>
          log.warn("assembling.publish_failed", { recordingId: row.recording_id, cause }),
        );
      }
    },
  };
}

/** Decides under a lock on the recording, so that of several processes one orders an assembly, once. */
async function order(trx: TenantTrx, recordingId: RecordingId, secret: string, log: Log): Promise<Ordered | undefined> {
  const row = await trx
    .selectFrom("recording")
    .selectAll()
    .where("id", "=", recordingId)
    .where("assemble_wanted", "=", true)
    .where("phase", "in", ["stopped", "closed"])
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!row) return undefined;
  const built = await buildManifest(trx, row);
  if (built.type === "wait") return undefined;
  if (built.type === "nothing") {
    log.error("assembling.nothing_recorded", { recordingId, why: built.why });
    await trx
      .updateTable("recording")
      .set({ assemble_wanted: false, outcome: "failed", failure: built.why })
      .where("id", "=", recordingId)
      .execute();
    return undefined;
  }
  await trx.updateTable("recording").set({ assemble_wanted: false }).where("id", "=", recordingId).execute();
  const last = await trx
    .selectFrom("manifest")
    .select("fingerprint")
    .where("recording_id", "=", recordingId)
    .orderBy("revision", "desc")
    .limit(1)
    .executeTakeFirst();
  if (last?.fingerprint === built.fingerprint) return restore(trx, recordingId);
  const ordered = await insertManifest(trx, built, secret);
  await trx.updateTable("recording").set({ outcome: "assembling" }).where("id", "=", recordingId).execute();
  return ordered;
}

/** A manifest that holds more pictures than the last one, whose assembly is over; undefined where there are none. */
async function latePictures(trx: TenantTrx, recordingId: RecordingId, secret: string): Promise<Ordered | undefined> {
  const row = await trx
    .selectFrom("recording")
    .selectAll()
    .where("id", "=", recordingId)
    .where("assemble_wanted", "=", false)
    .where("phase", "in", ["stopped", "closed"])
    .forUpdate()
    .executeTakeFirst();
  const last = await trx
    .selectFrom("manifest")
    .select(["content", "finished_at"])
    .where("recording_id", "=", recordingId)
    .orderBy("revision", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row || !last?.finished_at) return undefined;
  const built = await buildManifest(trx, row);
  if (built.type !== "ready") return undefined;
  const signed = new Set(openManifest(secret, Buffer.from(last.content)).chunks.map(({ key }) => key));
  if (built.manifest.chunks.every(({ key, mediaType }) => isSound(mediaType) || signed.has(key))) return undefined;
  return insertManifest(trx, built, secret, new Date());
}

/** Stop, Undo, Stop with nothing between them: the master that is there is the right one. */
async function restore(trx: TenantTrx, recordingId: RecordingId): Promise<undefined> {
  const last = await lastAssembly(trx, recordingId);
  if (last) {
    await trx
      .updateTable("recording")
      .set({ outcome: last.state })
      .where("id", "=", recordingId)
      .where("outcome", "is", null)
      .execute();
  }
}

/** `finishedAt`: nothing is to be made from it. */
async function insertManifest(
  trx: TenantTrx,
  { manifest, fingerprint }: Extract<Awaited<ReturnType<typeof buildManifest>>, { type: "ready" }>,
  secret: string,
  finishedAt: Date | null = null,
): Promise<Ordered> {
  const { tenantId, interviewId, recordingId } = manifest;
  const { manifest_revision: revision } = await trx
    .updateTable("interview")
    .set((eb) => ({ manifest_revision: eb("manifest_revision", "+", 1) }))
    .where("id", "=", interviewId)
    .returning("manifest_revision")
    .executeTakeFirstOrThrow();
  const key = manifestKey(tenantId, interviewId, revision);
  await trx
    .insertInto("manifest")
    .values({
      tenant_id: tenantId,
      interview_id: interviewId,
      revision,
      recording_id: recordingId,
      key,
      content: JSON.stringify(signManifest(secret, { ...manifest, revision })),
      fingerprint,
      finished_at: finishedAt,
    })
    .execute();
  return { interviewId, recordingId, revision, manifestKey: key };
}

/** The same job has the same id, so sending it twice queues it once. */
function jobId({ recordingId, revision }: AssembleJob): string {
  const hex = createHash("sha256").update(`${recordingId}/${revision}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

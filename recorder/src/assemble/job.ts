import type { Log } from "@verbatim/hands/log";
import { openManifest } from "@verbatim/hands/manifest-signature";
import { type Store, StoreConflict, StoreMissing } from "@verbatim/hands/store/store";
import { DomainError } from "@verbatim/shared/errors";
import type { RecorderEvent } from "@verbatim/shared/events/protocol";
import { AssembleJob, type Assembly, type Manifest } from "@verbatim/shared/recording/manifest";
import { assemble } from "./assemble.ts";
import type { Preparations } from "./preparations.ts";

export type JobOutcome =
  | { readonly status: "completed" }
  /** Worth another attempt. */
  | { readonly status: "failed"; readonly reason: string }
  /** No attempt will ever do better: a person must look. */
  | { readonly status: "deadletter"; readonly reason: string };

export type RunJob = (
  payload: unknown,
  attempt: { readonly last: boolean },
  signal: AbortSignal,
) => Promise<JobOutcome>;

/** One assembly from its payload to the api's answer. Never throws; doing it again changes nothing. */
export function createJobRunner(deps: {
  readonly store: Store;
  readonly secret: string;
  readonly workFolder: string;
  readonly preparations: Pick<Preparations, "take">;
  readonly log: Log;
  /** Resolves when the api has answered. */
  readonly send: (event: RecorderEvent) => Promise<void>;
  readonly now: () => number;
}): RunJob {
  return async (payload, { last }, signal) => {
    const parsed = AssembleJob.safeParse(payload);
    if (!parsed.success) {
      deps.log.error("assemble.bad_payload", { cause: parsed.error });
      return { status: "deadletter", reason: "The job's payload cannot be read." };
    }
    const job = parsed.data;
    const { tenantId, interviewId, recordingId, revision } = job;
    const log = deps.log.with({ interviewId, recordingId, revision });
    const begun = deps.now();
    try {
      const manifest = await readManifest(deps.store, deps.secret, job, signal);
      const tell = (assembly: Assembly): Promise<void> =>
        deps.send({ type: "assembled", tenantId, interviewId, recordingId, assembly });
      const onMaster = (master: Assembly): Promise<void> => {
        log.info("assemble.master_made", { ms: Math.round(deps.now() - begun) });
        return tell(master);
      };
      const begunMaster = await deps.preparations.take(recordingId, revision);
      const assembly = await assemble(manifest, { ...deps, begun: begunMaster, onMaster }, signal);
      log.info("assemble.made", {
        ms: Math.round(deps.now() - begun),
        state: assembly.state,
        chunks: manifest.chunks.length,
        problems: assembly.problems.length,
      });
      await tell(assembly);
      log.info("assemble.told", { ms: Math.round(deps.now() - begun) });
      return { status: "completed" };
    } catch (cause) {
      const reason = sentence(cause);
      const status = isHopeless(cause) ? "deadletter" : "failed";
      log.warn("assemble.failed", { status, last, cause });
      if (signal.aborted) return { status: "failed", reason: "Interrupted." };
      if (status === "deadletter" || last) {
        await deps.send({ type: "assemble-failed", tenantId, interviewId, recordingId, revision, reason });
      }
      return { status, reason };
    }
  };
}

async function readManifest(store: Store, secret: string, job: AssembleJob, signal: AbortSignal): Promise<Manifest> {
  const stored = await store.get(job.manifestKey, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
  });
  const manifest = openManifest(secret, stored);
  const same =
    manifest.tenantId === job.tenantId &&
    manifest.interviewId === job.interviewId &&
    manifest.recordingId === job.recordingId &&
    manifest.revision === job.revision;
  // A good manifest of another tenant under this key would put that tenant's sound into this one's master.
  if (!same) throw new DomainError("input.invalid", "The manifest is not the one that the job names.");
  return manifest;
}

/** Another content under a master's key or a manifest that is not ours do not heal by themselves. */
const isHopeless = (cause: unknown): boolean =>
  cause instanceof StoreConflict || (cause instanceof DomainError && !cause.spec.retry);

function sentence(cause: unknown): string {
  if (cause instanceof DomainError) return cause.message;
  if (cause instanceof StoreConflict) return "Another file already lies where the master belongs.";
  if (cause instanceof StoreMissing) return "The manifest is not in the store.";
  return "The store or the machine failed; see the assembler's log.";
}

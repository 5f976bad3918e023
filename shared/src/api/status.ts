import { z } from "zod";
import { SpeechEngineName } from "../speech/service.ts";
import { contract, nothing } from "./contract.ts";

export const ProcessStatus = z.object({
  name: z.string(),
  /** `not-ready`: it runs, and what it needs is away. `silent`: nothing answered. */
  state: z.enum(["ready", "not-ready", "silent"]),
  runningForS: z.int().nullable(),
  memoryBytes: z.int().nullable(),
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

/**
 * Whether what lies somewhere is encrypted, as far as it can be known from here. `not-by-this-machine`: the folder lies on a
 * disk that this machine does not encrypt; whether the disk, or who runs it, does cannot be seen.
 */
export const Encryption = z.enum(["yes", "not-by-this-machine", "unknown"]);
export type Encryption = z.infer<typeof Encryption>;

/** Where data lies. */
export const DataPlace = z.enum(["store", "spool", "database"]);
export type DataPlace = z.infer<typeof DataPlace>;

/** Bytes left, and for how many hours of one interview they last: in sound alone, and with the speakers' pictures. */
const DiskLeft = z.object({ freeBytes: z.int(), soundHours: z.number(), pictureHours: z.number() });

export const Status = z.object({
  atMs: z.int(),
  /** `schema` is the name of the last change to the database that this program knows. */
  version: z.object({ program: z.string(), schema: z.string(), node: z.string() }),
  processes: z.array(ProcessStatus),
  calls: z.object({
    /** Calls that take a place now. */
    now: z.int().min(0),
    /** At this many a new one is refused. */
    most: z.int().min(1),
    recording: z.int().min(0),
  }),
  database: z.object({
    answeredInMs: z.number(),
    version: z.string(),
    bytes: z.int(),
  }),
  store: z.object({
    kind: z.enum(["disk", "s3"]),
    /** The folder, or the bucket with what stands before its keys. */
    place: z.string(),
    answeredInMs: z.number().nullable(),
    /** Chunks that could be stored and are not yet; null when ship does not say. */
    waitingChunks: z.int().nullable(),
  }),
  speech: z.object({
    engine: SpeechEngineName,
    /** Sound that waits for the engine, in seconds; null when scribe does not say. */
    waitingS: z.number().nullable(),
  }),
  /** Null where nobody can say. */
  disk: z.object({
    /** Of the disk store; null with a bucket. */
    store: DiskLeft.nullable(),
    /** Where recordings wait while the store is away. */
    spool: DiskLeft.nullable(),
  }),
  encryption: z.array(z.object({ place: DataPlace, state: Encryption })),
});
export type Status = z.infer<typeof Status>;

/** How this installation is; for owners and admins of its organisation. */
export const getStatus = contract({ method: "GET", path: "/v1/status", body: nothing, reply: Status });

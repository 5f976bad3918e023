import type { DataPlace, Encryption, ProcessStatus, Status } from "@verbatim/shared/api/status";
import type { Remedy } from "./failures.ts";

/** The page about the installation, for those who keep it running. */
export const status = {
  title: "This installation",
  link: "Status of this installation",
  asOf: (time: string): string => `As of ${time}`,
  version: ({ program, schema, node }: Status["version"]): string =>
    `Verbatim ${program}, database version ${schema}, Node ${node}`,
  allWell: "Everything works.",
  someWrong: (count: number): string => (count === 1 ? "One thing needs you." : `${count} things need you.`),
  levels: { good: "works", note: "to be known", wrong: "needs you" },
  groups: { processes: "Processes", around: "What they need", room: "Room", rest: "Data at rest" },

  process: {
    state: { ready: "Ready", "not-ready": "Runs, but what it needs is away", silent: "Does not answer" },
    since: (duration: string): string => `for ${duration}`,
    remedy: (name: string, state: ProcessStatus["state"]): string =>
      state === "silent"
        ? `It is started again by itself. If this line stays red for a minute, read logs/${name}.log in the data folder.`
        : `It goes on by itself when that is back. The other red lines name it, or logs/${name}.log in the data folder does.`,
    unknown: "Not known",
    unknownRemedy: "The processes were not started by `npm start`: name them in STATUS_PROCESSES to see them here.",
  },
  calls: {
    name: "Calls",
    said: ({ now, most, recording }: Status["calls"]): string =>
      `${now} of ${most} places taken, ${recording === 0 ? "none" : recording} recorded`,
    full: "New calls are refused until one ends; those that run, and their recordings, are not affected. A larger machine carries more; MAX_CALLS sets the limit by hand.",
  },
  database: {
    name: "Database",
    said: (version: string, size: string, ms: number): string => `PostgreSQL ${version}, ${size}, answers in ${ms} ms`,
    away: {
      what: "The database does not answer.",
      still: "Calls and recordings go on; what is recorded waits on this server's disk.",
      now: "Start PostgreSQL again, or look at logs/postgres.log in the data folder. This page comes back by itself.",
    } satisfies Remedy,
  },
  store: {
    name: "Store",
    kinds: { disk: "Folder", s3: "Bucket" },
    said: (kind: string, place: string, ms: number): string => `${kind} ${place}, answers in ${ms} ms`,
    waiting: (chunks: number): string => `${chunks} ${chunks === 1 ? "chunk waits" : "chunks wait"}`,
    away: (kind: string, place: string): string => `${kind} ${place} does not answer`,
    remedy:
      "Recordings wait on this server's disk and are stored when it is back. Check the disk, or the bucket's address, key and network.",
  },
  speech: {
    name: "Speech",
    engines: {
      deepgram: "Deepgram",
      openai: "OpenAI",
      offline: "Offline speech: English only, low accuracy",
      none: "Off: no transcripts",
    },
    noneRemedy:
      "Set DEEPGRAM_API_KEY, or SPEECH=openai with OPENAI_API_KEY, for transcripts. Recordings are not affected.",
    behind: (duration: string): string => `${duration} behind`,
    remedy:
      "Words follow when it is well again. Check the key, its quota and the network; for offline speech, whether the machine has cores to spare.",
  },
  disk: {
    store: "Disk of the store",
    spool: "Disk of running recordings",
    said: (free: string, sound: number, picture: number): string =>
      `${free} free: ${sound} interview-hours in sound, ${picture} with pictures`,
    unknown: "Not known: capture does not say",
    remedy: {
      store:
        "Make room, give it a larger disk, or move recordings to a bucket (docs/operating.md). A full disk holds up the store; nothing recorded is lost by it.",
      spool:
        "Make room now. While the store works, recordings need little here; when it is away, all of them wait here.",
    },
  },
  encryption: {
    places: { store: "Store", spool: "Running recordings", database: "Database" } satisfies Record<DataPlace, string>,
    states: {
      yes: "Encrypted",
      "not-by-this-machine": "Not encrypted by this machine",
      unknown: "Unknown",
    } satisfies Record<Encryption, string>,
    bucketRemedy: "Nothing is asked of the bucket: set S3_SSE, so that it encrypts every object, or ask who runs it.",
    unknownRemedy: "It cannot be seen from here. Ask whoever runs the disk or the database.",
    plainRemedy:
      "Whether the disk does it by itself cannot be seen from here. To be sure, put the data on a disk with LUKS.",
  },
};

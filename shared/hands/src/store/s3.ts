import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Log } from "../log.ts";
import { sha256Hex } from "./hash.ts";
import { checkKey, checkPrefix } from "./key.ts";
import { probeStore } from "./probe.ts";
import { type Store, StoreConflict, StoreMissing } from "./store.ts";

export type S3Config = {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly forcePathStyle: boolean;
  readonly sse?: "AES256" | "aws:kms" | undefined;
  readonly kmsKeyId?: string | undefined;
  /** Put before every key; empty, or ends with `/`. */
  readonly prefix: string;
};

/** No request waits longer: a connection that died in silence would otherwise hold its caller for ever. */
const DEADLINE_MS = 20_000;
/** Slower than this is as good as dead. */
const SLOWEST_BYTES_PER_MS = 64;

type Options = { readonly range?: { readonly start: number; readonly end: number }; readonly signal?: AbortSignal };

/** Objects in an S3 bucket. Each request is tried once: repeating is the caller's, who knows for how long. */
export function createS3Store(config: S3Config, log: Log, deadlineMs = DEADLINE_MS): Store & Disposable {
  const client = new S3Client({
    region: config.region,
    forcePathStyle: config.forcePathStyle,
    maxAttempts: 1,
    // Other servers than AWS do not know the newer default checksums; ours are sent on every put.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(config.endpoint !== undefined && { endpoint: config.endpoint }),
    ...(config.credentials && { credentials: config.credentials }),
  });
  const { bucket: Bucket } = config;
  /** Whether the store refuses to overwrite; found out before the first put, since some ignore the condition. */
  let conditional: boolean | undefined;

  const at = (key: string) => {
    checkKey(key);
    return { Bucket, Key: config.prefix + key };
  };
  const limit = (signal: AbortSignal | undefined, bytes = 0) => {
    const deadline = AbortSignal.timeout(Math.ceil(Math.max(deadlineMs, bytes / SLOWEST_BYTES_PER_MS)));
    return { abortSignal: signal ? AbortSignal.any([signal, deadline]) : deadline };
  };

  const write = async (
    key: string,
    content: Uint8Array,
    options: { readonly sha256: string; readonly contentType: string; readonly signal?: AbortSignal },
    refuse: boolean,
  ): Promise<"stored" | "taken"> => {
    try {
      await client.send(
        new PutObjectCommand({
          ...at(key),
          Body: content,
          ContentLength: content.byteLength,
          ContentType: options.contentType,
          ChecksumSHA256: Buffer.from(options.sha256, "hex").toString("base64"),
          ...(refuse && { IfNoneMatch: "*" }),
          ...(config.sse && { ServerSideEncryption: config.sse }),
          ...(config.kmsKeyId !== undefined && { SSEKMSKeyId: config.kmsKeyId }),
        }),
        limit(options.signal, content.byteLength),
      );
      return "stored";
    } catch (thrown) {
      if (refuse && isStatus(thrown, 412)) return "taken";
      throw thrown;
    }
  };

  /** Writes one small object twice. A store that accepts the second ignores the condition, or does not know it. */
  const learn = async (signal: AbortSignal | undefined): Promise<boolean> => {
    const key = `probe/${crypto.randomUUID()}`;
    const content = new TextEncoder().encode(key);
    const options = { sha256: sha256Hex(content), contentType: "text/plain", ...(signal && { signal }) };
    try {
      await write(key, content, options, true);
      const refuses = (await write(key, content, options, true)) === "taken";
      if (!refuses) log.error("store.overwrites", { bucket: Bucket });
      return refuses;
    } catch (thrown) {
      if (!isStatus(thrown, 501)) throw thrown;
      log.error("store.no_conditional_writes", { bucket: Bucket });
      return false;
    } finally {
      await client.send(new DeleteObjectCommand(at(key)), limit(signal)).catch((cause: unknown) => {
        log.warn("store.probe_left_behind", { key, cause });
      });
    }
  };

  const fetch = async (key: string, { range, signal }: Options, deadline: boolean): Promise<GetObjectCommandOutput> => {
    const command = new GetObjectCommand({ ...at(key), ...(range && { Range: `bytes=${range.start}-${range.end}` }) });
    try {
      return await client.send(command, deadline ? limit(signal) : signal ? { abortSignal: signal } : {});
    } catch (thrown) {
      if (isMissing(thrown)) throw new StoreMissing(`${key} is not in the store`, { cause: thrown });
      throw thrown;
    }
  };

  const sameContent = async (key: string, bytes: number, sha256: string, signal?: AbortSignal): Promise<boolean> => {
    const head = await client.send(new HeadObjectCommand({ ...at(key), ChecksumMode: "ENABLED" }), limit(signal));
    if (head.ContentLength !== bytes) return false;
    if (head.ChecksumSHA256) return Buffer.from(head.ChecksumSHA256, "base64").toString("hex") === sha256;
    return sha256Hex(await store.get(key, signal ? { signal } : {})) === sha256;
  };

  const store: Omit<Store, "probe"> = {
    async put(key, content, options) {
      conditional ??= await learn(options.signal);
      if (conditional) {
        if ((await write(key, content, options, true)) === "stored") return "stored";
      } else if (!(await store.head(key))) {
        await write(key, content, options, false);
        return "stored";
      }
      if (await sameContent(key, content.byteLength, options.sha256, options.signal)) return "exists";
      throw new StoreConflict(`Another content lies under ${key}`);
    },

    async get(key, options = {}) {
      try {
        const { Body } = await fetch(key, options, true);
        return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
      } catch (thrown) {
        if (isStatus(thrown, 416)) return new Uint8Array(0);
        throw thrown;
      }
    },

    async stream(key, options = {}) {
      // No deadline: a listener may take an hour over it. The caller's signal ends it.
      const { Body } = await fetch(key, options, false);
      return Body?.transformToWebStream() ?? new Blob([]).stream();
    },

    async head(key) {
      try {
        const head = await client.send(new HeadObjectCommand(at(key)), limit(undefined));
        return { key, bytes: head.ContentLength ?? 0 };
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    },

    async *list(prefix) {
      checkPrefix(prefix);
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket,
            Prefix: config.prefix + prefix,
            ...(token !== undefined && { ContinuationToken: token }),
          }),
          limit(undefined),
        );
        for (const { Key, Size } of page.Contents ?? []) {
          if (Key !== undefined) yield { key: Key.slice(config.prefix.length), bytes: Size ?? 0 };
        }
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },

    async delete(key) {
      await client.send(new DeleteObjectCommand(at(key)), limit(undefined));
    },
  };
  return {
    ...store,
    async probe() {
      // What was learnt may have changed with the server's version or settings.
      conditional = await learn(undefined);
      await probeStore(store, `bucket ${Bucket}`);
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

const isStatus = (thrown: unknown, status: number): boolean =>
  thrown instanceof S3ServiceException && thrown.$metadata.httpStatusCode === status;

/** A bucket that is not there is a fault, not a missing object. */
const isMissing = (thrown: unknown): boolean =>
  isStatus(thrown, 404) && thrown instanceof S3ServiceException && thrown.name !== "NoSuchBucket";

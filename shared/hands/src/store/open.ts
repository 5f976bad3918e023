import { z } from "zod";
import { inAnyCase } from "../config.ts";
import type { Log } from "../log.ts";
import { createDiskStore } from "./disk.ts";
import { createS3Store, type S3Config } from "./s3.ts";
import type { Store } from "./store.ts";

export type StoreConfig =
  | { readonly kind: "disk"; readonly root: string }
  | { readonly kind: "s3"; readonly s3: S3Config };

const yes = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

/** The store's part of a service's environment: `z.object({ … }).and(storeEnv)` gives a config with a `store`. */
export const storeEnv = z
  .object({
    STORE: z.enum(["disk", "s3"]).optional(),
    STORE_DIR: z.string().optional(),
    DATA_DIR: z.string().optional(),
    S3_BUCKET: z.string().min(3, "must have at least 3 characters").optional(),
    S3_REGION: z.string().default("us-east-1"),
    S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    S3_ACCESS_KEY_ID: z.string().optional(),
    S3_SECRET_ACCESS_KEY: z.string().optional(),
    S3_FORCE_PATH_STYLE: yes.optional(),
    S3_SSE: z.enum(["AES256", "aws:kms"]).optional(),
    S3_SSE_KMS_KEY_ID: z.string().optional(),
    S3_PREFIX: z
      .string()
      .regex(/^[A-Za-z0-9_-][A-Za-z0-9._/-]*$/, "must look like a folder")
      .optional(),
  })
  .refine((env) => kindOf(env) !== "disk" || (env.STORE_DIR ?? env.DATA_DIR) !== undefined, {
    ...inAnyCase,
    path: ["STORE_DIR"],
    error: "is needed (or DATA_DIR)",
  })
  .refine((env) => kindOf(env) !== "s3" || env.S3_BUCKET !== undefined, {
    ...inAnyCase,
    path: ["S3_BUCKET"],
    error: "is needed with STORE=s3",
  })
  .refine(
    (env) => kindOf(env) !== "s3" || (env.S3_ACCESS_KEY_ID === undefined) === (env.S3_SECRET_ACCESS_KEY === undefined),
    { ...inAnyCase, path: ["S3_SECRET_ACCESS_KEY"], error: "and S3_ACCESS_KEY_ID belong together" },
  )
  .transform((env): { readonly store: StoreConfig } => {
    if (kindOf(env) === "disk") return { store: { kind: "disk", root: env.STORE_DIR ?? `${env.DATA_DIR}/store` } };
    const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, S3_PREFIX: prefix } = env;
    return {
      store: {
        kind: "s3",
        s3: {
          bucket: env.S3_BUCKET ?? "", // It is there: seen above.
          region: env.S3_REGION,
          endpoint: env.S3_ENDPOINT,
          // Without keys the SDK looks where the platform keeps them: instance role, files.
          credentials:
            accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey } : undefined,
          // Names of buckets resolve as hosts at AWS, and hardly anywhere else.
          forcePathStyle: env.S3_FORCE_PATH_STYLE ?? env.S3_ENDPOINT !== undefined,
          sse: env.S3_SSE,
          kmsKeyId: env.S3_SSE_KMS_KEY_ID,
          prefix: prefix === undefined ? "" : `${prefix.replace(/\/+$/, "")}/`,
        },
      },
    };
  });

function kindOf(env: { readonly STORE?: string | undefined; readonly S3_BUCKET?: string | undefined }) {
  return env.STORE ?? (env.S3_BUCKET === undefined ? "disk" : "s3");
}

/** The configured store. Nothing is asked of it yet: `probe` does. */
export async function openStore(config: StoreConfig, log: Log): Promise<Store> {
  return config.kind === "disk" ? await createDiskStore({ root: config.root }) : createS3Store(config.s3, log);
}

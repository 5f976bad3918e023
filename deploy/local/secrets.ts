import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { keptSecret } from "@verbatim/hands/files/kept-secret";

/** Made by the first start where the environment has none. */
export const generated = ["SERVICE_SECRET", "TICKET_SECRET", "LINK_SECRET", "AUTH_SECRET"] as const;

/** No letter or digit that reads like another. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The environment's secrets, or those that the first start made and kept in `{dataDir}/secrets`. */
export async function secrets(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<(typeof generated)[number] | "SETUP_CODE", string>> {
  const kept = async (name: string, make?: () => string) => env[name] || keptSecret(fileOf(dataDir, name), make);
  const [SERVICE_SECRET, TICKET_SECRET, LINK_SECRET, AUTH_SECRET, SETUP_CODE] = await Promise.all([
    ...generated.map((name) => kept(name)),
    kept("SETUP_CODE", typedCode),
  ]);
  return { SERVICE_SECRET, TICKET_SECRET, LINK_SECRET, AUTH_SECRET, SETUP_CODE } as Record<
    (typeof generated)[number] | "SETUP_CODE",
    string
  >;
}

/** Whether every secret is there, so that none has to be made. */
export function hasSecrets(dataDir: string, env: Readonly<Record<string, string | undefined>>): boolean {
  return generated.every((name) => env[name] || existsSync(fileOf(dataDir, name)));
}

function fileOf(dataDir: string, name: string): string {
  return path.join(dataDir, "secrets", name.toLowerCase().replaceAll("_", "-"));
}

/** What a person types once, to prove that the terminal is theirs: 59 bits. */
function typedCode(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return [group(), group(), group()].join("-");
}

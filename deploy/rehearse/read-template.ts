import { readFile } from "node:fs/promises";
import { Template } from "@verbatim/shared/plan/template";

/** The plan of a talk in a JSON file, exactly as an interview keeps it. Throws a sentence that names what is wrong with it. */
export async function readTemplate(file: string): Promise<Template> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(`--template ${file}: cannot be read.`, { cause });
  });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new Error(`--template ${file}: is not JSON.`, { cause });
  }
  const parsed = Template.safeParse(raw);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the file"} ${message}`);
  throw new Error(`--template ${file}: ${wrong.join("; ")}.`);
}

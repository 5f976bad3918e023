import { useEffect, useState } from "react";
import { type Code, fetchCode } from "./fetch-code.ts";

/**
 * A part of the program that is fetched by itself. Not React's `lazy`: that asks only once, and always suspends, and
 * what has shown a fallback is held back for 300 ms, also when the code has long arrived. Of 640 ms from Join to the
 * other's first sound that were 300.
 */
export function useCode<T>(load: (() => Promise<T>) | undefined): Code<T> {
  const [code, setCode] = useState<Code<T>>({ missed: false });
  useEffect(() => load && fetchCode(load, setCode), [load]);
  return code;
}

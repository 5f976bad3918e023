import { useEffect, useState } from "react";

type Code<T> = { readonly here: T } | { readonly failed: unknown };

/**
 * A part of the program that is fetched by itself; undefined until it is here, thrown when it cannot be had. Not
 * React's `lazy`: that always suspends once, and what has shown a fallback is held back for 300 ms, also when the code
 * has long arrived. Of 640 ms from Join to the other's first sound that were 300.
 */
export function useCode<T>(load: (() => Promise<T>) | undefined): T | undefined {
  const [code, setCode] = useState<Code<T>>();
  useEffect(() => {
    let wanted = true;
    load?.().then(
      (here) => wanted && setCode({ here }),
      (failed: unknown) => wanted && setCode({ failed }),
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  if (code && "failed" in code) throw code.failed;
  return code?.here;
}

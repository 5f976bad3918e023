import { useEffect, useRef, useState } from "react";

/** Makes a thing when the component arrives and disposes it when it goes; undefined for the first moment. */
export function useOwned<T extends { readonly dispose: () => void }>(make: () => T): T | undefined {
  const [owned, setOwned] = useState<T>();
  const maker = useRef(make);
  useEffect(() => {
    const made = maker.current();
    setOwned(made);
    return () => made.dispose();
  }, []);
  return owned;
}
